/**
 * All copies on this device as a whole: which there are, what of them is unsaved, and which may go. Small enough for every
 * page of the site; what a copy says is not understood here.
 */

import {
  answer,
  beginning,
  type CopyRow,
  stemOf,
  type UnsavedRow,
  type UpdateRow,
  unsavedFrom,
  written,
} from "./database";

/** So many documents are kept for one person; those with unsaved text besides. */
export const MOST = 20;

export interface Kept {
  readonly copy: CopyRow;
  /** How many changes of it the server is not known to have. */
  readonly unsaved: number;
}

/** Copies whose names begin with `stem`, those seen last first. */
export function keptCopies(database: IDBDatabase, stem = ""): Promise<Kept[]> {
  return keptIn(database.transaction(["copies", "unsaved"]), stem);
}

export async function updatesOf(database: IDBDatabase, name: string): Promise<Uint8Array[]> {
  const rows = database.transaction("updates").objectStore("updates").index("copy").getAll(name);
  return (await answer<UpdateRow[]>(rows)).map(({ update }) => update);
}

/**
 * Deletes the copies that `isWanted` names, looking and deleting in one step: what is typed meanwhile is not lost. Mostly
 * there are none, and then nobody has to wait for a look at them.
 */
export async function remove(database: IDBDatabase, isWanted: (kept: Kept) => boolean): Promise<void> {
  if (!(await keptCopies(database)).some(isWanted)) return;
  const transaction = database.transaction(["copies", "updates", "unsaved"], "readwrite");
  for (const kept of await keptIn(transaction, "")) if (isWanted(kept)) removeWithin(transaction, kept.copy.name);
  await written(transaction);
}

export function removeWithin(transaction: IDBTransaction, name: string): void {
  transaction.objectStore("copies").delete(name);
  transaction.objectStore("unsaved").delete(unsavedFrom(name));
  const updates = transaction.objectStore("updates");
  const cursor = updates.index("copy").openKeyCursor(name);
  cursor.onsuccess = () => {
    if (!cursor.result) return;
    updates.delete(cursor.result.primaryKey);
    cursor.result.continue();
  };
}

/** Lets go what others than this person ("" for nobody) have here, except what the server does not have. */
export function tidyFor(database: IDBDatabase, principal: string): Promise<void> {
  return remove(database, ({ copy, unsaved }) => copy.principal !== principal && unsaved === 0);
}

export function forgetPerson(database: IDBDatabase, principal: string): Promise<void> {
  return remove(database, ({ copy }) => copy.principal === principal);
}

/** Lets go the copies of this person that were not seen for the longest time, beyond the most. */
export async function evict(database: IDBDatabase, principal: string): Promise<void> {
  const old = (await keptCopies(database, stemOf(principal))).slice(MOST).map(({ copy }) => copy.name);
  if (old.length > 0) await remove(database, ({ copy, unsaved }) => unsaved === 0 && old.includes(copy.name));
}

async function keptIn(transaction: IDBTransaction, stem: string): Promise<Kept[]> {
  const [copies, unsaved] = await Promise.all([
    answer<CopyRow[]>(transaction.objectStore("copies").getAll(beginning(stem))),
    answer<UnsavedRow[]>(transaction.objectStore("unsaved").getAll(unsavedFrom(stem, `${stem}\uffff`))),
  ]);
  const counts = new Map<string, number>();
  for (const { copy, count } of unsaved) counts.set(copy, (counts.get(copy) ?? 0) + count);
  return copies
    .map((copy) => ({ copy, unsaved: counts.get(copy.name) ?? 0 }))
    .sort((one, other) => other.copy.seenAt - one.copy.seenAt);
}
