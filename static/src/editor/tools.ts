/** What the toolbar can do: one row for each command, with its name, its keys, and how to tell that it is on. */

import type { Editor } from "@tiptap/core";
import type { IconName } from "./icons";
import { ask } from "./shortcuts";

export interface Tool {
  readonly name: IconName;
  readonly label: string;
  /** As on a keyboard with Ctrl; shown in the tooltip. */
  readonly keys?: string;
  readonly run: (editor: Editor) => boolean;
  /** Left out for commands that are not on or off. */
  readonly isOn?: (editor: Editor) => boolean;
  readonly isPossible?: (editor: Editor) => boolean;
}

export interface ToolGroup {
  readonly label: string;
  readonly tools: readonly Tool[];
}

function mark(name: IconName & string, label: string, keys: string): Tool {
  return {
    name,
    label,
    keys,
    run: (editor) => editor.chain().focus().toggleMark(name).run(),
    isOn: (editor) => editor.isActive(name),
  };
}

function list(name: "bulletList" | "orderedList" | "taskList", item: string, label: string, keys: string): Tool {
  return {
    name,
    label,
    keys,
    run: (editor) => editor.chain().focus().toggleList(name, item).run(),
    isOn: (editor) => editor.isActive(name),
  };
}

export const bold = mark("bold", "Bold", "Ctrl+B");
export const italic = mark("italic", "Italic", "Ctrl+I");

export const link: Tool = {
  name: "link",
  label: "Link",
  keys: "Ctrl+K",
  run: (editor) => ask(editor, "link"),
  isOn: (editor) => editor.isActive("link"),
};

export const comment: Tool = {
  name: "comment",
  label: "Comment",
  keys: "Ctrl+Alt+M",
  run: (editor) => ask(editor, "comment"),
  isPossible: (editor) => !editor.state.selection.empty,
};

export const groups: readonly ToolGroup[] = [
  {
    label: "History",
    tools: [
      { name: "undo", label: "Undo", keys: "Ctrl+Z", run: (editor) => editor.chain().focus().undo().run() },
      { name: "redo", label: "Redo", keys: "Ctrl+Shift+Z", run: (editor) => editor.chain().focus().redo().run() },
    ],
  },
  {
    label: "Text",
    tools: [
      bold,
      italic,
      mark("underline", "Underline", "Ctrl+U"),
      mark("strike", "Strikethrough", "Alt+Shift+5"),
      mark("code", "Code", "Ctrl+E"),
      link,
    ],
  },
  {
    label: "Lists",
    tools: [
      list("bulletList", "listItem", "Bulleted list", "Ctrl+Shift+8"),
      list("orderedList", "listItem", "Numbered list", "Ctrl+Shift+7"),
      list("taskList", "taskItem", "Check list", "Ctrl+Shift+9"),
    ],
  },
  {
    label: "Blocks",
    tools: [
      {
        name: "blockquote",
        label: "Quote",
        keys: "Ctrl+Shift+B",
        run: (editor) => editor.chain().focus().toggleBlockquote().run(),
        isOn: (editor) => editor.isActive("blockquote"),
      },
      {
        name: "codeBlock",
        label: "Code block",
        keys: "Ctrl+Alt+C",
        run: (editor) => editor.chain().focus().toggleCodeBlock().run(),
        isOn: (editor) => editor.isActive("codeBlock"),
      },
      {
        name: "horizontalRule",
        label: "Rule",
        run: (editor) => editor.chain().focus().setHorizontalRule().run(),
      },
      {
        name: "table",
        label: "Table",
        run: (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
        isPossible: (editor) => !editor.isActive("table"),
      },
    ],
  },
  { label: "Comments", tools: [comment] },
];

export const tableGroup: ToolGroup = {
  label: "Table",
  tools: [
    { name: "rowBefore", label: "Row above", run: (editor) => editor.chain().focus().addRowBefore().run() },
    { name: "rowAfter", label: "Row below", run: (editor) => editor.chain().focus().addRowAfter().run() },
    { name: "rowDelete", label: "Delete row", run: (editor) => editor.chain().focus().deleteRow().run() },
    { name: "columnBefore", label: "Column before", run: (editor) => editor.chain().focus().addColumnBefore().run() },
    { name: "columnAfter", label: "Column after", run: (editor) => editor.chain().focus().addColumnAfter().run() },
    { name: "columnDelete", label: "Delete column", run: (editor) => editor.chain().focus().deleteColumn().run() },
    { name: "headerRow", label: "Header row", run: (editor) => editor.chain().focus().toggleHeaderRow().run() },
    {
      name: "mergeCells",
      label: "Merge cells",
      run: (editor) => editor.chain().focus().mergeCells().run(),
      isPossible: (editor) => editor.can().mergeCells(),
    },
    {
      name: "splitCell",
      label: "Split cell",
      run: (editor) => editor.chain().focus().splitCell().run(),
      isPossible: (editor) => editor.can().splitCell(),
    },
    { name: "tableDelete", label: "Delete table", run: (editor) => editor.chain().focus().deleteTable().run() },
  ],
};
