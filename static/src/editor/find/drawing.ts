/** Matches drawn over the text by the browser (CSS Custom Highlight API): the document and its nodes are not touched. */

import type { EditorView } from "@tiptap/pm/view";
import type { Passage } from "./passages";

const ALL = "found";
const CURRENT = "found-current";

/** More are counted, but not drawn. */
const MOST_DRAWN = 4000;

/** An older browser shows the current match as the selection only. */
const isKnown = () => "highlights" in CSS;

export function rangeOf(view: EditorView, { from, to }: Pick<Passage, "from" | "to">): Range | null {
  if (to > view.state.doc.content.size) return null;
  const [start, end] = [view.domAtPos(from, 1), view.domAtPos(to, -1)];
  const range = document.createRange();
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}

export function drawAll(view: EditorView, passages: readonly Passage[]): void {
  if (!isKnown()) return;
  const ranges = passages.slice(0, MOST_DRAWN).map((passage) => rangeOf(view, passage));
  CSS.highlights.set(ALL, new Highlight(...ranges.filter((range) => range !== null)));
}

export function drawCurrent(range: Range | null): void {
  if (!isKnown()) return;
  const highlight = new Highlight(...(range ? [range] : []));
  highlight.priority = 1;
  CSS.highlights.set(CURRENT, highlight);
}

export function drawNone(): void {
  if (!isKnown()) return;
  CSS.highlights.delete(ALL);
  CSS.highlights.delete(CURRENT);
}
