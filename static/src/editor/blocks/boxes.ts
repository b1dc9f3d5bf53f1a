/** Blocks around blocks: callouts, toggles and columns. */

import { findParentNode, Node, type RawCommands } from "@tiptap/core";
import type { ResolvedPos } from "@tiptap/pm/model";
import { TextSelection } from "@tiptap/pm/state";
import { DetailsView, openAround } from "./details_view";

export const CALLOUTS = ["note", "tip", "important", "warning", "caution"] as const;

export type Callout = (typeof CALLOUTS)[number];

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    callout: {
      /** Puts the selected blocks into a callout, or makes the one around them one of this kind. */
      setCallout: (kind: Callout) => ReturnType;
      /** Takes the blocks out of their callout. */
      unsetCallout: () => ReturnType;
    };
    details: {
      /** A toggle whose summary is the block at the caret. */
      setDetails: () => ReturnType;
      unsetDetails: () => ReturnType;
    };
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

function calloutKind(value: unknown): Callout {
  return CALLOUTS.find((kind) => kind === value) ?? "note";
}

export const CalloutNode = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,

  addAttributes: () => ({
    kind: { default: "note", parseHTML: ({ dataset }) => calloutKind(dataset.kind), rendered: false },
  }),

  parseHTML: () => [{ tag: "div.callout" }],

  renderHTML({ node }) {
    const kind = calloutKind(node.attrs.kind);
    const label = kind[0]?.toUpperCase() + kind.slice(1);
    return ["div", { class: "callout", "data-kind": kind, role: "note", "aria-label": label }, 0];
  },

  addCommands() {
    return {
      setCallout:
        (kind) =>
        ({ editor, commands }) =>
          editor.isActive(this.name)
            ? commands.updateAttributes(this.name, { kind })
            : commands.wrapIn(this.name, { kind }),
      unsetCallout:
        () =>
        ({ commands }) =>
          commands.lift(this.name),
    };
  },
});

export const Details = Node.create({
  name: "details",
  group: "block",
  content: "detailsSummary detailsContent",
  defining: true,
  isolating: true,

  parseHTML: () => [{ tag: "details" }],
  renderHTML: () => ["details", 0],

  addNodeView() {
    return ({ view, getPos, node }) => new DetailsView(view, getPos, node);
  },

  onSelectionUpdate() {
    openAround(this.editor);
  },

  addCommands() {
    return { setDetails, unsetDetails };
  },

  addKeyboardShortcuts() {
    const exit = (name: string) => leaveAtEnd(this.editor.state.selection.$from, name);
    return {
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection;
        if (empty && $from.parent.type.name === "detailsSummary") {
          return editor.commands.setTextSelection($from.after() + 2);
        }
        const after = exit("details") ?? exit("columns");
        return after !== null && editor.chain().command(moveOut(after)).run();
      },
      Backspace: ({ editor }) => {
        const { $from, empty } = editor.state.selection;
        const isStart = empty && $from.parent.type.name === "detailsSummary" && $from.parentOffset === 0;
        return isStart && (editor.commands.undoInputRule() || editor.commands.unsetDetails());
      },
    };
  },
});

export const DetailsSummary = Node.create({
  name: "detailsSummary",
  content: "text*",
  defining: true,
  selectable: false,
  isolating: true,
  parseHTML: () => [{ tag: "summary" }],
  renderHTML: () => ["summary", 0],
});

export const DetailsContent = Node.create({
  name: "detailsContent",
  content: "block+",
  defining: true,
  selectable: false,
  parseHTML: () => [{ tag: "div.details-content" }],
  renderHTML: () => ["div", { class: "details-content" }, 0],
});

export const Columns = Node.create({
  name: "columns",
  group: "block",
  content: "column+",
  defining: true,
  isolating: true,
  parseHTML: () => [{ tag: "div.columns" }],
  renderHTML: () => ["div", { class: "columns" }, 0],

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

const setDetails: RawCommands["setDetails"] =
  () =>
  ({ state, tr, dispatch }) => {
    const { $from } = tr.selection;
    const { detailsSummary, detailsContent, details, paragraph } = state.schema.nodes;
    if (!$from.parent.isTextblock || $from.depth === 0 || !details || !detailsSummary || !detailsContent) return false;
    const index = $from.index(-1);
    if (!$from.node(-1).canReplaceWith(index, index + 1, details)) return false;
    const words = $from.parent.content.content.filter((node) => node.isText);
    const hidden = detailsContent.create(null, paragraph?.create());
    tr.replaceWith($from.before(), $from.after(), details.create(null, [detailsSummary.create(null, words), hidden]));
    tr.setSelection(
      TextSelection.create(tr.doc, $from.before() + 2 + words.reduce((sum, node) => sum + node.nodeSize, 0)),
    );
    dispatch?.(tr.scrollIntoView());
    return true;
  };

/** The summary becomes a paragraph, and what it hid stands below it. */
const unsetDetails: RawCommands["unsetDetails"] =
  () =>
  ({ state, tr, dispatch }) => {
    const found = findParentNode((node) => node.type.name === "details")(tr.selection);
    const paragraph = state.schema.nodes.paragraph;
    if (!found || !paragraph) return false;
    const [summary, content] = found.node.content.content;
    if (!summary || !content) return false;
    const blocks = [paragraph.create(null, summary.content), ...content.content.content];
    const { node, pos } = found;
    if (
      !tr.doc
        .resolve(pos)
        .parent.canReplaceWith(tr.doc.resolve(pos).index(), tr.doc.resolve(pos).index() + 1, paragraph)
    )
      return false;
    tr.replaceWith(pos, pos + node.nodeSize, blocks);
    tr.setSelection(TextSelection.near(tr.doc.resolve(pos + 1)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };

const setColumns: RawCommands["setColumns"] =
  (count) =>
  ({ state, tr, dispatch }) => {
    const { columns, column, paragraph } = state.schema.nodes;
    const range = tr.selection.$from.blockRange(tr.selection.$to);
    if (!columns || !column || !paragraph || !range) return false;
    const { parent, startIndex, endIndex, start, end } = range;
    if (!parent.canReplaceWith(startIndex, endIndex, columns)) return false;
    const first = column.create(
      null,
      parent.content.cut(start - range.$from.start(range.depth), end - range.$from.start(range.depth)),
    );
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

/** Where to go on writing when Enter is pressed in an empty paragraph at the end of such a block; null elsewhere. */
function leaveAtEnd($from: ResolvedPos, name: string): number | null {
  if ($from.parent.type.name !== "paragraph" || $from.parent.content.size > 0) return null;
  const depth = $from.depth - 2;
  if (depth < 1 || $from.node(depth).type.name !== name) return null;
  const inner = $from.node(depth + 1);
  const isLast = $from.index(depth + 1) === inner.childCount - 1 && inner.childCount > 1;
  return isLast && $from.index(depth) === $from.node(depth).childCount - 1 ? $from.after(depth) : null;
}

/** Moves the empty paragraph at the caret to `after`. */
function moveOut(after: number): Parameters<ReturnType<import("@tiptap/core").Editor["chain"]>["command"]>[0] {
  return ({ tr, state }) => {
    const { $from } = tr.selection;
    const paragraph = state.schema.nodes.paragraph;
    if (!paragraph) return false;
    tr.insert(after, paragraph.create());
    tr.delete($from.before(), $from.after());
    tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(after, -1) + 1)));
    tr.scrollIntoView();
    return true;
  };
}
