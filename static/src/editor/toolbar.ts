/**
 * The toolbar above the text: one stop for the Tab key, arrows inside, Esc back to the text. It is built once and shows
 * what is on where the selection stands.
 */

import type { Editor } from "@tiptap/core";
import { button, element } from "../ui/element";
import { keyInRow } from "../ui/reading";
import { t } from "../words";
import { icon } from "./icons";
import { keysHere } from "./keys";
import { MenuButton } from "./menu";
import { isMenu, type Tool, type ToolGroup, type ToolMenu, toolbar } from "./tools";
import { contexts } from "./tools/contexts";

const STYLES = [t("Text"), ...[1, 2, 3, 4, 5, 6].map((level) => t("Heading {level}", { level }))];

export function mountToolbar(root: HTMLElement, editor: Editor): void {
  const page = root.parentElement ?? document.body;
  const [first, ...others] = toolbar.map((item) => partOf(item, editor, page));
  const select = styleSelect(editor);
  const around = contexts.map((context) => ({ context, group: groupOf(context, editor) }));
  root.setAttribute("role", "toolbar");
  root.setAttribute("aria-label", t("Formatting"));
  root.replaceChildren(...(first ? [first] : []), select, ...others, ...around.map(({ group }) => group));
  rove(root, editor);
  const tools = toolbar.flatMap((item) => (isMenu(item) ? [] : item.tools));

  const refresh = () => {
    root.hidden = !editor.isEditable;
    for (const tool of tools) show(root, tool, editor);
    for (const { context, group } of around) {
      group.hidden = !context.isHere(editor);
      if (!group.hidden) for (const tool of context.tools) show(group, tool, editor);
    }
    select.value = String(editor.getAttributes("heading").level ?? 0);
    select.disabled = editor.isActive("codeBlock");
  };
  onEveryFrame(editor, refresh);
  refresh();
}

function partOf(item: ToolGroup | ToolMenu, editor: Editor, page: HTMLElement): HTMLElement {
  if (!isMenu(item)) return groupOf(item, editor);
  const { button } = new MenuButton(item, editor, page);
  return element("div", { class: "toolbar-group" }, button);
}

/** Calls `refresh` after changes of the editor, at most once a frame. */
export function onEveryFrame(editor: Editor, refresh: () => void): void {
  let frame = 0;
  const later = () => {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (!editor.isDestroyed) refresh();
    });
  };
  editor.on("transaction", later);
  editor.on("update", later);
  editor.on("focus", later);
  editor.on("blur", later);
}

export function toolButton(tool: Tool, editor: Editor): HTMLButtonElement {
  const title = tool.keys ? `${tool.label} (${keysHere(tool.keys)})` : tool.label;
  const made = button("", { class: "tool", "data-tool": tool.name, "aria-label": tool.label, title }, () => {
    tool.run(editor);
  });
  if (tool.isOn) made.setAttribute("aria-pressed", "false");
  // The text keeps its selection while a tool is pressed with the mouse.
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.append(icon(tool.icon));
  return made;
}

export function show(root: HTMLElement, tool: Tool, editor: Editor): void {
  const shown = root.querySelector<HTMLButtonElement>(`[data-tool="${tool.name}"]`);
  if (!shown) return;
  if (tool.isOn) shown.setAttribute("aria-pressed", String(tool.isOn(editor)));
  // Not `disabled`: a button that cannot be focused would be a hole in the row of arrows.
  if (tool.isPossible) shown.setAttribute("aria-disabled", String(!tool.isPossible(editor)));
}

function groupOf({ label, tools }: ToolGroup, editor: Editor): HTMLElement {
  const buttons = tools.map((tool) => toolButton(tool, editor));
  return element("div", { class: "toolbar-group", role: "group", "aria-label": label }, ...buttons);
}

function styleSelect(editor: Editor): HTMLSelectElement {
  const options = STYLES.map((name, level) => element("option", { value: String(level) }, name));
  const select = element("select", { class: "tool-select", "aria-label": t("Text style") }, ...options);
  select.addEventListener("change", () => {
    const level = Number(select.value) as 0 | 1 | 2 | 3 | 4 | 5 | 6;
    const chain = editor.chain().focus();
    if (level === 0) chain.setParagraph().run();
    else chain.setHeading({ level }).run();
  });
  return select;
}

/** Roving tabindex: of all controls only the one used last can be reached with Tab. */
export function rove(root: HTMLElement, editor: Editor): void {
  const controls = () => [...root.querySelectorAll<HTMLElement>(".tool, .tool-select")];
  const shown = () => controls().filter((control) => control.offsetParent !== null);
  const makeCurrent = (current: HTMLElement) => {
    for (const control of controls()) control.tabIndex = control === current ? 0 : -1;
  };
  const [first] = controls();
  if (first) makeCurrent(first);

  root.addEventListener("focusin", (event) => makeCurrent(event.target as HTMLElement));
  root.addEventListener("keydown", (event) => {
    const all = shown();
    const next = target(keyInRow(event.key, root), all.indexOf(event.target as HTMLElement), all.length);
    if (event.key === "Escape") editor.commands.focus();
    else if (next === null) return;
    else all[next]?.focus();
    event.preventDefault();
  });
}

/** Where a key leads from the `at`-th of `count` controls; null for keys that lead nowhere. */
export function target(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** Puts the focus where it was last in the toolbar. */
export function focusToolbar(root: HTMLElement): void {
  root.querySelector<HTMLElement>("[tabindex='0']")?.focus();
}
