/**
 * The handle in the margin beside the block under the pointer: drag it to move the block, press it for what else can be
 * done with it. Keys, the toolbar and the list of commands do the same without a pointer.
 */

import { type Editor, Extension } from "@tiptap/core";
import { NodeSelection, Plugin, Selection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { readsFromRight } from "../ui/reading";
import { t } from "../words";
import { BlockDrag } from "./block_drag";
import { icon } from "./icons";
import { Later } from "./later";
import { MenuButton } from "./menu";
import { block } from "./tools";
import { isList, type Unit, unitsAround } from "./units";

/** Pixels that the handle stands off the block. */
const OFF = 30;

/** The block at a point of the screen; of boxes the whole, of lists the item, in columns what is in the column. */
export function unitAt(view: EditorView, x: number, y: number): Unit | null {
  const { left, right } = view.dom.getBoundingClientRect();
  const found = view.posAtCoords({ left: Math.max(left + 1, Math.min(x, right - 1)), top: y });
  if (!found) return null;
  const at = view.state.doc.resolve(found.inside >= 0 ? Math.max(found.pos, found.inside) : found.pos);
  const selection = at.depth > 0 ? Selection.near(at) : selectionOfBlock(view, found.inside, found.pos);
  const units = unitsAround(selection);
  return units.find(({ home }) => home.type.name === "doc" || home.type.name === "column" || isList(home)) ?? null;
}

function selectionOfBlock(view: EditorView, inside: number, position: number): Selection {
  const { doc } = view.state;
  const start = inside >= 0 ? inside : position;
  const node = doc.nodeAt(start);
  return node && NodeSelection.isSelectable(node)
    ? NodeSelection.create(doc, start)
    : Selection.near(doc.resolve(start));
}

class Handle {
  readonly #view: EditorView;
  readonly #button: HTMLButtonElement;
  readonly #drag: BlockDrag;
  readonly #stop = new AbortController();
  #unit: Unit | null = null;
  /** Where the pointer was last in the text, and how far that was scrolled. */
  #pointer = { x: 0, y: 0, scrolled: 0 };
  readonly #settled = new Later(() => this.#later());
  #frame = 0;

  constructor(editor: Editor, view: EditorView) {
    this.#view = view;
    const place = view.dom.parentElement ?? document.body;
    const page = view.dom.closest<HTMLElement>("#document-page") ?? document.body;
    const { button } = new MenuButton(block, editor, page);
    this.#button = button;
    button.className = "block-handle";
    button.title = t("Drag to move, press for more");
    button.tabIndex = -1;
    button.hidden = true;
    button.replaceChildren(icon("grip"));
    this.#drag = new BlockDrag(view, place);
    place.append(button, this.#drag.line);
    const { signal } = this.#stop;
    const area = view.dom.closest<HTMLElement>(".sheet") ?? place;
    area.addEventListener("pointermove", (event) => this.#look(event), { signal, passive: true });
    area.addEventListener("pointerleave", () => this.#leave(), { signal });
    button.addEventListener("pointerdown", (event) => this.#begin(event), { signal });
    // Before the menu hears of it: it is about what is selected.
    button.addEventListener("click", (event) => this.#pressed(event), { signal, capture: true });
  }

  /** A while after a change the block may be another one, or elsewhere; nothing is done while no handle is shown. */
  update(view: EditorView, before: { doc: unknown }): void {
    if (before.doc !== view.state.doc && this.#unit) this.#settled.ask();
  }

  destroy(): void {
    this.#stop.abort();
    this.#settled.drop();
    cancelAnimationFrame(this.#frame);
    this.#button.remove();
    this.#drag.line.remove();
  }

  #look({ clientX, clientY, pointerType, target }: PointerEvent): void {
    if (pointerType === "touch" || this.#frame || this.#drag.isOn || target === this.#button) return;
    if (this.#button.getAttribute("aria-expanded") === "true") return;
    // A browser also tells of a pointer that rests, whenever something is painted: with each key of anybody.
    const { x, y, scrolled } = this.#pointer;
    if (clientX === x && clientY === y && scrollY === scrolled) return;
    this.#pointer = { x: clientX, y: clientY, scrolled: scrollY };
    this.#later();
  }

  #leave(): void {
    this.#pointer = { x: -1, y: -1, scrolled: 0 };
    this.#point(null);
  }

  #later(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#view.isDestroyed && !this.#drag.isOn) this.#point(this.#here());
    });
  }

  #here(): Unit | null {
    const { x, y } = this.#pointer;
    return this.#view.editable ? unitAt(this.#view, x, y) : null;
  }

  #begin(event: PointerEvent): void {
    this.#unit = this.#here();
    if (this.#unit) this.#drag.begin(event, this.#unit);
  }

  #point(unit: Unit | null): void {
    this.#unit = unit;
    const shown = unit && this.#view.nodeDOM(unit.from);
    this.#button.hidden = !(shown instanceof HTMLElement);
    if (!unit || !(shown instanceof HTMLElement)) return;
    const frame = this.#view.dom.parentElement?.getBoundingClientRect() ?? new DOMRect();
    const box = shown.getBoundingClientRect();
    // Markers and a table's own grips lie there too.
    const indent = isList(unit.home) ? 26 : shown.matches(".tableWrapper") ? 18 : 0;
    const line = Math.min(Number.parseFloat(getComputedStyle(shown).lineHeight) || 28, box.height);
    const off = OFF + indent;
    const left = readsFromRight(this.#view.dom) ? box.right + off - this.#button.offsetWidth : box.left - off;
    this.#button.style.left = `${left - frame.left}px`;
    this.#button.style.top = `${box.top - frame.top + line / 2 - 14}px`;
  }

  /** What is selected in the block stays so; else all of it is, or its beginning. */
  #pressed(event: Event): void {
    if (this.#drag.takeClick()) event.stopImmediatePropagation();
    else if (this.#unit) {
      const { state } = this.#view;
      const { from, to } = this.#unit;
      if (state.selection.from >= from && state.selection.to <= to) return;
      const node = state.doc.nodeAt(from);
      const selection = node?.isAtom
        ? NodeSelection.create(state.doc, from)
        : Selection.near(state.doc.resolve(from + 1));
      this.#view.dispatch(state.tr.setSelection(selection));
    }
  }
}

export const blockHandle = Extension.create({
  name: "blockHandle",

  addProseMirrorPlugins() {
    const { editor } = this;
    return [new Plugin({ view: (view) => new Handle(editor, view) })];
  },
});
