/**
 * Refuses what must not reach the shared document: any change by somebody who may not write, and any change that cuts a
 * surrogate pair (after which replicas differ for ever). What comes from the shared document itself always passes.
 */

import type { Node } from "@tiptap/pm/model";
import { Plugin, type Transaction } from "@tiptap/pm/state";
import type { Step } from "@tiptap/pm/transform";
import { ySyncPluginKey } from "@tiptap/y-tiptap";

export function guard(isEditable: () => boolean): Plugin {
  return new Plugin({
    filterTransaction(transaction) {
      if (!transaction.docChanged || transaction.getMeta(ySyncPluginKey)) return true;
      return isEditable() && !cutsPair(transaction);
    },
  });
}

export function cutsPair(transaction: Transaction): boolean {
  return transaction.steps.some((step, index) => {
    const before = transaction.docs[index];
    return before !== undefined && stepCutsPair(step, before);
  });
}

/** Steps that replace have `from`, `to` and a slice; steps that set marks have `from` and `to`. */
function stepCutsPair(step: Step, before: Node): boolean {
  const { from, to, slice } = step as { from?: number; to?: number; slice?: { content: Node["content"] } };
  const isCut = [from, to].some((position) => position !== undefined && isInsidePair(before, position));
  return isCut || (slice !== undefined && holdsHalfPair(slice.content));
}

export function isInsidePair(doc: Node, position: number): boolean {
  const at = doc.resolve(position);
  if (at.textOffset === 0) return false;
  const text = at.parent.child(at.index()).text ?? "";
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at.textOffset - 1, at.textOffset + 1));
}

function holdsHalfPair(content: Node["content"]): boolean {
  let isHalf = false;
  content.descendants((node) => {
    isHalf ||= node.isText && /\p{Surrogate}/u.test(node.text ?? "");
    return !isHalf;
  });
  return isHalf;
}
