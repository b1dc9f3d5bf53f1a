/** The way out of a block of blocks: Enter in an empty paragraph at its end goes on below it. */

import type { Editor } from "@tiptap/core";
import type { ResolvedPos } from "@tiptap/pm/model";
import { TextSelection } from "@tiptap/pm/state";

/** `name` is that of the outer block, such as a toggle, whose last part the caret is in. False where that is not so. */
export function leaveAtEnd({ state, view }: Editor, name: string): boolean {
  const { tr } = state;
  const { $from, empty } = tr.selection;
  const { paragraph } = state.schema.nodes;
  const after = empty ? endOf($from, name) : null;
  if (after === null || !paragraph) return false;
  tr.insert(after, paragraph.create());
  tr.delete($from.before(), $from.after());
  tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(after, -1) + 1)));
  view.dispatch(tr.scrollIntoView());
  return true;
}

/** Where the outer block ends, if the caret is in an empty paragraph that is the last thing in it, but not the only one. */
function endOf($from: ResolvedPos, name: string): number | null {
  const depth = $from.depth - 2;
  if (depth < 1 || $from.parent.type.name !== "paragraph" || $from.parent.content.size > 0) return null;
  const [outer, inner] = [$from.node(depth), $from.node(depth + 1)];
  const isLast = $from.index(depth) === outer.childCount - 1 && $from.index(depth + 1) === inner.childCount - 1;
  return outer.type.name === name && isLast && inner.childCount > 1 ? $from.after(depth) : null;
}
