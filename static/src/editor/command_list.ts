/** All commands by name, in a dialog: a few letters find one, Enter does it. */

import type { Editor } from "@tiptap/core";
import { element } from "../ui/element";
import { t } from "../words";
import { Choices } from "./choices";
import { ranked } from "./matching";
import { everyTool, type Tool } from "./tools";

export function showCommands(editor: Editor, mayRun: (tool: Tool) => boolean): void {
  const input = element("input", {
    type: "text",
    role: "combobox",
    "aria-label": t("Command"),
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: t("What do you want to do?"),
  });
  const choices = new Choices<Tool>(t("Commands"), input, (tool) => {
    dialog.close();
    editor.commands.focus();
    tool.run(editor);
  });
  const nothing = element("p", { class: "soft small", role: "status" });
  const dialog = element(
    "dialog",
    { class: "command-list", "aria-label": t("Commands") },
    input,
    choices.list,
    nothing,
  );
  const tools = everyTool()
    .filter((tool) => mayRun(tool) && (tool.isPossible?.(editor) ?? true))
    .map((tool) => ({ ...tool, label: tool.fullLabel ?? tool.label }));
  const draw = () => {
    choices.show([{ label: "", tools: ranked(tools, input.value) }]);
    nothing.textContent = choices.isEmpty ? t("No command is called that.") : "";
  };
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => choices.key(event) && event.preventDefault());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  draw();
}
