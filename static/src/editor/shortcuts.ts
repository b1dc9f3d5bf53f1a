/** Keys that Tiptap's own extensions do not bind. Those that open something of the page are events on the editor's element. */

import { type Editor, Extension } from "@tiptap/core";
import { NodeSelection, type Selection } from "@tiptap/pm/state";
import { COMMENT } from "./comment_mark";

/** What a key can ask of the page; told as a CustomEvent named "ask" with this as its detail. */
export type Request =
  | "link"
  | "comment"
  | "save"
  | "toolbar"
  | "properties"
  | "image"
  | "file"
  | "markdown"
  | Creation
  | View;

/** What shows the document, or something about it, in another way; for readers too. */
export type View =
  | "find"
  | "replace"
  | "outline"
  | "counts"
  | "commands"
  | "focus"
  | "wide"
  | "alone"
  | "help"
  | "history"
  | "comments-panel"
  | "print";

/** What is asked for before there is anything in the text. */
export type Creation = "inlineMath" | "blockMath" | "embed";

export function ask(editor: Editor, request: Request): true {
  editor.view.dom.dispatchEvent(new CustomEvent<Request>("ask", { detail: request, bubbles: true }));
  return true;
}

export const shortcuts = Extension.create({
  name: "shortcuts",
  // Before Tiptap's own keymaps.
  priority: 1100,

  addKeyboardShortcuts() {
    const { editor } = this;
    const strike = () => editor.commands.toggleStrike();
    return {
      "Mod-k": () => ask(editor, "link"),
      "Mod-Alt-m": () => ask(editor, "comment"),
      "Mod-s": () => ask(editor, "save"),
      "Mod-/": () => ask(editor, "help"),
      "Mod-Alt-Shift-m": () => ask(editor, "markdown"),
      "Alt-F10": () => ask(editor, "toolbar"),
      "Alt-Shift-5": strike,
      "Mod-Shift-x": strike,
      "Mod-Alt-0": () => editor.commands.setParagraph(),
      "Mod-\\": () => clearFormatting(editor),
      "Mod-Enter": () => toggleTask(editor),
      Enter: () => hasProperties(editor.state.selection) && ask(editor, "properties"),
      Tab: () => indent(editor) || isFirstItem(editor),
      "Mod-]": () => indent(editor),
      "Mod-[": () => outdent(editor),
    };
  },
});

/** Takes every mark and alignment off the selection, but for the comments, which are not formatting. */
export function clearFormatting(editor: Editor): boolean {
  const marks = Object.keys(editor.schema.marks).filter((name) => name !== COMMENT);
  const chain = editor.chain().focus().unsetTextAlign();
  marks.reduce((all, name) => all.unsetMark(name), chain).run();
  return true;
}

const WITH_PROPERTIES = new Set(["image", "file", "embed", "inlineMath", "blockMath"]);

/** Whether one node is selected whose attributes there is a form for. */
export function hasProperties(selection: Selection): selection is NodeSelection {
  return selection instanceof NodeSelection && WITH_PROPERTIES.has(selection.node.type.name);
}

export function indent(editor: Editor): boolean {
  return editor.commands.sinkListItem("taskItem") || editor.commands.sinkListItem("listItem");
}

export function outdent(editor: Editor): boolean {
  return editor.commands.liftListItem("taskItem") || editor.commands.liftListItem("listItem");
}

/** An item that can go no deeper. Tab stays in the text there: what is typed next belongs to it. */
function isFirstItem(editor: Editor): boolean {
  const { $from } = editor.state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const { name } = $from.node(depth).type;
    if (name === "tableCell" || name === "tableHeader") return false;
    if (name === "listItem" || name === "taskItem") return true;
  }
  return false;
}

function toggleTask(editor: Editor): boolean {
  if (!editor.isActive("taskItem")) return editor.isActive("table") && editor.commands.addRowAfter();
  const { checked } = editor.getAttributes("taskItem");
  return editor.commands.updateAttributes("taskItem", { checked: !checked });
}
