/**
 * One document's text on this device, as it is typed: every change is written down at once, before the network is asked, and
 * with it how many the server has not acknowledged. Two tabs of one person write into the same copy; while there is no
 * server, each takes in what the other has written.
 */

import * as Y from "yjs";
import { KEPT } from "../sync/provider";
import { t } from "../words";
import {
  answer,
  type CopyRow,
  nameOf,
  type Store,
  type UnsavedRow,
  type UpdateRow,
  unsavedFrom,
  written,
} from "./database";
import { removeWithin } from "./shelf";

/** So many pieces are put together into one. */
const PIECES = 500;
/** What others type is written down after so long (milliseconds), or with our own next change: the server has it. */
const GAP = 250;
const ALL: Store[] = ["copies", "updates", "unsaved"];
/** Why a browser does not keep changes, as sentences. */
export const REFUSED = t("This browser keeps nothing.");
export const FULL = t("There is no room left on this device.");

export interface CopyParts {
  readonly database: IDBDatabase;
  readonly row: Omit<CopyRow, "name" | "seenAt" | "isComplete">;
  readonly doc: Y.Doc;
  /** Whether a change came from the server. */
  readonly isTheirs: (origin: unknown) => boolean;
  /** Whether other tabs cannot hear of our changes by the server. */
  readonly isAway: () => boolean;
  /** What is kept comes into the document, with the origin KEPT; `unsaved` more changes of it are not on the server. */
  readonly bring: (updates: Uint8Array[], unsaved: number) => void;
  /** Called with "" when changes are kept, else with why not; only when that has changed. */
  readonly tell: (trouble: string) => void;
}

export class KeptCopy {
  readonly #parts: CopyParts;
  readonly #name: string;
  readonly #tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  readonly #channel: BroadcastChannel;
  /** Of each other tab, open or closed: how many unsaved changes of its have come into ours. */
  readonly #others = new Map<string, number>();
  #waiting: Uint8Array[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ours = 0;
  #pieces = 0;
  #newest = 0;
  #isLoaded = false;
  /** Whether the copy has its row in the list of copies. */
  #hasRow = false;
  #isComplete = false;
  #isClosed = false;
  /** Whether what is kept, with what waits, is all that the document has. */
  #isWhole: boolean;
  #trouble: string | null = null;

