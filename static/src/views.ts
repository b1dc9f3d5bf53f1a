/** The ways to see a document: what finds, lists, counts and shows, for writers and readers alike. */

import type { Editor } from "@tiptap/core";
import { showCommands } from "./editor/command_list";
import { CountLine } from "./editor/counts";
import { FindBar } from "./editor/find/bar";
import { followAddress } from "./editor/heading_links";
import { showShortcuts } from "./editor/help";
import { Modes } from "./editor/modes";
import { Outline } from "./editor/outline";
import type { View } from "./editor/shortcuts";
import type { Tool } from "./editor/tools";
import { views } from "./editor/tools/views";
import { setOpen } from "./ui/drawer";
import { button, find } from "./ui/element";
import { t } from "./words";

export function mountViews(page: HTMLElement, editor: Editor, principal: string): Record<View, () => void> {
  const counts = new CountLine(page, editor);
  const modes = new Modes(page, principal, (mode, isOn) => mode === "counts" && counts.show(isOn));
  const bar = new FindBar(page, editor);
  const outline = find("#outline");
  if (outline) new Outline(outline, editor);
  page.append(button(t("Leave focus mode"), { class: "button button-slim leave-focus" }, () => modes.toggle("focus")));
  followAddress(editor);
  addEventListener("hashchange", () => followAddress(editor));
  const mayRun = (tool: Tool) => editor.isEditable || views.tools.includes(tool);
  return {
    find: () => bar.open(false),
    replace: () => bar.open(true),
    outline: () => toggle("outline"),
    counts: () => modes.toggle("counts"),
    commands: () => showCommands(editor, mayRun),
    focus: () => modes.toggle("focus"),
    wide: () => modes.toggle("wide"),
    alone: () => modes.toggle("alone"),
    help: () => void showShortcuts(),
    history: () => toggle("history"),
    "comments-panel": () => toggle("comments-panel"),
    print: () => print(),
  };
}

function toggle(id: string): void {
  const drawer = document.getElementById(id);
  if (drawer) setOpen(drawer, !drawer.classList.contains("is-open"));
}
