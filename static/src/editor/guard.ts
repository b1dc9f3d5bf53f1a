/**
 * Refuses what must not reach the shared document: any change by somebody who may not write, any change that cuts a
 * surrogate pair (after which replicas differ for ever), and any change that is more than the server takes at once, for
 * that could not be taken back either: Yjs keeps for redo what has been undone. What comes from the shared document itself
 * always passes.
 */

import type { Node, Slice } from "@tiptap/pm/model";
import { Plugin, type Transaction } from "@tiptap/pm/state";
import type { Step } from "@tiptap/pm/transform";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { t } from "../words";

/** The most of one update (docs/protocol.md), less a tenth: what we count is an estimate. */
export const MOST_BYTES = 940_000;
const MOST_STRUCTS = 18_000;
const BYTES_OF_A_STRUCT = 20;

export const TOO_LARGE = t("That is more than the server takes at once. Nothing has been changed: do it in parts.");

/** `tooLarge` is called when a change is refused for its size: whoever made it must hear of it. */
export function guard(isEditable: () => boolean, tooLarge: () => void): Plugin {
  return new Plugin({
    filterTransaction(transaction) {
      if (!transaction.docChanged || transaction.getMeta(ySyncPluginKey)) return true;
      if (!isEditable() || cutsPair(transaction)) return false;
      const isFit = !isTooLarge(transaction);
      if (!isFit) tooLarge();
      return isFit;
    },
  });
}

/** Whether what a change inserts would make a larger update than the server takes. */
export function isTooLarge(transaction: Transaction): boolean {
  let structs = 0;
  let bytes = 0;
  for (const { slice } of transaction.steps as readonly { slice?: Slice }[]) {
    slice?.content.descendants((node) => {
      const { text, marks, attrs, type } = node;
      const set = Object.values(attrs).filter((value) => value !== null);
      // A mark begins and ends with a struct of its own; a block of text is two, the element and its text.
      structs += text === undefined ? 2 + set.length : 1 + 2 * marks.length;
      bytes += text === undefined ? type.name.length + sizeOf(set) : sizeOf(text) + sizeOf(marks);
    });
  }
  return structs > MOST_STRUCTS || bytes + structs * BYTES_OF_A_STRUCT > MOST_BYTES;
}

/** In bytes of JSON. */
function sizeOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
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
