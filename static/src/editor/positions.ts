/** Where something is in the shared document, independent of what others type meanwhile, and where that is in this view. */

import type { EditorState } from "@tiptap/pm/state";
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from "@tiptap/y-tiptap";
import * as Y from "yjs";

/** A Yjs relative position, as JSON. */
export type Place = object;

/** Null while the view is not bound to its document yet. */
export function placeOf(state: EditorState, position: number): Place | null {
  const { type, binding } = ySyncPluginKey.getState(state) ?? {};
  if (!binding || binding.mapping.size === 0) return null;
  return Y.relativePositionToJSON(absolutePositionToRelativePosition(position, type, binding.mapping));
}

/** Null when the place is gone, or what claims to be one is none. */
export function positionOf(state: EditorState, place: unknown): number | null {
  const { doc, type, binding } = ySyncPluginKey.getState(state) ?? {};
  if (!binding || typeof place !== "object" || place === null) return null;
  try {
    const relative = Y.createRelativePositionFromJSON(place);
    const position = relativePositionToAbsolutePosition(doc, type, relative, binding.mapping);
    return position === null ? null : Math.min(position, state.doc.content.size);
  } catch {
    return null; // somebody else's browser wrote it: it may be anything
  }
}
