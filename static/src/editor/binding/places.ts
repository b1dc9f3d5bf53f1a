/** Places in the shared document, independent of what others write meanwhile, and positions in the editor's. */

import type { Node, ResolvedPos } from "@tiptap/pm/model";
import { absolutePositionToRelativePosition } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import type { Bound } from "./incoming";
import { type Holder, sizeBefore } from "./known";

export type Place = Y.RelativePosition;

/** The place holds on to what is before it. */
export function placeAt({ root, known }: Bound, at: ResolvedPos): Place | null {
  const element = at.parent.isTextblock ? known.elementOf(at.parent) : undefined;
  if (element) return placeIn(element, at);
  // Between blocks, or where somebody else's plugin has changed the block and nobody has been told yet.
  const mapping = known as unknown as Parameters<typeof absolutePositionToRelativePosition>[2];
  try {
    return absolutePositionToRelativePosition(at.pos, root, mapping) as Place;
  } catch {
    return null;
  }
}

function placeIn(element: Y.XmlElement, { parent, parentOffset }: ResolvedPos): Place | null {
  let offset = parentOffset;
  let inline = 0;
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) {
      if (offset <= child.length) return Y.createRelativePositionFromTypeIndex(child, offset, -1);
      offset -= child.length;
    } else {
      const node = nthInline(parent, inline);
      if (!node || offset < node.nodeSize) return beforeOf(element, child as Y.XmlElement);
      offset -= node.nodeSize;
      inline += 1;
    }
  }
  return element._item && new Y.RelativePosition(element._item.id, null, null);
}

function nthInline(parent: Node, index: number): Node | undefined {
  return parent.content.content.filter((child) => !child.isText)[index];
}

function beforeOf(parent: Y.XmlElement, child: Y.XmlElement): Place | null {
  return parent._item && new Y.RelativePosition(parent._item.id, null, child._item?.id ?? null);
}

/** Null when the place is not in what the editor shows. */
export function positionAt({ root, known }: Bound, doc: Node, place: Place): number | null {
  const found = root.doc && Y.createAbsolutePositionFromRelativePosition(place, root.doc);
  if (!found) return null;
  const { type, index } = found;
  const holder = (type instanceof Y.XmlText ? type.parent : type) as Holder;
  const start = startOf({ root, known }, holder, doc);
  if (start === null) return null;
  const within = doc.resolve(start).parent;
  if (type instanceof Y.XmlText) return start + sizeOfChildren(holder, within, type) + index;
  return start + sizeOfChildren(holder, within, holder.toArray()[index] ?? null);
}

function startOf({ root, known }: Bound, holder: Holder, doc: Node): number | null {
  if (holder === root) return 0;
  const position = holder instanceof Y.XmlElement ? known.positionOf(holder, root, doc) : null;
  return position === null ? null : position + 1;
}

/** Of the children of a holder before one of them, or of all. */
function sizeOfChildren(holder: Holder, node: Node, before: object | null): number {
  const children = holder.toArray();
  const end = before === null ? children.length : children.indexOf(before as (typeof children)[number]);
  if (!node.inlineContent) return sizeBefore(node, Math.min(end, node.childCount));
  const inline = node.content.content.filter((child) => !child.isText);
  let size = 0;
  for (const child of children.slice(0, end)) {
    size += child instanceof Y.XmlText ? child.length : (inline.shift()?.nodeSize ?? 0);
  }
  return size;
}
