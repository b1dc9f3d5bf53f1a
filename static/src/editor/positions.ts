/** Where something is in the shared document, independent of what others type meanwhile, and where that is in this view. */

import type { EditorState } from "@tiptap/pm/state";
import * as Y from "yjs";
import { boundIn } from "./binding/binding";
import { placeAt, positionAt } from "./binding/places";

/** A Yjs relative position, as JSON. */
export type Place = object;

/** Null while the view is not bound to its document yet. */
export function placeOf(state: EditorState, position: number): Place | null {
  const bound = boundIn(state);
  const place = bound && placeAt(bound, state.doc.resolve(position));
  return place && Y.relativePositionToJSON(place);
}

/** Null when the place is gone, or what claims to be one is none. */
export function positionOf(state: EditorState, place: unknown): number | null {
  const bound = boundIn(state);
  if (!bound || typeof place !== "object" || place === null) return null;
  try {
    const position = positionAt(bound, state.doc, Y.createRelativePositionFromJSON(place));
    return position === null ? null : Math.min(position, state.doc.content.size);
  } catch {
    return null; // somebody else's browser wrote it: it may be anything
  }
}
