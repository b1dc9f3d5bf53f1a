/** The blocks that one can begin or put in, by group. */

import type { Editor } from "@tiptap/core";
import { t } from "../../words";
import { pickEmoji } from "../emoji/pick";
import type { IconName } from "../icons";
import { beginMention } from "../mentions/put";
import { ask } from "../shortcuts";
import type { Tool, ToolGroup } from "../tools";

type Level = 1 | 2 | 3 | 4 | 5 | 6;

function heading(level: Level): Tool {
  return {
    name: `heading${level}`,
    icon: "heading",
    label: t("Heading {level}", { level }),
    keys: `Ctrl+Alt+${level}`,
    words: `h${level} ${t("title section")}`,
    run: (editor) => editor.chain().focus().setHeading({ level }).run(),
    isOn: (editor) => editor.isActive("heading", { level }),
  };
}

const LEVELS: readonly Level[] = [1, 2, 3, 4, 5, 6];

export const basicBlocks: ToolGroup = {
  label: t("Basic"),
  tools: [
    {
      name: "paragraph",
      icon: "paragraph",
      label: t("Text"),
      keys: "Ctrl+Alt+0",
      words: t("paragraph plain"),
      run: (editor) => editor.chain().focus().setParagraph().run(),
      isOn: (editor) => editor.isActive("paragraph"),
    },
    ...LEVELS.map(heading),
    {
      name: "blockquote",
      icon: "blockquote",
      label: t("Quote"),
      keys: "Ctrl+Shift+B",
      words: t("citation"),
      run: (editor) => editor.chain().focus().toggleBlockquote().run(),
      isOn: (editor) => editor.isActive("blockquote"),
    },
    {
      name: "codeBlock",
      icon: "codeBlock",
      label: t("Code block"),
      keys: "Ctrl+Alt+C",
      words: t("program source"),
      run: (editor) => editor.chain().focus().toggleCodeBlock().run(),
      isOn: (editor) => editor.isActive("codeBlock"),
    },
  ],
};

function list(name: "bulletList" | "orderedList" | "taskList", item: string, label: string, keys: string): Tool {
  return {
    name,
    icon: name,
    label,
    keys,
    words: name === "taskList" ? t("todo checkbox") : t("items enumeration"),
    run: (editor) => editor.chain().focus().toggleList(name, item).run(),
    isOn: (editor) => editor.isActive(name),
  };
}

export const lists: ToolGroup = {
  label: t("Lists"),
  tools: [
    list("bulletList", "listItem", t("Bulleted list"), "Ctrl+Shift+8"),
    list("orderedList", "listItem", t("Numbered list"), "Ctrl+Shift+7"),
    list("taskList", "taskItem", t("Check list"), "Ctrl+Shift+9"),
  ],
};

export const mediaBlocks: ToolGroup = {
  label: t("Media"),
  tools: [
    {
      name: "image",
      icon: "image",
      label: t("Image"),
      words: t("picture photo upload"),
      run: (editor) => ask(editor, "image"),
    },
    {
      name: "file",
      icon: "file",
      label: t("File"),
      words: t("attachment upload document"),
      run: (editor) => ask(editor, "file"),
    },
    {
      name: "embed",
      icon: "embed",
      label: t("Link as a card"),
      words: t("bookmark embed website"),
      run: (editor) => ask(editor, "embed"),
    },
  ],
};

function insert(name: IconName & string, label: string, words: string, run: (editor: Editor) => boolean): Tool {
  return { name, icon: name, label, words, run };
}

export const advancedBlocks: ToolGroup = {
  label: t("Advanced"),
  tools: [
    {
      ...insert("table", t("Table"), t("grid rows columns"), (editor) =>
        editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
      ),
      isPossible: (editor) => !editor.isActive("table"),
    },
    {
      ...insert("callout", t("Callout"), t("note tip warning box"), (editor) =>
        editor.isActive("callout")
          ? editor.chain().focus().unsetCallout().run()
          : editor.chain().focus().setCallout("note").run(),
      ),
      isOn: (editor) => editor.isActive("callout"),
    },
    {
      ...insert("details", t("Toggle"), t("fold collapse details summary"), (editor) =>
        editor.isActive("details")
          ? editor.chain().focus().unsetDetails().run()
          : editor.chain().focus().setDetails().run(),
      ),
      isOn: (editor) => editor.isActive("details"),
    },
    insert("columns", t("Columns"), t("side by side layout"), (editor) => editor.chain().focus().setColumns(2).run()),
    insert("horizontalRule", t("Rule"), t("line divider separator"), (editor) =>
      editor.chain().focus().setHorizontalRule().run(),
    ),
    insert("mention", t("Mention"), t("person people document date today @"), beginMention),
    insert("emoji", t("Emoji"), t("smiley sign symbol :"), pickEmoji),
    { ...insert("inlineMath", t("Formula"), t("math latex equation"), (editor) => ask(editor, "inlineMath")) },
    {
      ...insert("blockMath", t("Formula on its own line"), t("math latex equation"), (editor) =>
        ask(editor, "blockMath"),
      ),
    },
    {
      ...insert("footnote", t("Footnote"), t("note reference"), (editor) =>
        editor.chain().focus().insertFootnote().run(),
      ),
    },
    insert("contents", t("Table of contents"), t("toc outline headings"), (editor) =>
      editor.chain().focus().insertContents().run(),
    ),
  ],
};
