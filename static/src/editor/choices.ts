/**
 * A list to choose something from while the focus stays where somebody is typing: a listbox whose current option is told by
 * aria-activedescendant. It knows no keys but its own, and not where it is shown.
 */

import { element } from "../ui/element";
import { type IconName, icon } from "./icons";
import { keysHere } from "./keys";

export interface Choice {
  /** Unique in its list; also in the document, as data-tool. */
  readonly name: string;
  readonly label: string;
  readonly icon?: IconName;
  /** What is shown instead of an icon: somebody's avatar, a sign. */
  readonly figure?: () => Node;
  /** What is said of it in small letters. */
  readonly hint?: string;
  /** As on a keyboard with Ctrl. */
  readonly keys?: string;
}

export interface ChoiceGroup<C extends Choice> {
  readonly label: string;
  readonly tools: readonly C[];
}

let lists = 0;

export class Choices<C extends Choice> {
  readonly list: HTMLElement;
  readonly #owner: HTMLElement;
  readonly #take: (choice: C) => void;
  readonly #id = `choices-${++lists}`;
  #options: readonly (readonly [HTMLElement, C])[] = [];
  #at = 0;

  /** `owner` has the focus; `take` is told what was chosen. */
  constructor(label: string, owner: HTMLElement, take: (choice: C) => void) {
    this.#owner = owner;
    this.#take = take;
    this.list = element("div", { class: "choices", role: "listbox", id: this.#id, "aria-label": label });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.#pressed(target as Element));
  }

  get isEmpty(): boolean {
    return this.#options.length === 0;
  }

  show(groups: readonly ChoiceGroup<C>[]): void {
    const options: [HTMLElement, C][] = [];
    const shown = groups
      .filter(({ tools }) => tools.length > 0)
      .map(({ label, tools }) => {
        const made = tools.map((tool, at) => this.#option(tool, options.length + at));
        options.push(...made);
        const head = label ? [element("p", { class: "menu-label", "aria-hidden": "true" }, label)] : [];
        const named = label ? { "aria-label": label } : {};
        return element("div", { class: "menu-group", role: "group", ...named }, ...head, ...made.map(([at]) => at));
      });
    this.#options = options;
    this.list.replaceChildren(...shown);
    this.#owner.setAttribute("aria-controls", this.#id);
    this.#point(0);
  }

  /** Lets go of the owner. */
  clear(): void {
    this.#options = [];
    this.list.replaceChildren();
    this.#owner.removeAttribute("aria-activedescendant");
    this.#owner.removeAttribute("aria-controls");
  }

  /** Whether the key was one for the list. */
  key({ key, isComposing, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (isComposing || this.isEmpty || shiftKey || ctrlKey || metaKey || altKey) return false;
    const count = this.#options.length;
    if (key === "ArrowDown") this.#point((this.#at + 1) % count);
    else if (key === "ArrowUp") this.#point((this.#at - 1 + count) % count);
    else if (key === "Enter" || key === "Tab") this.take();
    else return false;
    return true;
  }

  /** The current one, as Enter does. */
  take(): void {
    const choice = this.#options[this.#at]?.[1];
    if (choice) this.#take(choice);
  }

  #option(choice: C, at: number): [HTMLElement, C] {
    const attributes = { class: "menu-item", role: "option", id: `${this.#id}-${at}`, "data-tool": choice.name };
    const picture = choice.icon ? icon(choice.icon) : choice.figure?.();
    const hint = choice.hint ? [element("small", { class: "soft" }, choice.hint)] : [];
    const keys = choice.keys ? [element("kbd", {}, keysHere(choice.keys))] : [];
    return [element("div", attributes, picture ?? "", element("span", {}, choice.label), ...hint, ...keys), choice];
  }

  #point(at: number): void {
    this.#at = at;
    for (const [index, [option]] of this.#options.entries()) option.setAttribute("aria-selected", String(index === at));
    const current = this.#options[at]?.[0];
    if (!current) {
      this.#owner.removeAttribute("aria-activedescendant");
      return;
    }
    this.#owner.setAttribute("aria-activedescendant", current.id);
    if (at === 0) this.list.scrollTop = 0;
    else current.scrollIntoView({ block: "nearest" });
  }

  #pressed(target: Element): void {
    const option = target.closest("[role=option]");
    const at = this.#options.findIndex(([shown]) => shown === option);
    if (at < 0) return;
    this.#at = at;
    this.take();
  }
}
