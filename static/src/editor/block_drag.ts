/** Dragging a block by its handle: a line shows where it would go, Esc leaves it where it is. */

import type { EditorView } from "@tiptap/pm/view";
import { element } from "../ui/element";
import { unitAt } from "./block_handle";
import { dropUnit, mayDrop } from "./block_moves";
import { type Place, placeOf, positionOf } from "./positions";
import { isAll, isList, type Unit, unitsAround } from "./units";

/** Pixels that the pointer moves before it is a drag and no press. */
const SLACK = 4;
/** Pixels from the edge of the screen within which the page scrolls, and how far each time. */
const EDGE = 70;
const SCROLL = 14;

interface Drop {
  readonly target: number;
  /** On the screen. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

export class BlockDrag {
  readonly line = element("div", { class: "drop-line", hidden: true });
  readonly #view: EditorView;
  readonly #place: HTMLElement;
  #unit: Unit | null = null;
  #doc: unknown = null;
  /** Its beginning in the shared document. */
  #anchor: Place | null = null;
  #start = { x: 0, y: 0 };
  #point = { x: 0, y: 0 };
  #drop: Drop | null = null;
  #isOn = false;
  #hasDragged = false;

  constructor(view: EditorView, place: HTMLElement) {
    this.#view = view;
    this.#place = place;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  begin(event: PointerEvent, unit: Unit): void {
    if (event.button !== 0) return;
    this.#unit = whole(this.#view, unit);
    this.#doc = this.#view.state.doc;
    this.#anchor = placeOf(this.#view.state, this.#unit.from);
    this.#start = { x: event.clientX, y: event.clientY };
    this.#hasDragged = false;
    const stop = new AbortController();
    const end = () => {
      stop.abort();
      this.#end();
    };
    const { signal } = stop;
    document.addEventListener("pointermove", (moved) => this.#moved(moved), { signal });
    document.addEventListener("pointerup", end, { signal });
    document.addEventListener("pointercancel", () => this.#forget(end), { signal });
    const leave = (key: KeyboardEvent) => {
      if (key.key !== "Escape") return;
      key.preventDefault();
      key.stopPropagation();
      this.#forget(end);
    };
    document.addEventListener("keydown", leave, { signal, capture: true });
  }

  /** Whether the click that comes now is the end of a drag. */
  takeClick(): boolean {
    const was = this.#hasDragged;
    this.#hasDragged = false;
    return was;
  }

  #moved({ clientX: x, clientY: y }: PointerEvent): void {
    if (!this.#isOn && Math.hypot(x - this.#start.x, y - this.#start.y) < SLACK) return;
    this.#isOn = true;
    this.#hasDragged = true;
    document.documentElement.classList.add("is-dragging");
    if (y < EDGE) scrollBy(0, -SCROLL);
    else if (y > innerHeight - EDGE) scrollBy(0, SCROLL);
    this.#point = { x, y };
    this.#aim();
  }

  #aim(): void {
    const { x, y } = this.#point;
    this.#follow();
    this.#drop = this.#unit && dropAt(this.#view, this.#unit, x, y);
    this.line.hidden = !this.#drop;
    if (!this.#drop) return;
    const frame = this.#place.getBoundingClientRect();
    const { left, top, width } = this.#drop;
    this.line.style.left = `${left - frame.left}px`;
    this.line.style.top = `${top - frame.top - 1}px`;
    this.line.style.width = `${width}px`;
  }

  /** Where the block is now, whatever others have done; if it is gone, the drag is over. */
  #follow(): void {
    const { state } = this.#view;
    if (!this.#unit || state.doc === this.#doc) return;
    const { first, last, home } = this.#unit;
    const from = positionOf(state, this.#anchor);
    const at = from === null ? null : state.doc.resolve(from);
    const index = at?.index() ?? 0;
    const end = index + last - first;
    const isThere = at?.nodeAfter?.type === home.child(first).type && end <= at.parent.childCount;
    this.#doc = state.doc;
    this.#unit = isThere ? { home: at.parent, first: index, last: end, from: at.pos, to: at.posAtIndex(end) } : null;
  }

  #forget(end: () => void): void {
    this.#unit = null;
    this.#drop = null;
    end();
  }

  #end(): void {
    if (this.#isOn) this.#aim();
    if (this.#unit && this.#drop) dropUnit(this.#view, this.#unit, this.#drop.target);
    this.#isOn = false;
    this.#unit = null;
    this.#drop = null;
    this.line.hidden = true;
    document.documentElement.classList.remove("is-dragging");
  }
}

/** The list instead of its only item. */
function whole(view: EditorView, unit: Unit): Unit {
  if (!isList(unit.home) || !isAll(unit)) return unit;
  const around = unitsAround({ $from: view.state.doc.resolve(unit.from), $to: view.state.doc.resolve(unit.to) });
  return around.find(({ home }) => home !== unit.home) ?? unit;
}

function dropAt(view: EditorView, unit: Unit, x: number, y: number): Drop | null {
  const over = unitAt(view, x, y);
  const shown = over && view.nodeDOM(over.from);
  if (!over || !(shown instanceof HTMLElement)) return null;
  const { top, bottom, left, width } = shown.getBoundingClientRect();
  const isBelow = y > (top + bottom) / 2;
  const target = isBelow ? over.to : over.from;
  return mayDrop(view.state.doc, unit, target) ? { target, left, top: isBelow ? bottom : top, width } : null;
}
