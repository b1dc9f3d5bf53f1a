import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { OfflineStore, type StoreKey } from "./offline";

const key: StoreKey = { documentId: "d", principal: "user:1", epoch: "one" };

async function kept(where: StoreKey, words: string): Promise<[OfflineStore, Y.Doc]> {
  const doc = new Y.Doc();
  const store = await OfflineStore.open(where, doc);
  assert.ok(store);
  if (words) doc.getText("t").insert(0, words);
  return [store, doc];
}

const words = (doc: Y.Doc) => doc.getText("t").toString();

test("what is kept comes back in the same epoch", async () => {
  const [, first] = await kept(key, "hello");
  first.destroy();
  const [, second] = await kept(key, "");
  assert.equal(words(second), "hello");
  second.destroy();
});

test("another epoch starts empty and finds the old text left over", async () => {
  const [, old] = await kept({ ...key, documentId: "e" }, "newer than the backup");
  old.destroy();
  const now = { ...key, documentId: "e", epoch: "two" };
  const [, fresh] = await kept(now, "");
  assert.equal(words(fresh), "");
  const left = await OfflineStore.leftOver(now);
  assert.deepEqual(
    left.map(({ doc }) => words(doc)),
    ["newer than the backup"],
  );
  await OfflineStore.discard(left[0]?.name ?? "");
  assert.deepEqual(await OfflineStore.leftOver(now), []);
  fresh.destroy();
});

test("nobody finds what another person kept", async () => {
  const [, mine] = await kept({ ...key, documentId: "f" }, "mine");
  mine.destroy();
  const theirs = { ...key, documentId: "f", principal: "user:2" };
  const [, doc] = await kept(theirs, "");
  assert.equal(words(doc), "");
  assert.deepEqual(await OfflineStore.leftOver(theirs), []);
  doc.destroy();
});

test("what is set aside is left over, and does not come back by itself", async () => {
  const where = { ...key, documentId: "g" };
  const [store, doc] = await kept(where, "refused");
  await store.setAside();
  doc.destroy();
  const [, again] = await kept(where, "");
  assert.equal(words(again), "");
  const left = await OfflineStore.leftOver(where);
  assert.deepEqual(
    left.map((one) => words(one.doc)),
    ["refused"],
  );
  again.destroy();
});

test("a browser that keeps nothing is no error", async () => {
  const real = globalThis.indexedDB;
  Object.defineProperty(globalThis, "indexedDB", { value: undefined, configurable: true });
  try {
    assert.equal(await OfflineStore.open(key, new Y.Doc()), null);
    assert.deepEqual(await OfflineStore.leftOver(key), []);
  } finally {
    Object.defineProperty(globalThis, "indexedDB", { value: real, configurable: true });
  }
});
