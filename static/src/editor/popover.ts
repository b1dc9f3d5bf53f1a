/** A small box at a place in the text: shown below the selection, or above it, within the page. */

import type { EditorView } from "@tiptap/pm/view";

const GAP = 8;

/** `box` must be a child of a positioned element. */
export function placeAt(box: HTMLElement, view: EditorView, side: "above" | "below"): void {
  const { from, to } = view.state.selection;
  const start = view.coordsAtPos(from);
  const end = view.coordsAtPos(to);
  box.hidden = false;
  const frame = (box.offsetParent ?? document.body).getBoundingClientRect();
  const isAbove = side === "above" && start.top - box.offsetHeight - GAP > 0;
  const top = isAbove ? start.top - box.offsetHeight - GAP : end.bottom + GAP;
  const middle = start.top === end.top ? (start.left + end.right) / 2 : start.left;
  const rightmost = Math.min(frame.width, innerWidth - frame.left) - box.offsetWidth - GAP;
  const left = Math.max(GAP, Math.min(middle - frame.left - box.offsetWidth / 2, rightmost));
  box.style.left = `${left}px`;
  box.style.top = `${top - frame.top}px`;
}
