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
    view("find", "find", t("Find"), { keys: "Ctrl+F", words: t("search") }),
    view("replace", "replace", t("Find and replace"), { keys: "Ctrl+H", words: t("search substitute") }),
    view("outline", "contents", t("Outline"), { keys: "Ctrl+Alt+Shift+O", words: t("headings contents navigation") }),
    view("counts", "count", t("Words and characters"), { keys: "Ctrl+Shift+C", words: t("count length statistics") }),
    view("commands", "commands", t("All commands"), { keys: "Ctrl+Shift+P", words: t("palette") }),
    view("focus", "focus", t("Focus mode"), { keys: "Ctrl+Alt+Shift+F", words: t("distraction zen") }),
    view("wide", "wide", t("Full width"), { keys: "Ctrl+Alt+Shift+W", words: t("narrow page") }),
    view("alone", "cursor", t("Hide or show other cursors"), { words: t("carets names people presence") }),
    view("history", "clock", t("History"), { keys: "Ctrl+Alt+Shift+H", words: t("versions snapshots") }),
    view("comments-panel", "comment", t("Show the comments"), { keys: "Ctrl+Alt+Shift+A", words: t("panel margin") }),
    view("save", "save", t("Is it saved? Name this snapshot"), { keys: "Ctrl+S", words: t("version keep") }),
    view("print", "print", t("Print"), { keys: "Ctrl+P", words: t("paper pdf") }),
    view("help", "keyboard", t("Keyboard shortcuts"), { keys: "Ctrl+/", words: t("help keys") }),
  ],
};
