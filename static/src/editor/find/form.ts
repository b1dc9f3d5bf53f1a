/** What the bar of find and replace consists of, and its keys. */

import { button, element } from "../../ui/element";
import { number, t } from "../../words";
import { icon } from "../icons";
import type { Query } from "./query";

export interface Controls {
  seek(): Promise<void>;
  step(by: 1 | -1): void;
  replace(): Promise<void>;
  replaceAll(): Promise<void>;
  close(): void;
}

type Option = "isCaseSensitive" | "isWholeWord" | "isRegex";

const OPTIONS: Record<Option, readonly [sign: string, label: string]> = {
  isCaseSensitive: ["Aa", t("Match case")],
  isWholeWord: ["ab|", t("Whole words")],
  isRegex: [".*", t("Regular expression")],
};

export class FindForm {
  readonly root: HTMLElement;
  readonly #controls: Controls;
  readonly #sought = field(t("Find"));
  readonly #instead = field(t("Replace with"));
  readonly #count = element("output", { class: "find-count", "aria-live": "polite" });
  readonly #options: Record<Option, HTMLButtonElement>;
  readonly #more: HTMLButtonElement;
  readonly #second: HTMLElement;

  constructor(controls: Controls) {
    this.#controls = controls;
    this.#options = {
      isCaseSensitive: this.#option("isCaseSensitive"),
      isWholeWord: this.#option("isWholeWord"),
      isRegex: this.#option("isRegex"),
    };
    this.#more = tool("more", t("Replace"), () => this.#unfold(this.#second.hidden !== false));
    const first = element(
      "div",
      { class: "find-row" },
      this.#more,
      element("div", { class: "find-field" }, this.#sought, ...Object.values(this.#options)),
      this.#count,
      tool("moveUp", t("Previous match"), () => controls.step(-1)),
      tool("moveDown", t("Next match"), () => controls.step(1)),
      tool("remove", t("Close"), () => controls.close()),
    );
    this.#second = element(
      "div",
      { class: "find-row", hidden: true },
      element("div", { class: "find-field" }, this.#instead),
      button(t("Replace"), { class: "button button-slim" }, () => void controls.replace()),
      button(t("Replace all"), { class: "button button-slim" }, () => void controls.replaceAll()),
    );
    const attributes = { class: "find-bar", role: "search", "aria-label": t("Find and replace"), hidden: true };
    this.root = element("div", attributes, first, this.#second);
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.#sought.addEventListener("input", () => void controls.seek());
  }

  get query(): Query {
    const isOn = (option: Option) => this.#options[option].ariaPressed === "true";
    return {
      text: this.#sought.value,
      isCaseSensitive: isOn("isCaseSensitive"),
      isWholeWord: isOn("isWholeWord"),
      isRegex: isOn("isRegex"),
    };
  }

  get replacement(): string {
    return this.#instead.value;
  }

  /** `sought` stays what it was when it is null. */
  open(sought: string | null, withReplace: boolean, mayReplace: boolean): void {
    this.root.hidden = false;
    this.#more.hidden = !mayReplace;
    this.#unfold(mayReplace && (withReplace || !this.#second.hidden));
    if (sought !== null) this.#sought.value = sought;
    this.#sought.select();
    this.#sought.focus();
  }

  /** `at` counts from 0; -1 is none of them. */
  count(at: number, count: number, problem: string): void {
    const isBad = problem !== "";
    this.#sought.setAttribute("aria-invalid", String(isBad));
    this.#count.classList.toggle("is-problem", isBad);
    if (isBad) this.say(problem);
    else if (!this.#sought.value) this.say("");
    else if (count === 0) this.say(t("Nothing found"));
    else this.say(t("{n} of {all}", { n: number(at + 1), all: number(count) }));
  }

  say(sentence: string): void {
    this.#count.value = sentence;
  }

  #option(option: Option): HTMLButtonElement {
    const [sign, label] = OPTIONS[option];
    const named = { "aria-label": label, title: label, "aria-pressed": "false" };
    const made = button("", { class: "tool find-option", "data-sign": sign, ...named }, () => {
      made.ariaPressed = String(made.ariaPressed !== "true");
      void this.#controls.seek();
    });
    return made;
  }

  #unfold(isOpen: boolean): void {
    this.#second.hidden = !isOpen;
    this.#more.setAttribute("aria-expanded", String(isOpen));
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") this.#controls.close();
    else if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    else if (event.target === this.#sought) this.#controls.step(event.shiftKey ? -1 : 1);
    else if (event.ctrlKey || event.metaKey) void this.#controls.replaceAll();
    else void this.#controls.replace();
    event.preventDefault();
    event.stopPropagation();
  }
}

function field(label: string): HTMLInputElement {
  return element("input", {
    type: "text",
    "aria-label": label,
    placeholder: label,
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "1000",
  });
}

function tool(name: Parameters<typeof icon>[0], label: string, run: () => void): HTMLButtonElement {
  const made = button("", { class: "tool", "aria-label": label, title: label }, run);
  made.append(icon(name));
  return made;
}