  private constructor(parts: CopyParts) {
    this.#parts = parts;
    this.#name = nameOf(parts.row);
    this.#isWhole = parts.doc.store.clients.size === 0;
    this.#channel = new BroadcastChannel(`scriptorium/${this.#name}`);
    this.#channel.onmessage = () => void this.#look();
    parts.doc.on("update", this.#changed);
  }

  /** Brings what is kept into the document, and keeps what comes. */
  static async open(parts: CopyParts): Promise<KeptCopy> {
    const copy = new KeptCopy(parts);
    await copy.#look();
    copy.#isLoaded = true;
    await copy.#write();
    return copy;
  }

  /** The server's text has come in. */
  async complete(): Promise<void> {
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.#hasRow = false; // it is written again, together with that text
    await this.#write();
  }

  /** All that the document has is on the server's disk. */
  async settle(): Promise<void> {
    if (this.#ours === 0 && this.#others.size === 0) return;
    const others = [...this.#others];
    this.#ours = 0;
    this.#others.clear();
    await this.#run(["unsaved"], async (transaction) => {
      const rows = transaction.objectStore("unsaved");
      rows.delete([this.#name, this.#tab]);
      for (const [tab, count] of others) {
        const row = await answer<UnsavedRow | undefined>(rows.get([this.#name, tab]));
        if (row?.count === count) rows.delete([this.#name, tab]); // else it has gone on typing
      }
    });
  }

  /** There is no server any more: what other tabs have written comes in, and they are told of ours. */
  async meet(): Promise<void> {
    if (this.#isClosed) return;
    this.#channel.postMessage("look");
    await this.#look();
  }

  /** The server no longer has what it had of this: it counts as unsaved, and so is not let go by itself. */
  async disown(): Promise<void> {
    const row: UnsavedRow = { copy: this.#name, tab: this.#tab, count: Math.max(1, this.#ours) };
    await this.#run(["unsaved"], async (transaction) => void transaction.objectStore("unsaved").put(row));
  }

  /** Moves what is kept under another epoch: the server has refused it for good, and must not be offered it again. */
  async setAside(): Promise<void> {
    const { doc, row } = this.#parts;
    const aside = { ...row, epoch: `aside-${Date.now()}` };
    const name = nameOf(aside);
    const count = [...this.#others.values()].reduce((sum, each) => sum + each, this.#ours);
    this.close();
    await this.#run(ALL, async (transaction) => {
      transaction.objectStore("copies").put({ ...aside, name, seenAt: Date.now(), isComplete: true });
      transaction.objectStore("updates").add({ copy: name, update: Y.encodeStateAsUpdate(doc) });
      transaction.objectStore("unsaved").put({ copy: name, tab: this.#tab, count: Math.max(1, count) });
      removeWithin(transaction, this.#name);
    });
  }

  /** Nothing more is kept from now on. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#channel.close();
    this.#parts.doc.off("update", this.#changed);
  }

  #changed = (update: Uint8Array, origin: unknown): void => {
    if (origin === KEPT) return;
    this.#waiting.push(update);
    if (this.#parts.isTheirs(origin)) {
      this.#timer ??= setTimeout(() => void this.#write(), GAP);
    } else {
      this.#ours += 1;
      void this.#write();
    }
  };

  async #write(): Promise<void> {
    if (!this.#isLoaded) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting.splice(0);
    if (!this.#isWhole) waiting.splice(0, waiting.length, Y.encodeStateAsUpdate(this.#parts.doc));
    this.#isWhole = true;
    const trouble = await this.#run(ALL, (transaction) => this.#put(transaction, waiting));
    if (trouble) this.#isWhole = false;
    else this.#pieces += 1;
    if (trouble !== this.#trouble) this.#parts.tell(trouble);
    this.#trouble = trouble;
    if (this.#isClosed) return;
    if (this.#parts.isAway()) this.#channel.postMessage("look");
    if (this.#pieces > PIECES) await this.#compact();
    // It has been cleared, from another tab: a piece without what it builds on is of no use.
    if (!trouble && !this.#hasRow) {
      this.#isWhole = false;
      await this.#write();
    }
  }

  /** Waits for no answer before it is all on its way: the tab may be closed at any moment. */
  async #put(transaction: IDBTransaction, waiting: Uint8Array[]): Promise<void> {
    const [copies, updates, unsaved] = ALL.map((store) => transaction.objectStore(store)) as [Table, Table, Table];
    const hadRow = this.#hasRow;
    const row = copies.getKey(this.#name);
    const state = { name: this.#name, seenAt: Date.now(), isComplete: this.#isComplete };
    if (!hadRow) copies.put({ ...this.#parts.row, ...state });
    if (this.#ours > 0) unsaved.put({ copy: this.#name, tab: this.#tab, count: this.#ours });
    if (waiting.length > 0) updates.add({ copy: this.#name, update: merged(waiting) });
    transaction.commit();
    const isThere = (await answer(row)) !== undefined;
    this.#hasRow = isThere || !hadRow;
  }

  /** Takes in what has been written since we looked last. */
  async #look(): Promise<void> {
    await this.#run(ALL, async (transaction) => {
      const row = await answer<CopyRow | undefined>(transaction.objectStore("copies").get(this.#name));
      this.#isComplete ||= row?.isComplete ?? false;
      const pieces = await this.#piecesIn(transaction, this.#newest);
      const rows = await answer<UnsavedRow[]>(transaction.objectStore("unsaved").getAll(unsavedFrom(this.#name)));
      this.#newest = pieces.at(-1)?.key ?? this.#newest;
      this.#pieces += pieces.length;
      this.#parts.bring(
        pieces.map(({ update }) => update),
        this.#newlyUnsaved(rows),
      );
    });
  }

  #newlyUnsaved(rows: UnsavedRow[]): number {
    let more = 0;
    for (const { tab, count } of rows) {
      if (tab === this.#tab) continue;
      more += Math.max(0, count - (this.#others.get(tab) ?? 0));
      this.#others.set(tab, count);
    }
    return more;
  }

  #piecesIn(transaction: IDBTransaction, after: number): Promise<Piece[]> {
    const pieces: Piece[] = [];
    const cursor = transaction.objectStore("updates").index("copy").openCursor(this.#name);
    return new Promise((resolve, reject) => {
      cursor.onerror = () => reject(cursor.error);
      cursor.onsuccess = () => {
        const at = cursor.result;
        const key = at?.primaryKey as number;
        if (!at) {
          resolve(pieces);
        } else if (key <= after) {
          at.continuePrimaryKey(this.#name, after + 1);
        } else {
          pieces.push({ key, update: (at.value as UpdateRow).update });
          at.continue();
        }
      };
    });
  }

  async #compact(): Promise<void> {
    await this.#run(["updates"], async (transaction) => {
      const updates = transaction.objectStore("updates");
      const pieces = await this.#piecesIn(transaction, 0);
      this.#parts.bring(
        pieces.map(({ update }) => update),
        0,
      );
      for (const { key } of pieces) updates.delete(key);
      updates.add({ copy: this.#name, update: Y.encodeStateAsUpdate(this.#parts.doc) });
      this.#pieces = 1;
    });
  }

  /** Answers "", or why it could not be done. */
  async #run(stores: Store[], work: (transaction: IDBTransaction) => Promise<void>): Promise<string> {
    try {
      const transaction = this.#parts.database.transaction(stores, "readwrite");
      const ends = await Promise.allSettled([work(transaction), written(transaction)]);
      const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
      if (reasons.length === 0) return "";
      return reasons.some((reason) => reason?.name === "QuotaExceededError") ? FULL : REFUSED;
    } catch {
      return REFUSED; // somebody has closed the database
    }
  }
}

type Table = IDBObjectStore;

interface Piece {
  readonly key: number;
  readonly update: Uint8Array;
}

function merged(updates: Uint8Array[]): Uint8Array {
  return updates.length === 1 && updates[0] ? updates[0] : Y.mergeUpdates(updates);
}
