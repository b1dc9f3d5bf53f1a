/** A small box at a place in the text: shown below the selection, or above it, within the page. */

import { NodeSelection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { readsFromRight } from "../ui/reading";

const GAP = 8;

/**
 * `box` must be a child of a positioned element. Where there is no room it takes the other side. It stands in the middle of
 * the selection, or begins where that does.
 */
export function placeAt(
  box: HTMLElement,
  view: EditorView,
  side: "above" | "below",
  at: "middle" | "start" = "middle",
) {
  const { start, end } = edges(view);
  box.hidden = false;
  const frame = (box.offsetParent ?? document.body).getBoundingClientRect();
  const hasRoomAbove = start.top - box.offsetHeight - GAP > 0;
  const hasRoomBelow = end.bottom + box.offsetHeight + GAP < innerHeight;
  const isAbove = hasRoomAbove && (side === "above" || !hasRoomBelow);
  const top = isAbove ? start.top - box.offsetHeight - GAP : end.bottom + GAP;
  const middle = start.top === end.top ? (start.left + end.right) / 2 : start.left;
  const rightmost = Math.min(frame.width, innerWidth - frame.left) - box.offsetWidth - GAP;
  const first = readsFromRight(view.dom) ? start.right + 2 * GAP - box.offsetWidth : start.left - 2 * GAP;
  const wanted = at === "start" ? first : middle - box.offsetWidth / 2;
  const left = Math.max(GAP, Math.min(wanted - frame.left, rightmost));
  box.style.left = `${left}px`;
  box.style.top = `${top - frame.top}px`;
}

interface Edge {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where the selection begins and ends on the screen; a selected node is a box. */
function edges(view: EditorView): { start: Edge; end: Edge } {
  const { selection } = view.state;
  const node = selection instanceof NodeSelection ? view.nodeDOM(selection.from) : null;
  if (node instanceof Element) {
    const box = node.getBoundingClientRect();
    return { start: box, end: box };
  }
  return { start: view.coordsAtPos(selection.from), end: view.coordsAtPos(selection.to) };
}
