/**
 * What is typed here, kept in the browser's own database until the server has it, and after. One store for each document,
 * person and epoch: what belongs to another epoch (the server came back from a backup) or was refused for good is never
 * merged; it is found again as left over, for its author to take away.
 */

import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";

const PREFIX = "scriptorium";
/** A browser that has not opened its database by then is not waited for. */
const PATIENCE = 2000;

export interface StoreKey {
  readonly documentId: string;
  readonly principal: string;
  readonly epoch: string;
}

/** Text of ours that the server does not have and will not take as it is. */
export interface LeftOver {
  readonly name: string;
  readonly doc: Y.Doc;
}

export class OfflineStore {
  readonly #key: StoreKey;
  readonly #persistence: IndexeddbPersistence;

  private constructor(key: StoreKey, persistence: IndexeddbPersistence) {
    this.#key = key;
    this.#persistence = persistence;
  }

  /** Brings what is kept into `doc` and keeps what comes. Null when this browser keeps nothing (a private window). */
  static async open(key: StoreKey, doc: Y.Doc): Promise<OfflineStore | null> {
    if (!(await canKeep())) return null;
    const persistence = new IndexeddbPersistence(nameOf(key), doc);
    if (await isReady(persistence)) return new OfflineStore(key, persistence);
    await persistence.destroy();
    return null;
  }

  /** Moves what is kept to where `leftOver` finds it: the server has refused it for good. */
  async setAside(): Promise<void> {
    const { doc } = this.#persistence;
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    const aside = new IndexeddbPersistence(nameOf({ ...this.#key, epoch: `aside-${Date.now()}` }), copy);
    await aside.whenSynced;
    await aside.destroy();
    copy.destroy();
    await this.forget();
  }

  /** Deletes the store; nothing is kept from now on. */
  async forget(): Promise<void> {
    await this.#persistence.destroy();
    await deleted(this.#persistence.name);
  }

  /** What this person has left of this document under other epochs. */
  static async leftOver(key: StoreKey): Promise<LeftOver[]> {
    if (!(await canKeep()) || !indexedDB.databases) return [];
    const stem = stemOf(key);
    const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
    const others = names.filter((name) => name.startsWith(stem) && name !== nameOf(key));
    return Promise.all(others.map(load));
  }

  static async discard(name: string): Promise<void> {
    await deleted(name);
  }
}

async function load(name: string): Promise<LeftOver> {
  const doc = new Y.Doc();
  const persistence = new IndexeddbPersistence(name, doc);
  await isReady(persistence);
  await persistence.destroy();
  return { name, doc };
}

function stemOf(key: StoreKey): string {
  return `${PREFIX}/${key.documentId}/${key.principal}/`;
}

function nameOf(key: StoreKey): string {
  return stemOf(key) + key.epoch;
}

/** Some private windows have the API and refuse to use it: only trying tells. */
async function canKeep(): Promise<boolean> {
  try {
    const request = indexedDB.open(`${PREFIX}/can-keep`);
    (await answer(request)).close();
    return true;
  } catch {
    return false;
  }
}

function deleted(name: string): Promise<unknown> {
  return answer(indexedDB.deleteDatabase(name));
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function isReady(persistence: IndexeddbPersistence): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE);
    void persistence.whenSynced.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
