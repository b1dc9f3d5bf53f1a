import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { nameOf, openDatabase, written } from "./database";
import { evict, forgetPerson, keptCopies, MOST, remove, tidyFor, updatesOf } from "./shelf";

const opened = await openDatabase();
assert.ok(opened);
const database = opened;

beforeEach(() => remove(database, () => true));

async function keep(principal: string, documentId: string, unsaved = 0, seenAt = 1): Promise<string> {
  const key = { principal, documentId, epoch: "one" };
  const name = nameOf(key);
  const transaction = database.transaction(["copies", "updates", "unsaved"], "readwrite");
  transaction.objectStore("copies").put({ ...key, name, title: documentId, schema: 1, seenAt, isComplete: true });
  transaction.objectStore("updates").add({ copy: name, update: new Uint8Array([1]) });
  if (unsaved > 0) transaction.objectStore("unsaved").put({ copy: name, tab: "a", count: unsaved });
  await written(transaction);
  return name;
}

const left = async () => (await keptCopies(database)).map(({ copy }) => `${copy.principal} ${copy.documentId}`).sort();

test("copies are listed with what is unsaved, those seen last first", async () => {
  await keep("user:1", "a", 2, 1);
  await keep("user:1", "b", 0, 2);
  await keep("user:12", "c", 5, 3);
  const found = await keptCopies(database, "user:1/");
  assert.deepEqual(
    found.map(({ copy, unsaved }) => [copy.documentId, unsaved]),
    [
      ["b", 0],
      ["a", 2],
    ],
  );
});

test("a person who comes finds nothing of others but what is saved nowhere else", async () => {
  const gone = await keep("user:1", "saved");
  await keep("user:1", "unsaved", 1);
  await keep("user:2", "saved");
  await tidyFor(database, "user:2");
  assert.deepEqual(await left(), ["user:1 unsaved", "user:2 saved"]);
  assert.deepEqual(await updatesOf(database, gone), []);
  await tidyFor(database, "");
  assert.deepEqual(await left(), ["user:1 unsaved"]);
});

test("who signs out leaves nothing at all", async () => {
  await keep("user:1", "saved");
  await keep("user:1", "unsaved", 1);
  await keep("user:12", "unsaved", 1);
  await forgetPerson(database, "user:1");
  assert.deepEqual(await left(), ["user:12 unsaved"]);
});

test("beyond the most, what was not seen for the longest time goes, unless it is unsaved", async () => {
  await keep("user:1", "oldest, unsaved", 1, 1);
  await keep("user:1", "old", 0, 2);
  for (let number = 0; number < MOST; number += 1) await keep("user:1", `${number}`, 0, 3 + number);
  await keep("user:2", "theirs", 0, 0);
  await evict(database, "user:1");
  const names = await left();
  assert.deepEqual([names.length, names.includes("user:1 old")], [MOST + 2, false]);
});

test("a browser that keeps nothing is no error", async () => {
  const real = globalThis.indexedDB;
  Object.defineProperty(globalThis, "indexedDB", { value: undefined, configurable: true });
  try {
    assert.equal(await openDatabase(), null);
  } finally {
    Object.defineProperty(globalThis, "indexedDB", { value: real, configurable: true });
  }
});
