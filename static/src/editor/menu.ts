/**
 * A button that opens a menu of tools: arrows and letters move in it, Enter takes, Esc and a press elsewhere close. Each
 * item shows whether it is on, and its keys.
 */

import type { Editor } from "@tiptap/core";
import { button, element } from "../ui/element";
import { keyInRow, readsFromRight } from "../ui/reading";
import { icon } from "./icons";
import { keysHere } from "./keys";
import type { Tool, ToolGroup, ToolMenu } from "./tools";

const GAP = 6;

export class MenuButton {
  readonly button: HTMLButtonElement;
  readonly #editor: Editor;
  readonly #panel: HTMLElement;
  readonly #items = new Map<HTMLElement, Tool>();

  /** The panel is put into `page`, for a toolbar that scrolls would cut it off. */
  constructor(menu: ToolMenu, editor: Editor, page: HTMLElement) {
    this.#editor = editor;
    this.button = button("", { class: "tool tool-menu", "aria-haspopup": "menu", "aria-label": menu.label }, () =>
      this.#toggle(),
    );
    this.button.title = menu.label;
    this.button.setAttribute("aria-expanded", "false");
    this.button.append(icon(menu.icon), icon("more"));
    // The text keeps its selection while the menu is opened with the mouse.
    this.button.addEventListener("mousedown", (event) => event.preventDefault());
    this.button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      this.#toggle();
    });
    const attributes = { class: "menu-panel", role: "menu", "aria-label": menu.label, hidden: true };
    this.#panel = element("div", attributes, ...menu.groups.map((group) => this.#group(group)));
    this.#panel.addEventListener("keydown", (event) => this.#key(event));
    this.#panel.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.#panel.contains(relatedTarget as Node)) this.#close();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      const isInside = this.#panel.contains(target as Node) || this.button.contains(target as Node);
      if (!isInside) this.#close();
    });
    page.append(this.#panel);
  }

  #group({ label, tools }: ToolGroup): HTMLElement {
    const isPalette = tools.every((tool) => tool.swatch);
    const items = tools.map((tool) => this.#item(tool));
    return element(
      "div",
      { class: isPalette ? "menu-group is-palette" : "menu-group", role: "group", "aria-label": label },
      element("p", { class: "menu-label", "aria-hidden": "true" }, label),
      ...items,
    );
  }

  #item(tool: Tool): HTMLElement {
    const role = tool.isOn ? "menuitemcheckbox" : "menuitem";
    const attributes = { class: "menu-item", role, tabindex: "-1", "data-tool": tool.name };
    const item = button("", attributes, () => {
      if (item.getAttribute("aria-disabled") === "true") return;
      this.#close();
      tool.run(this.#editor);
    });
    item.addEventListener("mousedown", (event) => event.preventDefault());
    if (tool.swatch) {
      item.setAttribute("aria-label", tool.label);
      item.title = tool.label;
      item.append(swatch(tool.swatch));
    } else {
      const keys = tool.keys ? [element("kbd", {}, keysHere(tool.keys))] : [];
      item.append(icon(tool.icon), element("span", {}, tool.label), ...keys);
    }
    this.#items.set(item, tool);
    return item;
  }

  #toggle(): void {
    if (this.#panel.hidden) this.#open();
    else this.#close();
  }

  #open(): void {
    for (const [item, tool] of this.#items) {
      if (tool.isOn) item.setAttribute("aria-checked", String(tool.isOn(this.#editor)));
      if (tool.isPossible) item.setAttribute("aria-disabled", String(!tool.isPossible(this.#editor)));
    }
    this.#panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.#place();
    const items = [...this.#items.keys()];
    (items.find((item) => item.ariaChecked === "true") ?? items[0])?.focus({ preventScroll: true });
  }

  #close(): void {
    this.#panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  /** Below the button, or above it where the toolbar is at the foot of the page. */
  #place(): void {
    const { left, right, top, bottom } = this.button.getBoundingClientRect();
    const { offsetWidth: width } = this.#panel;
    const isBelow = innerHeight - bottom > top;
    const wanted = readsFromRight(this.#panel) ? right - width : left;
    this.#panel.style.left = `${Math.max(GAP, Math.min(wanted, document.documentElement.clientWidth - width - GAP))}px`;
    this.#panel.style.top = isBelow ? `${bottom + GAP}px` : "auto";
    this.#panel.style.bottom = isBelow ? "auto" : `${innerHeight - top + GAP}px`;
    this.#panel.style.maxHeight = `${(isBelow ? innerHeight - bottom : top) - 2 * GAP}px`;
  }

  #key(event: KeyboardEvent): void {
    const items = [...this.#items.keys()];
    const at = items.indexOf(event.target as HTMLElement);
    const next = step(keyInRow(event.key, this.#panel), at, items.length) ?? this.#named(event.key, at);
    if (event.key === "Escape" || event.key === "Tab") {
      this.#close();
      this.button.focus();
    } else if (next === null) return;
    else items[next]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  /** The next item whose label begins with this letter. */
  #named(key: string, at: number): number | null {
    if (key.length !== 1) return null;
    const labels = [...this.#items.values()].map(({ label }) => label.toLowerCase());
    const order = labels.map((_, index) => (at + 1 + index) % labels.length);
    return order.find((index) => labels[index]?.startsWith(key.toLowerCase())) ?? null;
  }
}

function step(key: string, at: number, count: number): number | null {
  if (key === "ArrowDown" || key === "ArrowRight") return (at + 1) % count;
  if (key === "ArrowUp" || key === "ArrowLeft") return (at - 1 + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

function swatch({ kind, colour }: NonNullable<Tool["swatch"]>): HTMLElement {
  const named = colour ? { "data-color": colour } : {};
  return element("span", { class: `swatch is-${kind}`, ...named }, kind === "ink" ? "A" : "");
}
