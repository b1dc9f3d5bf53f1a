/**
 * The mark that anchors a comment thread in the text. It holds the thread's id and nothing else, is written by the server
 * only, and may lie over others of its kind. Nobody types, pastes or copies one: a copy would anchor the thread twice.
 */

import { Mark } from "@tiptap/core";
import { Fragment, type Node, Slice } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";

export const COMMENT = "comment";

export const CommentMark = Mark.create({
  name: COMMENT,
  excludes: "",
  inclusive: false,
  keepOnSplit: false,
  priority: 10,

  addAttributes() {
    return { thread: { default: null, renderHTML: ({ thread }) => ({ "data-thread": thread }) } };
  },

  renderHTML({ HTMLAttributes }) {
    return ["span", { ...HTMLAttributes, class: "comment" }, 0];
  },

  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: {
          transformPasted(slice, view) {
            // What is dragged within the text is moved, and may keep its threads.
            const isMoved = Boolean((view as { dragging?: { move: boolean } | null }).dragging?.move);
            return isMoved ? slice : withoutComments(slice);
          },
        },
      }),
    ];
  },
});

export function withoutComments(slice: Slice): Slice {
  return new Slice(strip(slice.content), slice.openStart, slice.openEnd);
}

function strip(content: Fragment): Fragment {
  const nodes: Node[] = [];
  content.forEach((node) => {
    const bare = node.marks.filter((mark) => mark.type.name !== COMMENT);
    nodes.push(node.isText ? node.mark(bare) : node.copy(strip(node.content)).mark(bare));
  });
  return Fragment.fromArray(nodes);
}

/** The threads that lie on the text at this position, the innermost last. */
export function threadsAt(doc: Node, position: number): string[] {
  const at = doc.resolve(position);
  const nodes = [at.nodeBefore, at.nodeAfter].filter((node) => node?.isText);
  return [...new Set(nodes.flatMap((node) => (node ? threadsOf(node) : [])))];
}

export function threadsOf(node: Node): string[] {
  return node.marks.filter((mark) => mark.type.name === COMMENT).map((mark) => String(mark.attrs.thread));
}
