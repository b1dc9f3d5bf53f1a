/**
 * Handles at the table under the pointer: a bar at its right and its foot adds a column or a row there, and a grip at each
 * row and column selects it, after which Delete takes it away. They are for the pointer; keys and the toolbar do the same.
 */

import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { addColumn, addRow, CellSelection, deleteColumn, deleteRow, TableMap } from "@tiptap/pm/tables";
import type { EditorView } from "@tiptap/pm/view";
import { button } from "../ui/element";
import { readsFromRight } from "../ui/reading";
import { t } from "../words";

/** A table in the document: where its content begins, and the cell that is pointed at, from there. */
interface Pointed {
  readonly table: HTMLTableElement;
  readonly cell: HTMLElement;
  readonly start: number;
  readonly at: number;
}

type Side = "row-end" | "column-end" | "row-grip" | "column-grip";

const LABELS: Record<Side, string> = {
  "row-end": t("Add a row"),
  "column-end": t("Add a column"),
  "row-grip": t("Select this row"),
  "column-grip": t("Select this column"),
};

class Handles {
  readonly #view: EditorView;
  readonly #buttons: Record<Side, HTMLButtonElement>;
  readonly #stop = new AbortController();
  #pointed: Pointed | null = null;
  #frame = 0;

  constructor(view: EditorView) {
    this.#view = view;
    this.#buttons = {
      "row-end": this.#button("row-end"),
      "column-end": this.#button("column-end"),
      "row-grip": this.#button("row-grip"),
      "column-grip": this.#button("column-grip"),
    };
    const place = view.dom.parentElement ?? document.body;
    place.append(...Object.values(this.#buttons));
    const { signal } = this.#stop;
    place.addEventListener("pointermove", (event) => this.#look(event), { signal, passive: true });
    place.addEventListener("pointerleave", () => this.#point(null), { signal });
    place.addEventListener("scroll", () => this.#point(null), { signal, capture: true, passive: true });
  }

  /** After any change the table may be another one, or elsewhere. */
  update(view: EditorView): void {
    if (this.#pointed && !view.dom.contains(this.#pointed.cell)) this.#point(null);
    else if (this.#pointed) this.#later(this.#pointed.cell);
  }

  destroy(): void {
    this.#stop.abort();
    cancelAnimationFrame(this.#frame);
    for (const handle of Object.values(this.#buttons)) handle.remove();
  }

  #button(side: Side): HTMLButtonElement {
    const attributes = {
      class: `table-handle is-${side}`,
      "aria-label": LABELS[side],
      title: LABELS[side],
      tabindex: "-1",
    };
    const handle = button("", { ...attributes, hidden: true }, () => this.#use(side));
    handle.addEventListener("mousedown", (event) => event.preventDefault());
    return handle;
  }

  #look({ target }: Event): void {
    if (!(target instanceof Element) || target.closest(".table-handle")) return;
    const cell = this.#view.editable ? target.closest<HTMLElement>("td, th") : null;
    if (cell) this.#later(cell);
    else this.#point(null);
  }

  #later(cell: HTMLElement): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#point(this.#find(cell)));
  }

  #find(cell: HTMLElement): Pointed | null {
    const table = cell.closest("table");
    if (!table || !this.#view.dom.contains(cell)) return null;
    const inside = this.#view.state.doc.resolve(this.#view.posAtDOM(cell, 0));
    for (let depth = inside.depth; depth > 0; depth -= 1) {
      if (inside.node(depth).type.spec.tableRole === "table") {
        const start = inside.start(depth);
        return { table, cell, start, at: inside.before(depth + 2) - start };
      }
    }
    return null;
  }

  #point(pointed: Pointed | null): void {
    this.#pointed = pointed;
    for (const handle of Object.values(this.#buttons)) handle.hidden = !pointed;
    if (!pointed) return;
    const frame = this.#view.dom.parentElement?.getBoundingClientRect() ?? new DOMRect();
    const table = pointed.table.getBoundingClientRect();
    const shown = pointed.table.parentElement?.getBoundingClientRect() ?? table;
    const [left, right] = [Math.max(table.left, shown.left), Math.min(table.right, shown.right)];
    const isTurned = readsFromRight(pointed.table);
    const cell = pointed.cell.getBoundingClientRect();
    const put = (side: Side, left: number, top: number, width: number, height: number) => {
      const { style } = this.#buttons[side];
      style.cssText = `left:${left - frame.left}px;top:${top - frame.top}px;width:${width}px;height:${height}px`;
    };
    put("row-end", left, table.bottom + 3, right - left, 16);
    put("column-end", isTurned ? left - 19 : right + 3, table.top, 16, table.height);
    put("row-grip", isTurned ? right + 3 : left - 15, cell.top, 12, cell.height);
    put("column-grip", cell.left, table.top - 15, cell.width, 12);
  }

  #use(side: Side): void {
    const { state, dispatch } = this.#view;
    const { start, at } = this.#pointed ?? { start: 0, at: -1 };
    const table = state.doc.resolve(start).parent;
    if (table.type.spec.tableRole !== "table") return;
    const map = TableMap.get(table);
    const { tr } = state;
    const rect = { ...map.findCell(at), tableStart: start, map, table };
    if (side === "row-end") dispatch(addRow(tr, rect, map.height));
    else if (side === "column-end") dispatch(addColumn(tr, rect, map.width));
    else {
      const cell = state.doc.resolve(start + at);
      const line = side === "row-grip" ? CellSelection.rowSelection(cell) : CellSelection.colSelection(cell);
      dispatch(tr.setSelection(line));
    }
    this.#view.focus();
  }
}

export const tableHandles = Extension.create({
  name: "tableHandles",
  // Delete is for whole rows and columns here before it empties cells.
  priority: 1100,

  addKeyboardShortcuts() {
    const remove = () => {
      const { state, view } = this.editor;
      const { selection } = state;
      if (!(selection instanceof CellSelection) || (selection.isRowSelection() && selection.isColSelection()))
        return false;
      if (selection.isRowSelection()) return deleteRow(state, view.dispatch);
      return selection.isColSelection() && deleteColumn(state, view.dispatch);
    };
    return { Backspace: remove, Delete: remove };
  },

  addProseMirrorPlugins() {
    return [new Plugin({ view: (view) => new Handles(view) })];
  },
});
