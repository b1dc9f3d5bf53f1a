/**
 * What is copied as text is Markdown where there is something that only Markdown can say: a mark, or blocks of more kinds
 * than one paragraph. Words out of one block are those words, and so is code. The HTML beside it is ProseMirror's.
 */

import type { Node, Schema, Slice } from "@tiptap/pm/model";
import type { EditorView } from "@tiptap/pm/view";
import { COMMENT } from "../editor/comment_mark";
import { copy } from "../ui/copy_link";
import { toast } from "../ui/toast";
import { t } from "../words";
import { load, ready } from "./load";

/** "" leaves it to ProseMirror, which takes the text alone. */
export function copiedText(slice: Slice, view: EditorView): string {
  const formats = ready();
  if (!formats || !hasFormatting(slice)) return "";
  const { $from, to } = view.state.selection;
  return formats.toMarkdown(rootOf(slice, $from.node($from.sharedDepth(to))));
}

/** The whole document, as it is in this page. */
export async function copyAsMarkdown(document: Node): Promise<void> {
  const formats = await load().catch(() => null);
  if (formats && (await copy(formats.toMarkdown(document)))) toast(t("The document is on the clipboard, as Markdown."));
  else toast(t("It could not be put on the clipboard: take “Download as Markdown”."), "error");
}

function hasFormatting({ content, openStart }: Slice): boolean {
  let block = content.firstChild;
  let [parts, depth] = [content.childCount, 1];
  while (block && parts === 1 && !block.isTextblock && block.childCount > 0) {
    [parts, depth] = [block.childCount, depth + 1];
    block = block.firstChild;
  }
  const isOneBlock = parts === 1 && block !== null && (block.isTextblock || block.isInline);
  if (!isOneBlock || !block) return true;
  if (block.type.spec.code) return openStart < depth;
  return (block.type.name !== "paragraph" && openStart < depth) || holdsMarks(block);
}

function holdsMarks(block: Node): boolean {
  let found = block.isAtom && !block.isText;
  block.descendants((node) => {
    found ||= !node.isText || node.marks.some(({ type }) => type.name !== COMMENT);
  });
  return found;
}

/** Items without their list, and rows and cells without their table, are copied with it. */
function rootOf({ content }: Slice, around: Node): Node {
  const { schema } = around.type;
  const first = content.firstChild;
  const name = first ? AROUND[first.type.name] : undefined;
  if (first?.isInline) return document(schema, [schema.node("paragraph", null, content)]);
  if (!name) return schema.topNodeType.create(null, content);
  if (name === "tableRow")
    return document(schema, [schema.node("table", null, schema.node("tableRow", null, content))]);
  const list = first?.type.name === "listItem" && around.type.name === "orderedList" ? "orderedList" : name;
  return document(schema, [(schema.nodes[list] as Node["type"]).create(null, content)]);
}

const AROUND: Record<string, string> = {
  listItem: "bulletList",
  taskItem: "taskList",
  tableRow: "table",
  tableCell: "tableRow",
  tableHeader: "tableRow",
};

function document(schema: Schema, blocks: readonly Node[]): Node {
  return schema.topNodeType.create(null, blocks);
}
