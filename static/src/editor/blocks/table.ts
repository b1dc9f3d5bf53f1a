/**
 * A table in the editor: it may be wider than the page, and its columns can be made wider or narrower without a pointer.
 * Dragging the line between two columns (prosemirror-tables) writes the same attributes.
 */

import type { Editor } from "@tiptap/core";
import { TableView } from "@tiptap/extension-table";
import type { Node } from "@tiptap/pm/model";
import { selectedRect, TableMap } from "@tiptap/pm/tables";
import type { EditorView } from "@tiptap/pm/view";

/** Pixels. */
const NARROWEST = 40;
const WIDEST = 2000;

export class ReachableTable extends TableView {
  constructor(node: Node, cellMinWidth: number, view: EditorView, attributes?: Record<string, unknown>) {
    super(node, cellMinWidth, view, attributes);
    // Who cannot write has no caret to move, and scrolls it by keys all the same.
    if (!view.editable) this.dom.tabIndex = 0;
  }
}

/** Makes the columns that the selection stands in wider by so many pixels, or narrower. */
export function widenColumns(editor: Editor, by: number): boolean {
  const { state, view } = editor;
  const { table, tableStart, left, right } = selectedRect(state);
  const { tr } = state;
  for (let column = left; column < right; column += 1) {
    const width = Math.min(Math.max(widthOf(view, table, tableStart, column) + by, NARROWEST), WIDEST);
    for (const { at, node, index } of cellsOf(table, column)) {
      const { colspan, colwidth } = tr.doc.nodeAt(tableStart + at)?.attrs ?? node.attrs;
      const widths = (colwidth as number[] | null)?.slice() ?? new Array<number>(colspan).fill(0);
      widths[index] = width;
      tr.setNodeAttribute(tableStart + at, "colwidth", widths);
    }
  }
  view.dispatch(tr);
  return editor.commands.focus();
}

interface Cell {
  readonly at: number;
  readonly node: Node;
  /** Which of the cell's columns it is. */
  readonly index: number;
}

/** The cells that have a part in a column, each once. */
function cellsOf(table: Node, column: number): Cell[] {
  const map = TableMap.get(table);
  const places = Array.from({ length: map.height }, (_, row) => map.map[row * map.width + column] ?? 0);
  return [...new Set(places)].flatMap((at) => {
    const node = table.nodeAt(at);
    return node ? [{ at, node, index: column - map.colCount(at) }] : [];
  });
}

/** As it is kept; else as it is on the screen, as a share of the narrowest cell that is there. */
function widthOf(view: EditorView, table: Node, start: number, column: number): number {
  const widths = cellsOf(table, column).map(({ at, node, index }) => {
    const kept = (node.attrs.colwidth as number[] | null)?.[index];
    const shown = view.nodeDOM(start + at);
    return kept || (shown instanceof HTMLElement ? shown.offsetWidth / node.attrs.colspan : NARROWEST);
  });
  return Math.round(Math.min(...widths));
}
