/** The outline beside the text: the headings as links, that of the part on the screen marked. It costs nothing while closed. */

import type { Editor } from "@tiptap/core";
import { setOpen } from "../ui/drawer";
import { button, element } from "../ui/element";
import { goTo, headingsOf } from "./blocks/contents";
import { Later } from "./later";

/** Pixels from the top within which a heading has been reached. */
const REACHED = 160;
/** Where it lies over the text (views.css), and must get out of the way. */
const COVERS = "(max-width: 68.749rem)";

export class Outline {
  readonly #editor: Editor;
  readonly #panel: HTMLElement;
  readonly #list = element("ol");
  readonly #later = new Later(() => this.#draw());
  #headings: (HTMLElement | null)[] = [];
  #shown = "";
  #frame = 0;

  constructor(panel: HTMLElement, editor: Editor) {
    this.#editor = editor;
    this.#panel = panel;
    panel.querySelector(".outline-list")?.replaceChildren(this.#list);
    editor.on("transaction", ({ transaction }) => transaction.docChanged && this.#isOpen && this.#later.ask());
    // However it is opened: by its button, a key or a command.
    new MutationObserver(() => this.#isOpen && this.#draw()).observe(panel, { attributeFilter: ["class"] });
    addEventListener("scroll", () => this.#scrolled(), { passive: true });
    if (this.#isOpen) this.#draw();
  }

  get #isOpen(): boolean {
    return this.#panel.classList.contains("is-open");
  }

  #draw(): void {
    const { view } = this.#editor;
    const headings = headingsOf(view.state.doc);
    this.#headings = headings.map(({ position }) => view.nodeDOM(position) as HTMLElement | null);
    const shown = JSON.stringify(headings.map(({ level, text }) => [level, text]));
    if (shown !== this.#shown) {
      const highest = Math.min(...headings.map(({ level }) => level));
      const items = headings.map(({ level, text }, index) =>
        element(
          "li",
          { "data-level": String(level - highest) },
          button(text, { class: "outline-link" }, () => this.#go(index)),
        ),
      );
      this.#shown = shown;
      this.#list.replaceChildren(...items);
      this.#panel.classList.toggle("is-empty", headings.length === 0);
    }
    this.#mark();
  }

  #go(index: number): void {
    if (matchMedia(COVERS).matches) setOpen(this.#panel, false);
    goTo(this.#editor.view, index);
  }

  #scrolled(): void {
    if (this.#frame || !this.#isOpen) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#mark();
    });
  }

  #mark(): void {
    const current = lastReached(this.#headings.length, (at) => {
      return (this.#headings[at]?.getBoundingClientRect().top ?? 0) < REACHED;
    });
    for (const [at, item] of [...this.#list.children].entries()) {
      const link = item.firstElementChild;
      if (at === current && link?.getAttribute("aria-current") !== "true") {
        link?.setAttribute("aria-current", "true");
        link?.scrollIntoView({ block: "nearest" });
      } else if (at !== current) link?.removeAttribute("aria-current");
    }
  }
}

/** The last of `count` that has been reached, where all before it have been too; the first when none has. */
export function lastReached(count: number, isReached: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isReached(middle)) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}
