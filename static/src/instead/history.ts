/** What Tiptap needs of prosemirror-history: nothing is ever in it, for undo is the CRDT's (editor/own_undo.ts). */

import type { Transaction } from "@tiptap/pm/state";

export function closeHistory(transaction: Transaction): Transaction {
  return transaction;
}

export function isHistoryTransaction(): boolean {
  return false;
}
