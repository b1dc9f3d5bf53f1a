import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as Y from "yjs";
import { KEPT } from "../sync/provider";
import { FULL, KeptCopy } from "./copy";
import { type CopyKey, nameOf, openDatabase } from "./database";
import { keptCopies, remove, tidyFor, updatesOf } from "./shelf";

const THEIRS = Symbol("the server");
const opened = await openDatabase();
assert.ok(opened);
const database = opened;
const open: Tab[] = [];
after(() => {
  for (const tab of open) tab.copy.close();
});

interface Tab {
  readonly doc: Y.Doc;
  readonly copy: KeptCopy;
  readonly troubles: string[];
  unsaved: number;
}

async function tabOf(documentId: string, doc = new Y.Doc(), isAway = true, key: Partial<CopyKey> = {}): Promise<Tab> {
  const row = { documentId, principal: "user:1", epoch: "one", title: "Minutes", schema: 1, ...key };
  const tab = { doc, troubles: [], unsaved: 0 } as unknown as Tab & { copy: KeptCopy };
  tab.copy = await KeptCopy.open({
    database,
    row,
    doc,
    isTheirs: (origin) => origin === THEIRS,
    isAway: () => isAway,
    bring: (updates, unsaved) => {
      for (const update of updates) Y.applyUpdate(doc, update, KEPT);
      tab.unsaved += unsaved;
    },
    tell: (trouble) => tab.troubles.push(trouble),
  });
  open.push(tab);
  return tab;
}

const words = (doc: Y.Doc) => doc.getText("t").toString();
const type = ({ doc }: Tab, text: string) => doc.getText("t").insert(doc.getText("t").length, text);
const unsavedOf = async (documentId: string) =>
  (await keptCopies(database)).filter(({ copy }) => copy.documentId === documentId).map(({ unsaved }) => unsaved);

