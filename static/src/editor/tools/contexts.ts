/** Tools for what the selection stands in: shown while it does. */

import type { Editor } from "@tiptap/core";
import { t } from "../../words";
import type { Side } from "../blocks/attributes";
import { CALLOUT_NAMES, CALLOUTS, type Callout } from "../blocks/callout";
import { MOST_COLUMNS } from "../blocks/columns";
import { widenColumns } from "../blocks/table";
import type { IconName } from "../icons";
import { ask } from "../shortcuts";
import type { Tool, ToolGroup } from "../tools";

export interface Context extends ToolGroup {
  readonly isHere: (editor: Editor) => boolean;
}

type Chain = ReturnType<Editor["chain"]>;

function tool(name: IconName & string, label: string, change: (chain: Chain) => Chain, more: Partial<Tool> = {}): Tool {
  return { name, icon: name, label, run: (editor) => change(editor.chain().focus()).run(), ...more };
}

/** Pixels. */
const WIDTH_STEP = 20;

function width(name: IconName & string, label: string, by: number): Tool {
  return { name, icon: name, label, run: (editor) => widenColumns(editor, by) };
}

const table: Context = {
  label: t("Table"),
  isHere: (editor) => editor.isActive("table"),
  tools: [
    tool("rowBefore", t("Row above"), (chain) => chain.addRowBefore()),
    tool("rowAfter", t("Row below"), (chain) => chain.addRowAfter(), { keys: "Ctrl+Enter" }),
    tool("rowDelete", t("Delete row"), (chain) => chain.deleteRow()),
    tool("columnBefore", t("Column before"), (chain) => chain.addColumnBefore()),
    tool("columnAfter", t("Column after"), (chain) => chain.addColumnAfter()),
    tool("columnDelete", t("Delete column"), (chain) => chain.deleteColumn()),
    width("columnNarrower", t("Narrower column"), -WIDTH_STEP),
    width("columnWider", t("Wider column"), WIDTH_STEP),
    tool("headerRow", t("Header row"), (chain) => chain.toggleHeaderRow()),
    tool("headerColumn", t("Header column"), (chain) => chain.toggleHeaderColumn()),
    tool("mergeCells", t("Merge cells"), (chain) => chain.mergeCells(), {
      isPossible: (editor) => editor.can().mergeCells(),
    }),
    tool("splitCell", t("Split cell"), (chain) => chain.splitCell(), {
      isPossible: (editor) => editor.can().splitCell(),
    }),
    tool("tableDelete", t("Delete table"), (chain) => chain.deleteTable()),
  ],
};

function kind(name: Callout): Tool {
  const label = CALLOUT_NAMES[name];
  const isOn = (editor: Editor) => editor.isActive("callout", { kind: name });
  return { ...tool(name, label, (chain) => chain.setCallout(name)), name: `callout-${name}`, isOn };
}

const callout: Context = {
  label: t("Callout"),
  isHere: (editor) => editor.isActive("callout"),
  tools: CALLOUTS.map(kind),
};

const columns: Context = {
  label: t("Columns"),
  isHere: (editor) => editor.isActive("column"),
  tools: [
    tool("columnAfter", t("Add a column"), (chain) => chain.addTextColumn(), {
      name: "add-text-column",
      isPossible: (editor) => editor.can().addTextColumn(),
    }),
    tool(
      "columnDelete",
      t("Delete this column (of up to {most})", { most: MOST_COLUMNS }),
      (chain) => chain.deleteTextColumn(),
      {
        name: "delete-text-column",
      },
    ),
  ],
};

function side(align: Side, name: IconName & string, label: string): Tool {
  const isOn = (editor: Editor) => editor.isActive("image", { align });
  return { ...tool(name, label, (chain) => chain.updateAttributes("image", { align })), name: `image-${align}`, isOn };
}

const properties: Tool = {
  name: "properties",
  icon: "properties",
  label: t("Change"),
  keys: "Enter",
  run: (editor) => ask(editor, "properties"),
};

const image: Context = {
  label: t("Image"),
  isHere: (editor) => editor.isActive("image"),
  tools: [
    side("left", "alignLeft", t("To the left")),
    side("center", "alignCenter", t("In the middle")),
    side("right", "alignRight", t("To the right")),
    { ...properties, name: "image-properties", label: t("Description and width") },
  ],
};

const ATOMS = ["inlineMath", "blockMath", "embed", "file"];

const atom: Context = {
  label: t("Selected"),
  isHere: (editor) => ATOMS.some((name) => editor.isActive(name)),
  tools: [properties],
};

export const contexts: readonly Context[] = [table, callout, columns, image, atom];
