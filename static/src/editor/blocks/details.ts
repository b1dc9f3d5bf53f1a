/** Toggles: a summary, and the blocks that it shows or hides. Whether it is open is each reader's own affair. */

import { findParentNode, Node, type RawCommands } from "@tiptap/core";
import { TextSelection } from "@tiptap/pm/state";
import { DetailsView, openAround } from "./details_view";
import { leaveAtEnd } from "./leave";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    details: {
      /** A toggle whose summary is the block at the caret. */
      setDetails: () => ReturnType;
      unsetDetails: () => ReturnType;
    };
  }
}

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
    return {
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection;
        if (empty && $from.parent.type.name === "detailsSummary") {
          return editor.commands.setTextSelection($from.after() + 2);
        }
        return leaveAtEnd(editor, this.name);
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

const setDetails: RawCommands["setDetails"] =
  () =>
  ({ state, tr, dispatch }) => {
    const { $from } = tr.selection;
    const { detailsSummary, detailsContent, details, paragraph } = state.schema.nodes;
    if (!$from.parent.isTextblock || $from.depth === 0 || !details || !detailsSummary || !detailsContent) return false;
    const index = $from.index(-1);
    if (!$from.node(-1).canReplaceWith(index, index + 1, details)) return false;
    const block = $from.parent;
    // A summary holds text only: a block with more in it goes below the summary as it is.
    const isText = block.content.content.every((node) => node.isText);
    const summary = detailsSummary.create(null, isText ? block.content : null);
    const hidden = detailsContent.create(null, isText ? paragraph?.create() : block);
    tr.replaceWith($from.before(), $from.after(), details.create(null, [summary, hidden]));
    tr.setSelection(TextSelection.create(tr.doc, $from.before() + 2 + summary.content.size));
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
    const at = tr.doc.resolve(pos);
    if (!at.parent.canReplaceWith(at.index(), at.index() + 1, paragraph)) return false;
    tr.replaceWith(pos, pos + node.nodeSize, blocks);
    tr.setSelection(TextSelection.near(tr.doc.resolve(pos + 1)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };
