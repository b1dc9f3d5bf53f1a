/** Where something is in the shared document, independent of what others type meanwhile, and where that is in this view. */

import type { Node } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from "@tiptap/y-tiptap";
import * as Y from "yjs";

/** A Yjs relative position, as JSON. */
export type Place = object;

type Mapping = Map<object, Node | Node[]>;
type Shared = Y.XmlText | Y.XmlElement | Y.XmlFragment;

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
    const position =
      quickly(Y.createAbsolutePositionFromRelativePosition(relative, doc), state.doc, type, binding.mapping) ??
      relativePositionToAbsolutePosition(doc, type, relative, binding.mapping);
    return position === null ? null : Math.min(position, state.doc.content.size);
  } catch {
    return null; // somebody else's browser wrote it: it may be anything
  }
}

/**
 * The position, without a walk through all that stands before it; null for what is not within a block of text. Where a
 * child stands is found out once for each node, for nodes never change.
 */
function quickly(found: Y.AbsolutePosition | null, top: Node, root: Y.XmlFragment, mapping: Mapping): number | null {
  const way = found && wayTo(found.type as Shared, root);
  if (!found || !way) return null;
  let [position, node] = [0, top];
  for (const element of way) {
    const child = mapping.get(element);
    const offset = child && offsetsIn(node).get(child as Node);
    if (offset === undefined) return null;
    position += offset + 1;
    node = child as Node;
  }
  if (!(found.type instanceof Y.XmlText)) return node.childCount === 0 ? position : null;
  const before = sizeBefore(found.type, mapping);
  return before === null ? null : position + before + found.index;
}

/** The elements around, from the outermost; null when it is deleted. */
function wayTo(type: Shared, root: Y.XmlFragment): Y.XmlElement[] | null {
  const way: Y.XmlElement[] = [];
  for (let at = type; at !== root; at = at._item.parent as Shared) {
    if (!at._item || at._item.deleted) return null;
    if (at instanceof Y.XmlElement) way.unshift(at);
  }
  return way;
}

/** What stands before a text in its block. */
function sizeBefore(text: Y.XmlText, mapping: Mapping): number | null {
  let size = 0;
  for (let item = text._item?.left ?? null; item; item = item.left) {
    if (item.deleted || !(item.content instanceof Y.ContentType)) continue;
    const { type } = item.content;
    const node = mapping.get(type);
    if (type instanceof Y.XmlText) size += type.length;
    else if (!node || Array.isArray(node)) return null;
    else size += node.nodeSize;
  }
  return size;
}

const known = new WeakMap<Node, Map<Node, number>>();

/** Where each child begins; one that stands there twice is in none. */
function offsetsIn(parent: Node): Map<Node, number> {
  let offsets = known.get(parent);
  if (!offsets) {
    offsets = new Map();
    const twice: Node[] = [];
    const made = offsets;
    parent.forEach((child, offset) => {
      if (made.has(child)) twice.push(child);
      made.set(child, offset);
    });
    for (const child of twice) offsets.delete(child);
    known.set(parent, offsets);
  }
  return offsets;
}
