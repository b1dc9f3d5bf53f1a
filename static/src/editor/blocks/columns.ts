/** Columns: blocks beside each other. */

import { findParentNode, Node, type RawCommands } from "@tiptap/core";
import { TextSelection } from "@tiptap/pm/state";
import { leaveAtEnd } from "./leave";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    columns: {
      /** Columns beside each other, the first of which holds the block at the caret. */
      setColumns: (count: number) => ReturnType;
      addTextColumn: () => ReturnType;
      /** The column's blocks go; with the last but one, what is left stands alone again. */
      deleteTextColumn: () => ReturnType;
    };
  }
}

export const MOST_COLUMNS = 4;

export const Columns = Node.create({
  name: "columns",
  group: "block",
  content: "column+",
  defining: true,
  isolating: true,
  parseHTML: () => [{ tag: "div.columns" }],
  renderHTML: () => ["div", { class: "columns" }, 0],

  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => leaveAtEnd(editor, this.name) };
  },

  addCommands() {
    return { setColumns, addTextColumn, deleteTextColumn };
  },
});

export const Column = Node.create({
  name: "column",
  content: "block+",
  isolating: true,
  selectable: false,
  parseHTML: () => [{ tag: "div.column" }],
  renderHTML: () => ["div", { class: "column" }, 0],
});

const setColumns: RawCommands["setColumns"] =
  (count) =>
  ({ state, tr, dispatch }) => {
    const { columns, column, paragraph } = state.schema.nodes;
    const range = tr.selection.$from.blockRange(tr.selection.$to);
    if (!columns || !column || !paragraph || !range) return false;
    const { parent, startIndex, endIndex, start, end } = range;
    if (!parent.canReplaceWith(startIndex, endIndex, columns)) return false;
    const before = range.$from.start(range.depth);
    const first = column.create(null, parent.content.cut(start - before, end - before));
    const others = Array.from({ length: Math.min(count, MOST_COLUMNS) - 1 }, () =>
      column.create(null, paragraph.create()),
    );
    tr.replaceWith(start, end, columns.create(null, [first, ...others]));
    tr.setSelection(TextSelection.near(tr.doc.resolve(start + 2)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };

const addTextColumn: RawCommands["addTextColumn"] =
  () =>
  ({ state, tr, dispatch }) => {
    const found = findParentNode((node) => node.type.name === "column")(tr.selection);
    const { column, paragraph } = state.schema.nodes;
    if (!found || !column || !paragraph || tr.doc.resolve(found.pos).parent.childCount >= MOST_COLUMNS) return false;
    const after = found.pos + found.node.nodeSize;
    tr.insert(after, column.create(null, paragraph.create()));
    tr.setSelection(TextSelection.near(tr.doc.resolve(after + 1)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };

const deleteTextColumn: RawCommands["deleteTextColumn"] =
  () =>
  ({ tr, dispatch }) => {
    const found = findParentNode((node) => node.type.name === "column")(tr.selection);
    if (!found) return false;
    const at = tr.doc.resolve(found.pos);
    const rest = at.parent.content.content.filter((_, index) => index !== at.index());
    const [last] = rest;
    if (rest.length > 1) tr.delete(found.pos, found.pos + found.node.nodeSize);
    else tr.replaceWith(at.before(), at.after(), (last ?? found.node).content);
    tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(at.before() + 1, tr.doc.content.size))));
    dispatch?.(tr.scrollIntoView());
    return true;
  };
