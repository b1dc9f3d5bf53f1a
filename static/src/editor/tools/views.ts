/** What shows the document, or something about it, in another way. */

import { t } from "../../words";
import type { IconName } from "../icons";
import { ask, type Request } from "../shortcuts";
import type { Tool, ToolGroup } from "../tools";

function view(name: Request, icon: IconName, label: string, more: Pick<Tool, "keys" | "words">): Tool {
  return { name, icon, label, ...more, run: (editor) => ask(editor, name) };
}

export const views: ToolGroup = {
  label: t("Document"),
  tools: [
    view("find", "find", "Find", { keys: "Ctrl+F", words: "search" }),
    view("replace", "replace", "Find and replace", { keys: "Ctrl+H", words: "search substitute" }),
    view("outline", "contents", "Outline", { keys: "Ctrl+Alt+Shift+O", words: "headings contents navigation" }),
    view("counts", "count", "Words and characters", { keys: "Ctrl+Shift+C", words: "count length statistics" }),
    view("commands", "commands", "All commands", { keys: "Ctrl+Shift+P", words: "palette" }),
    view("focus", "focus", "Focus mode", { keys: "Ctrl+Alt+Shift+F", words: "distraction zen" }),
    view("wide", "wide", "Full width", { keys: "Ctrl+Alt+Shift+W", words: "narrow page" }),
    view("alone", "cursor", "Hide or show other cursors", { words: "carets names people presence" }),
    view("history", "clock", "History", { keys: "Ctrl+Alt+Shift+H", words: "versions snapshots" }),
    view("comments-panel", "comment", "Show the comments", { keys: "Ctrl+Alt+Shift+A", words: "panel margin" }),
    view("save", "save", "Is it saved? Name this snapshot", { keys: "Ctrl+S", words: "version keep" }),
    view("print", "print", "Print", { keys: "Ctrl+P", words: "paper pdf" }),
    view("help", "keyboard", "Keyboard shortcuts", { keys: "Ctrl+/", words: "help keys" }),
  ],
};
