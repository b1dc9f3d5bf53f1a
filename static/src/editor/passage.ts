/** A passage that is shown as marked while the focus, and with it the browser's selection, is in a form about it. */

import type { EditorView } from "@tiptap/pm/view";

const PENDING = "pending-passage";

/** Null when the selection is empty. */
export function selectedRange(view: EditorView): Range | null {
  const { from, to, empty } = view.state.selection;
  if (empty) return null;
  const range = document.createRange();
  const [start, end] = [view.domAtPos(from), view.domAtPos(to)];
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}

/** Null marks nothing any more. The editor's DOM is not touched: it would take that for typing. */
export function pend(range: Range | null): void {
  if (!("highlights" in CSS)) return; // an older browser shows the form only
  document.body.classList.toggle("has-passage", range !== null);
  if (range) CSS.highlights.set(PENDING, new Highlight(range));
  else CSS.highlights.delete(PENDING);
}
