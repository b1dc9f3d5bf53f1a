/**
 * What the editor can do: one row for each command, with its name, its keys, and how to tell that it is on. The toolbar,
 * its menus and the list of keys are made of these rows, and so is whatever else offers commands.
 */

import type { Editor } from "@tiptap/core";
import { t } from "../words";
import type { IconName } from "./icons";
import type { Colour } from "./palette";
import { ask, clearFormatting } from "./shortcuts";
import { advancedBlocks, basicBlocks, lists, mediaBlocks } from "./tools/blocks";
import { alignments, colours, highlights } from "./tools/looks";
import { moves } from "./tools/moves";
import { views } from "./tools/views";

export interface Tool {
  /** Unique; also in the document, as data-tool. */
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  /** What is shown instead of the icon: the colour that it gives. */
  readonly swatch?: { readonly kind: "ink" | "wash"; readonly colour: Colour | null };
  /** As on a keyboard with Ctrl; shown in the tooltip. */
  readonly keys?: string;
  /** Other words that somebody may look for it by. */
  readonly words?: string;
  readonly run: (editor: Editor) => boolean;
  /** What it is called where it stands alone, away from its group. */
  readonly fullLabel?: string;
  /** Left out for commands that are not on or off. */
  readonly isOn?: (editor: Editor) => boolean;
  readonly isPossible?: (editor: Editor) => boolean;
}

export interface ToolGroup {
  readonly label: string;
  readonly tools: readonly Tool[];
}

/** A button that opens groups of tools. */
export interface ToolMenu {
  readonly label: string;
  readonly icon: IconName;
  readonly groups: readonly ToolGroup[];
}

function mark(name: IconName & string, label: string, keys: string): Tool {
  return {
    name,
    icon: name,
    label,
    keys,
    run: (editor) => editor.chain().focus().toggleMark(name).run(),
    isOn: (editor) => editor.isActive(name),
  };
}

export const bold = mark("bold", t("Bold"), "Ctrl+B");
export const italic = mark("italic", t("Italic"), "Ctrl+I");

export const link: Tool = {
  name: "link",
  icon: "link",
  label: t("Link"),
  keys: "Ctrl+K",
  run: (editor) => ask(editor, "link"),
  isOn: (editor) => editor.isActive("link"),
};

export const comment: Tool = {
  name: "comment",
  icon: "comment",
  label: t("Comment"),
  keys: "Ctrl+Alt+M",
  run: (editor) => ask(editor, "comment"),
  isPossible: (editor) => !editor.state.selection.empty,
};

export const history: ToolGroup = {
  label: t("History"),
  tools: [
    {
      name: "undo",
      icon: "undo",
      label: t("Undo"),
      keys: "Ctrl+Z",
      run: (editor) => editor.chain().focus().undo().run(),
    },
    {
      name: "redo",
      icon: "redo",
      label: t("Redo"),
      keys: "Ctrl+Shift+Z",
      run: (editor) => editor.chain().focus().redo().run(),
    },
  ],
};

export const text: ToolGroup = {
  label: t("Text"),
  tools: [
    bold,
    italic,
    mark("underline", t("Underline"), "Ctrl+U"),
    mark("strike", t("Strikethrough"), "Alt+Shift+5"),
    mark("code", t("Code"), "Ctrl+E"),
    link,
  ],
};

const moreText: ToolGroup = {
  label: t("More"),
  tools: [
    {
      name: "superscript",
      icon: "superscript",
      label: t("Superscript"),
      keys: "Ctrl+.",
      run: (editor) => editor.chain().focus().toggleSuperscript().run(),
      isOn: (editor) => editor.isActive("superscript"),
    },
    {
      name: "subscript",
      icon: "subscript",
      label: t("Subscript"),
      keys: "Ctrl+,",
      run: (editor) => editor.chain().focus().toggleSubscript().run(),
      isOn: (editor) => editor.isActive("subscript"),
    },
    { name: "clear", icon: "clear", label: t("Clear formatting"), keys: "Ctrl+\\", run: clearFormatting },
  ],
};

export const looks: ToolMenu = {
  label: t("Colour and more"),
  icon: "textColor",
  groups: [colours, highlights, moreText],
};

export const alignment: ToolMenu = { label: t("Alignment"), icon: "alignLeft", groups: [alignments] };

/** The marks that are wanted most. */
export const marks: readonly Tool[] = text.tools;

export const turnInto: ToolMenu = { label: t("Turn into"), icon: "paragraph", groups: [basicBlocks, lists] };

/** What the handle beside a block offers. */
export const block: ToolMenu = {
  label: t("Block"),
  icon: "grip",
  groups: [moves, { ...basicBlocks, label: t("Turn into") }, lists],
};

export const insertion: ToolMenu = { label: t("Insert"), icon: "insert", groups: [mediaBlocks, advancedBlocks] };

/** All blocks, as a menu of blocks offers them. */
export const blocks: readonly ToolGroup[] = [basicBlocks, lists, mediaBlocks, advancedBlocks];

/** The toolbar from left to right; the style of the text stands behind the first. */
export const toolbar: readonly (ToolGroup | ToolMenu)[] = [
  history,
  text,
  looks,
  alignment,
  lists,
  { label: t("Blocks"), tools: basicBlocks.tools.filter(({ name }) => ["blockquote", "codeBlock"].includes(name)) },
  insertion,
  { label: t("Move"), icon: "grip", groups: [moves] },
  { label: t("Comments"), tools: [comment] },
];

export function isMenu(item: ToolGroup | ToolMenu): item is ToolMenu {
  return "groups" in item;
}

/** Every group that is not empty, each tool once. */
export function everyGroup(): ToolGroup[] {
  const groups = [...toolbar.flatMap((item) => (isMenu(item) ? item.groups : [item])), ...blocks, views];
  const known = new Set<string>();
  const isNew = ({ name }: Tool) => !known.has(name) && known.add(name).size > 0;
  return groups
    .map(({ label, tools }) => ({ label, tools: tools.filter(isNew) }))
    .filter(({ tools }) => tools.length > 0);
}

export function everyTool(): Tool[] {
  return everyGroup().flatMap((group) => group.tools);
}
