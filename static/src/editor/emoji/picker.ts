/** All emoji by group, in a dialog: letters find some, the arrows go about among them, Enter puts one in. */

import type { Editor } from "@tiptap/core";
import { element } from "../../ui/element";
import { keyInRow } from "../../ui/reading";
import { t } from "../../words";
import { ranked } from "../matching";
import type { Catalogue, Emoji } from "./catalogue";
import { chooseTone, chosenTone, inTone } from "./tones";

const GRID = "emoji-grid";

export function openPicker(editor: Editor, catalogue: Catalogue): void {
  new Picker(editor, catalogue).open();
}

class Picker {
  readonly #editor: Editor;
  readonly #catalogue: Catalogue;
  readonly #input = element("input", {
    type: "text",
    role: "combobox",
    "aria-label": t("Emoji"),
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": GRID,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: t("Find an emoji"),
  });
  readonly #tone = element("select", { "aria-label": t("Skin tone") });
  readonly #grid = element("div", { class: "emoji-grid", role: "listbox", id: GRID, "aria-label": t("Emoji") });
  readonly #name = element("p", { class: "soft small", role: "status" });
  readonly #dialog: HTMLDialogElement;
  #options: readonly HTMLElement[] = [];
  #at = 0;

  constructor(editor: Editor, catalogue: Catalogue) {
    this.#editor = editor;
    this.#catalogue = catalogue;
    const head = element("div", { class: "emoji-head" }, this.#input, this.#tone);
    this.#dialog = element("dialog", { class: "emoji-picker", "aria-label": t("Emoji") }, head, this.#grid, this.#name);
    this.#fillTones();
    this.#attend();
  }

  open(): void {
    document.body.append(this.#dialog);
    this.#draw();
    this.#dialog.showModal();
    this.#input.focus();
  }

  #fillTones(): void {
    const hand = this.#catalogue.emoji.find(({ sign }) => sign.startsWith("✋")) ?? { sign: "✋", tones: [] };
    const names = [t("No skin tone"), ...this.#catalogue.tones];
    const signs = [hand.sign, ...hand.tones];
    for (const [tone, name] of names.entries()) {
      this.#tone.append(element("option", { value: String(tone), title: name }, `${signs[tone] ?? ""} ${name}`));
    }
    this.#tone.value = String(chosenTone());
  }

  #attend(): void {
    this.#input.addEventListener("input", () => this.#draw());
    this.#input.addEventListener("keydown", (event) => this.#key(event) && event.preventDefault());
    this.#tone.addEventListener("change", () => {
      chooseTone(Number(this.#tone.value));
      this.#draw();
    });
    this.#grid.addEventListener("click", ({ target }) => {
      const option = (target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.#take(option);
    });
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener("close", () => {
      this.#dialog.remove();
      this.#editor.commands.focus();
    });
  }

  #draw(): void {
    const { emoji, groups } = this.#catalogue;
    const typed = this.#input.value.trim();
    const shown = typed
      ? [["", ranked(emoji, typed)] as const]
      : groups.map(({ number, label }) => [label, emoji.filter(({ group }) => group === number)] as const);
    this.#grid.replaceChildren(...shown.map(([label, found]) => this.#group(label, found)));
    this.#options = [...this.#grid.querySelectorAll<HTMLElement>("[role=option]")];
    for (const [at, option] of this.#options.entries()) option.id = `${GRID}-${at}`;
    this.#point(0);
  }

  #group(label: string, found: readonly Emoji[]): HTMLElement {
    const tone = chosenTone();
    const options = found.map((emoji) =>
      element(
        "span",
        { role: "option", class: "emoji", title: emoji.label, "aria-label": emoji.label },
        inTone(emoji, tone),
      ),
    );
    if (!label) return element("div", { class: "emoji-group" }, ...options);
    const head = element("p", { class: "menu-label", "aria-hidden": "true" }, label);
    return element("div", { class: "emoji-group", role: "group", "aria-label": label }, head, ...options);
  }

  #key(event: KeyboardEvent): boolean {
    const current = this.#options[this.#at];
    if (event.isComposing || !current) return false;
    const key = keyInRow(event.key, this.#grid);
    if (key === "ArrowRight") this.#point(this.#at + 1);
    else if (key === "ArrowLeft") this.#point(this.#at - 1);
    else if (key === "ArrowDown") this.#point(this.#below(current, 1));
    else if (key === "ArrowUp") this.#point(this.#below(current, -1));
    else if (key === "Enter") this.#take(current);
    else return false;
    return true;
  }

  /** The one in the next row, down or up, that stands nearest. */
  #below(current: HTMLElement, step: 1 | -1): number {
    let at = this.#at;
    while (this.#options[at]?.offsetTop === current.offsetTop) at += step;
    const row = this.#options[at]?.offsetTop;
    let nearest = at;
    for (; this.#options[at]?.offsetTop === row && row !== undefined; at += step) {
      const [one, other] = [this.#options[at], this.#options[nearest]] as [HTMLElement, HTMLElement];
      const distance = (option: HTMLElement) => Math.abs(option.offsetLeft - current.offsetLeft);
      if (distance(one) < distance(other)) nearest = at;
    }
    return nearest;
  }

  #point(at: number): void {
    const to = Math.max(0, Math.min(at, this.#options.length - 1));
    this.#options[this.#at]?.setAttribute("aria-selected", "false");
    this.#at = to;
    const current = this.#options[to];
    this.#name.textContent = current ? current.title : t("No emoji is called that.");
    this.#input.setAttribute("aria-activedescendant", current?.id ?? "");
    current?.setAttribute("aria-selected", "true");
    if (to === 0) this.#grid.scrollTop = 0;
    else current?.scrollIntoView({ block: "nearest" });
  }

  #take(option: HTMLElement): void {
    this.#dialog.close();
    this.#editor.chain().focus().insertContent({ type: "text", text: option.textContent }).run();
  }
}
