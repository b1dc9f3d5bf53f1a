/**
 * A list to choose a tool from while the focus stays where somebody is typing: a listbox whose current option is told by
 * aria-activedescendant. It knows no keys but its own, and not where it is shown.
 */

import { element } from "../ui/element";
import { icon } from "./icons";
import { keysHere } from "./keys";
import type { Tool, ToolGroup } from "./tools";

let lists = 0;

export class Choices {
  readonly list: HTMLElement;
  readonly #owner: HTMLElement;
  readonly #take: (tool: Tool) => void;
  readonly #id = `choices-${++lists}`;
  #options: readonly (readonly [HTMLElement, Tool])[] = [];
  #at = 0;

  /** `owner` has the focus; `take` is told what was chosen. */
  constructor(label: string, owner: HTMLElement, take: (tool: Tool) => void) {
    this.#owner = owner;
    this.#take = take;
    this.list = element("div", { class: "choices", role: "listbox", id: this.#id, "aria-label": label });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.#pressed(target as Element));
  }

  get isEmpty(): boolean {
    return this.#options.length === 0;
  }

  show(groups: readonly ToolGroup[]): void {
    const options: [HTMLElement, Tool][] = [];
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
    else if (key === "Enter" || key === "Tab") this.#taken();
    else return false;
    return true;
  }

  #option(tool: Tool, at: number): [HTMLElement, Tool] {
    const keys = tool.keys ? [element("kbd", {}, keysHere(tool.keys))] : [];
    const attributes = { class: "menu-item", role: "option", id: `${this.#id}-${at}`, "data-tool": tool.name };
    return [element("div", attributes, icon(tool.icon), element("span", {}, tool.label), ...keys), tool];
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
    this.#taken();
  }

  #taken(): void {
    const tool = this.#options[this.#at]?.[1];
    if (tool) this.#take(tool);
  }
}