/** Waits for the database and for messages between tabs. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  assert.fail("It did not come about.");
}

async function written(documentId: string, count: number): Promise<void> {
  await until(async () => (await unsavedOf(documentId))[0] === count);
}

test("what is typed is there again, and counted as unsaved", async () => {
  const first = await tabOf("a");
  type(first, "hel");
  type(first, "lo");
  await written("a", 2);
  first.copy.close();
  const second = await tabOf("a");
  assert.deepEqual([words(second.doc), second.unsaved], ["hello", 2]);
});

test("what the server has is no longer unsaved, whichever tab has typed it", async () => {
  const first = await tabOf("b");
  type(first, "one");
  await written("b", 1);
  first.copy.close();
  const second = await tabOf("b");
  type(second, "two");
  await written("b", 2);
  await second.copy.settle();
  assert.deepEqual(await unsavedOf("b"), [0]);
  second.copy.close();
  assert.equal((await tabOf("b")).unsaved, 0);
});

test("a tab that goes on typing keeps its count when another has been saved", async () => {
  const [one, other] = [await tabOf("c", new Y.Doc(), false), await tabOf("c", new Y.Doc(), false)];
  type(other, "x");
  await written("c", 1);
  await one.copy.meet();
  assert.equal(one.unsaved, 1);
  type(other, "y");
  await written("c", 2);
  await one.copy.settle();
  assert.deepEqual(await unsavedOf("c"), [2]);
});

test("two tabs without a server see what the other types", async () => {
  const [one, other] = [await tabOf("d"), await tabOf("d")];
  type(one, "one ");
  await until(() => words(other.doc) === "one ");
  type(other, "two ");
  await until(() => words(one.doc) === "one two ");
  assert.deepEqual([one.unsaved, other.unsaved], [1, 1]);
});

test("what others typed is kept with the next change of ours", async () => {
  const tab = await tabOf("e");
  const theirs = new Y.Doc();
  theirs.getText("t").insert(0, "theirs, ");
  Y.applyUpdate(tab.doc, Y.encodeStateAsUpdate(theirs), THEIRS);
  type(tab, "ours");
  await written("e", 1);
  assert.equal(words((await tabOf("e")).doc), "theirs, ours");
});

test("a document that has come from the server before the copy was opened is kept whole", async () => {
  const doc = new Y.Doc();
  doc.getText("t").insert(0, "before");
  (await tabOf("f", doc)).copy.close();
  assert.equal(words((await tabOf("f")).doc), "before");
});

test("a copy that was cleared meanwhile is written anew, whole", async () => {
  const tab = await tabOf("g");
  type(tab, "one ");
  await written("g", 1);
  await remove(database, ({ copy }) => copy.documentId === "g");
  type(tab, "two");
  await written("g", 2);
  assert.equal(words((await tabOf("g")).doc), "one two");
});

test("many pieces become one, and nothing is lost", async () => {
  const tab = await tabOf("h");
  const theirs = new Y.Doc();
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(tab.doc));
  for (let letter = 0; letter < 600; letter += 1) type(tab, "x");
  await written("h", 600);
  const name = nameOf({ documentId: "h", principal: "user:1", epoch: "one" });
  await until(async () => (await updatesOf(database, name)).length < 200);
  assert.equal(words((await tabOf("h")).doc), "x".repeat(600));
});

test("what is set aside is unsaved, and does not come back by itself", async () => {
  const tab = await tabOf("i");
  type(tab, "refused");
  await tab.copy.setAside();
  assert.equal(words((await tabOf("i")).doc), "");
  const aside = (await keptCopies(database)).find(({ copy }) => copy.epoch.startsWith("aside-"));
  assert.deepEqual([aside?.copy.documentId, aside?.unsaved], ["i", 1]);
  const doc = new Y.Doc();
  for (const update of await updatesOf(database, aside?.copy.name ?? "")) Y.applyUpdate(doc, update);
  assert.equal(words(doc), "refused");
});

test("what the server has lost counts as unsaved, and is not tidied away", async () => {
  const tab = await tabOf("j");
  type(tab, "newer than the backup");
  await written("j", 1);
  await tab.copy.settle();
  await tab.copy.disown();
  await tidyFor(database, "user:2");
  assert.deepEqual(await unsavedOf("j"), [1]);
});

test("a copy is complete once the server's text has come in, and stays so", async () => {
  const isComplete = async () =>
    (await keptCopies(database)).find(({ copy }) => copy.documentId === "m")?.copy.isComplete;
  const tab = await tabOf("m");
  assert.equal(await isComplete(), false);
  const theirs = new Y.Doc();
  theirs.getText("t").insert(0, "theirs");
  Y.applyUpdate(tab.doc, Y.encodeStateAsUpdate(theirs), THEIRS);
  await tab.copy.complete();
  assert.equal(await isComplete(), true);
  tab.copy.close();
  assert.equal(words((await tabOf("m")).doc), "theirs");
  assert.equal(await isComplete(), true);
});

test("another epoch and another person have nothing of it", async () => {
  const tab = await tabOf("k");
  type(tab, "mine");
  await written("k", 1);
  assert.equal(words((await tabOf("k", new Y.Doc(), true, { epoch: "two" })).doc), "");
  assert.equal(words((await tabOf("k", new Y.Doc(), true, { principal: "user:2" })).doc), "");
});

test("a full device is told of once, and when there is room again all is kept", async () => {
  const tab = await tabOf("l");
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (this: IDBObjectStore): never {
    this.transaction.abort();
    throw new DOMException("full", "QuotaExceededError");
  };
  type(tab, "one ");
  type(tab, "two ");
  await until(() => tab.troubles.length > 1);
  IDBObjectStore.prototype.add = add;
  type(tab, "three");
  await until(() => tab.troubles.length > 2);
  assert.deepEqual(tab.troubles, ["", FULL, ""]);
  assert.equal(words((await tabOf("l")).doc), "one two three");
});
