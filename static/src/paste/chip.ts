/** After a paste: what else can be made of it. Gone with the next change, and with Esc. */

import type { EditorView } from "@tiptap/pm/view";
import { placeAt } from "../editor/popover";
import { button, element } from "../ui/element";
import { keyInRow } from "../ui/reading";
import { t } from "../words";
import type { Way } from "./clip";

const LABELS: Record<Way, string> = {
  plain: t("Plain text"),
  code: t("Code"),
  link: t("Link"),
  card: t("Card"),
  markdown: "Markdown",
  match: t("Match this document"),
  keep: t("Keep formatting"),
};

export class PasteChip {
  readonly #box = element("div", {
    class: "popover paste-chip",
    role: "toolbar",
    "aria-label": t("Pasted as"),
    hidden: true,
  });
  readonly #view: EditorView;
  readonly #leave = ({ key }: KeyboardEvent) => key === "Escape" && this.#close();

  constructor(view: EditorView) {
    this.#view = view;
    this.#box.addEventListener("keydown", (event) => this.#move(event));
    (view.dom.closest("main") ?? document.body).append(this.#box);
  }

  /** `choose` is called when another way is wanted. */
  show(choices: readonly Way[], current: Way, choose: (way: Way) => void): void {
    const made = choices.map((way) => {
      const run = () => (way === current ? this.#close() : choose(way));
      return button(LABELS[way], { class: "tool", "aria-pressed": String(way === current), "data-way": way }, run);
    });
    this.#box.replaceChildren(...made);
    placeAt(this.#box, this.#view, "below");
    document.addEventListener("keydown", this.#leave);
  }

  hide(): void {
    this.#box.hidden = true;
    document.removeEventListener("keydown", this.#leave);
  }

  /** False when there is nothing to choose. */
  focus(): boolean {
    if (this.#box.hidden) return false;
    this.#box.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
    return true;
  }

  destroy(): void {
    this.hide();
    this.#box.remove();
  }

  #close(): void {
    const hadFocus = this.#box.contains(document.activeElement);
    this.hide();
    if (hadFocus) this.#view.focus();
  }

  #move(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[keyInRow(event.key, this.#box)];
    if (step === undefined) return;
    event.preventDefault();
    const buttons = [...this.#box.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }
}
