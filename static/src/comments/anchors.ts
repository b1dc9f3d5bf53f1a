/**
 * Where a comment shall lie, in words that the server understands (docs_app/content/anchors.py): the path of child
 * indexes from the root to a textblock, an offset in it in UTF-16 units (every inline node counts as 1), and the text
 * between the two ends, by which the server notices that something has moved.
 */

import type { Node, ResolvedPos } from "@tiptap/pm/model";
import { isInsidePair } from "../editor/guard";

export interface Anchor {
  readonly from_path: string;
  readonly from_offset: string;
  readonly to_path: string;
  readonly to_offset: string;
  readonly quote: string;
}

/** Between blocks the quote has a line feed, for an inline node as well. */
const BREAK = "\n";

/** The anchor of a selection, null when it holds no text. It is drawn in to text at both ends and to whole characters. */
export function anchorOf(doc: Node, from: number, to: number): Anchor | null {
  const range = textRange(doc, from, to);
  if (!range) return null;
  const [start, end] = range.map((position) => doc.resolve(position)) as [ResolvedPos, ResolvedPos];
  const quote = doc.textBetween(start.pos, end.pos, BREAK, BREAK);
  if (!quote.trim()) return null;
  return {
    from_path: pathOf(start),
    from_offset: String(start.parentOffset),
    to_path: pathOf(end),
    to_offset: String(end.parentOffset),
    quote,
  };
}

/** From the first to the last character of text between two positions. */
function textRange(doc: Node, from: number, to: number): [number, number] | null {
  let start = -1;
  let end = -1;
  doc.nodesBetween(from, to, (node, position) => {
    if (!node.isText) return;
    if (start < 0) start = Math.max(from, position);
    end = Math.min(to, position + node.nodeSize);
  });
  if (start < 0 || start >= end) return null;
  return [isInsidePair(doc, start) ? start - 1 : start, isInsidePair(doc, end) ? end + 1 : end];
}

function pathOf(position: ResolvedPos): string {
  return Array.from({ length: position.depth }, (_, depth) => position.index(depth)).join(".");
}
