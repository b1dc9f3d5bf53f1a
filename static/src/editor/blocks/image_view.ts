/** An image in the editor: the picture with a handle on either side to make it wider, and its caption to write in. */

import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { NodeSelection } from "@tiptap/pm/state";
import type { NodeView, ViewMutationRecord } from "@tiptap/pm/view";
import { button, element } from "../../ui/element";
import { readsFromRight } from "../../ui/reading";
import { t } from "../../words";
import { ask } from "../shortcuts";
import { imageAttributes, NARROWEST, sideOf, WIDEST } from "./attributes";

const STEP = 16;
const KEYS: Record<string, number> = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP };

interface Place {
  readonly node: Node;
  readonly editor: Editor;
  readonly getPos: () => number | undefined;
}

export class ImageView implements NodeView {
  readonly dom = element("figure", { class: "image" });
  readonly contentDOM = element("figcaption");
  readonly #picture = element("img", { draggable: "false" });
  readonly #frame = element("div", { class: "image-frame", contenteditable: "false" });
  readonly #describe = button(t("Describe this image"), { class: "image-describe", tabindex: "-1" }, () => this.#ask());
  readonly #handles = [this.#handle("start"), this.#handle("end")];
  readonly #place: Place;
  #node: Node;

  constructor(place: Place) {
    this.#place = place;
    this.#node = place.node;
    this.#frame.append(this.#picture, ...this.#handles, this.#describe);
    this.dom.append(this.#frame, this.contentDOM);
    this.#frame.addEventListener("mousedown", (event) => this.#select(event));
    this.#picture.addEventListener("error", () => this.dom.classList.add("is-missing"));
    this.#picture.addEventListener("load", () => this.dom.classList.remove("is-missing"));
    this.#show();
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#show();
    return true;
  }

  selectNode(): void {
    this.dom.classList.add("is-selected");
  }

  deselectNode(): void {
    this.dom.classList.remove("is-selected");
  }

  stopEvent(event: Event): boolean {
    // What the frame understands itself; a drag of the whole image is ProseMirror's.
    return (
      this.#controls.includes(event.target as HTMLElement) ||
      (event.type === "mousedown" && this.#frame.contains(event.target as globalThis.Node))
    );
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }

  get #controls(): HTMLElement[] {
    return [...this.#handles, this.#describe];
  }

  /** Selects the image, and opens the form that has its description. */
  #ask(): void {
    const position = this.#place.getPos();
    if (position === undefined) return;
    this.#place.editor.commands.setNodeSelection(position);
    ask(this.#place.editor, "properties");
  }

  #show(): void {
    const wanted = imageAttributes(this.#node.attrs);
    for (const name of ["src", "alt", "title", "width"]) {
      const value = wanted[name];
      if (value === undefined) this.#picture.removeAttribute(name);
      else if (this.#picture.getAttribute(name) !== value) this.#picture.setAttribute(name, value);
    }
    if (!wanted.src) this.dom.classList.add("is-missing");
    this.dom.dataset.align = sideOf(this.#node.attrs.align) ?? "";
    // "" says that there is nothing to describe; nobody has said anything yet where there is none.
    this.#describe.hidden = this.#node.attrs.alt !== null;
    this.dom.classList.toggle("has-caption", this.#node.content.size > 0);
    for (const handle of this.#handles) handle.setAttribute("aria-valuenow", String(this.#node.attrs.width ?? 0));
  }

  /** ProseMirror selects by a click only what has nothing in it; the caption is in an image. */
  #select(event: MouseEvent): void {
    const { editor, getPos } = this.#place;
    const position = getPos();
    if (position === undefined || this.#controls.includes(event.target as HTMLElement)) return;
    const { state, view } = editor;
    view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, position)));
    view.focus();
  }

  #handle(side: "start" | "end"): HTMLElement {
    const handle = element("div", {
      class: `image-handle is-${side}`,
      role: "slider",
      tabindex: "0",
      "aria-label": t("Width of the image"),
      "aria-valuemin": String(NARROWEST),
      "aria-valuemax": String(WIDEST),
    });
    handle.addEventListener("pointerdown", (event) => this.#drag(handle, event, side === "end" ? 1 : -1));
    handle.addEventListener("keydown", (event) => {
      const step = KEYS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.#keep(this.#picture.offsetWidth + step);
    });
    return handle;
  }

  #drag(handle: HTMLElement, down: PointerEvent, direction: 1 | -1): void {
    if (!this.#place.editor.isEditable) return;
    down.preventDefault();
    handle.setPointerCapture(down.pointerId);
    const before = this.#picture.offsetWidth;
    // A picture in the middle grows on both sides.
    const factor = (this.#node.attrs.align === "center" ? 2 : 1) * (readsFromRight(this.dom) ? -1 : 1);
    const widthAt = (event: PointerEvent) => before + (event.clientX - down.clientX) * direction * factor;
    const ended = new AbortController();
    const on = { signal: ended.signal };
    const end = (width: number | null) => {
      ended.abort();
      if (width === null) this.#show();
      else this.#keep(width);
    };
    const show = (width: number) => this.#picture.setAttribute("width", String(this.#fit(width)));
    handle.addEventListener("pointermove", (event) => show(widthAt(event)), on);
    handle.addEventListener("pointerup", (event) => end(widthAt(event)), on);
    handle.addEventListener("pointercancel", () => end(null), on);
  }

  #fit(width: number): number {
    const room = this.dom.clientWidth || WIDEST;
    return Math.round(Math.min(Math.max(width, NARROWEST), room, WIDEST));
  }

  #keep(width: number): void {
    const { editor, getPos } = this.#place;
    const position = getPos();
    if (!editor.isEditable || position === undefined) return;
    editor.view.dispatch(editor.state.tr.setNodeAttribute(position, "width", this.#fit(width)));
  }
}
