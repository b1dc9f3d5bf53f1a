/**
 * The browser's own database, one for the whole site: what is kept of documents on this device, whose it is, and how many
 * changes of it the server does not have. Knows rows, not the CRDT.
 */

const NAME = "scriptorium";
const VERSION = 1;
/** A browser that has not opened its database by then (milliseconds) is not waited for. */
const PATIENCE = 2000;

/** Text of one past: a document as one person had it, in one epoch of the server's. */
export interface CopyKey {
  readonly principal: string;
  readonly documentId: string;
  readonly epoch: string;
}

export interface CopyRow extends CopyKey {
  readonly name: string;
  readonly title: string;
  /** Of the page that wrote last: an older one would delete what it does not know. */
  readonly schema: number;
  /** Milliseconds since 1970. */
  readonly seenAt: number;
  /** Whether the server's text has come in once: before, there is only a part of it. */
  readonly isComplete: boolean;
}

export interface UpdateRow {
  readonly copy: string;
  readonly update: Uint8Array;
}

/** What one tab has typed and the server has not acknowledged. It outlives the tab. */
export interface UnsavedRow {
  readonly copy: string;
  readonly tab: string;
  readonly count: number;
}

export type Store = "copies" | "updates" | "unsaved";

export function stemOf(principal: string, documentId = ""): string {
  return documentId ? `${principal}/${documentId}/` : `${principal}/`;
}

export function nameOf({ principal, documentId, epoch }: CopyKey): string {
  return stemOf(principal, documentId) + epoch;
}

/** All names that begin so. */
export function beginning(stem: string): IDBKeyRange {
  return IDBKeyRange.bound(stem, `${stem}\uffff`);
}

/** Rows of `unsaved` that belong to copies whose names begin so. */
export function unsavedFrom(first: string, last = first): IDBKeyRange {
  return IDBKeyRange.bound([first], [last, []]);
}

/** Null when this browser keeps nothing: some private windows have the API and refuse to use it. */
export async function openDatabase(): Promise<IDBDatabase | null> {
  try {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => build(request.result);
    const database = await Promise.race([answer(request), late(request)]);
    // A newer page wants another form of it, or the person has everything cleared: do not stand in the way.
    if (database) database.onversionchange = () => database.close();
    return database;
  } catch {
    return null;
  }
}

declare global {
  var earlyDatabase: Promise<IDBDatabase | null> | undefined;
}

/** For a page that will want it as soon as its scripts are here: a browser takes its time. */
export function openDatabaseEarly(): void {
  globalThis.earlyDatabase = openDatabase();
}

/** The one that was opened early, for the first who asks. */
export function takeDatabase(): Promise<IDBDatabase | null> {
  const early = globalThis.earlyDatabase ?? openDatabase();
  globalThis.earlyDatabase = undefined;
  return early;
}

function build(database: IDBDatabase): void {
  database.createObjectStore("copies", { keyPath: "name" });
  database.createObjectStore("updates", { autoIncrement: true }).createIndex("copy", "copy");
  database.createObjectStore("unsaved", { keyPath: ["copy", "tab"] });
}

async function late(request: IDBOpenDBRequest): Promise<null> {
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  request.onsuccess = () => request.result.close();
  return null;
}

export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Once it is written. Rejects with the reason when nothing of it is. */
export function written(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
