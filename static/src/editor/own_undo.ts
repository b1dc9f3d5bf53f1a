/**
 * Undo that takes back what was done here and nothing of others. Yjs deletes again what a step has put in, and with a block
 * whatever somebody else has written in it since; so a block with others' words stays, with all that it needs to be one.
 */

import type { Schema } from "@tiptap/pm/model";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { Remainder } from "./remainder";

/** One step of undo or redo, as Yjs keeps it. */
export type Step = Y.UndoManager["undoStack"][number];

export class OwnUndo extends Y.UndoManager {
  /** Called before the editor is changed. */
  taking: () => void = () => {};
  /** Called when a step has been taken back or done again, and the editor shows it. */
  taken: (step: Step) => void = () => {};
  readonly #schema: () => Schema;
  readonly #mayWrite: () => boolean;
  #kept: ReadonlySet<Y.Item> = new Set();

  constructor(root: Y.XmlFragment, schema: () => Schema, mayWrite: () => boolean) {
    super(root, {
      trackedOrigins: new Set([ySyncPluginKey]),
      captureTransaction: (transaction) => transaction.meta.get("addToHistory") !== false,
    });
    this.deleteFilter = (item) => !this.#kept.has(item);
    this.#schema = schema;
    this.#mayWrite = mayWrite;
  }

  /** Null when there is nothing to take back, or nothing may be written any more. */
  override undo(): Step | null {
    return this.#take(this.undoStack, () => super.undo());
  }

  override redo(): Step | null {
    return this.#take(this.redoStack, () => super.redo());
  }

  /** What a step would delete is looked at before it does, so the steps are taken one at a time until one changes something. */
  #take(stack: Step[], run: () => Step | null): Step | null {
    let taken: Step | null = null;
    this.taking();
    while (!taken && stack.length > 0 && this.#mayWrite()) {
      const earlier = stack.splice(0, stack.length - 1);
      this.#kept = this.#keptFor(stack[0] as Step);
      try {
        taken = run();
      } finally {
        stack.unshift(...earlier);
        this.#kept = new Set();
      }
    }
    if (taken) this.taken(taken);
    return taken;
  }

  #keptFor(step: Step): ReadonlySet<Y.Item> {
    const doomed = new Set<Y.Item>();
    this.doc.transact((transaction) => {
      Y.iterateDeletedStructs(transaction, step.insertions, (struct) => {
        const item = struct instanceof Y.Item ? asItIsNow(transaction, struct) : null;
        if (item && !item.deleted && this.scope.some((root) => Y.isParentOf(root as Y.XmlFragment, item)))
          doomed.add(item);
      });
    });
    return new Remainder(doomed, this.#schema()).kept;
  }
}

/** What was deleted and brought back since is another item. */
function asItIsNow(transaction: Y.Transaction, { id }: Y.Item): Y.Item | null {
  const { store } = transaction.doc;
  let now = id;
  for (;;) {
    const item = Y.getItem(store, now) as Y.Item | Y.GC;
    if (!(item instanceof Y.Item)) return null;
    const skipped = now.clock - item.id.clock;
    if (item.redone === null) return skipped > 0 ? Y.getItemCleanStart(transaction, now) : item;
    now = Y.createID(item.redone.client, item.redone.clock + skipped);
  }
}
