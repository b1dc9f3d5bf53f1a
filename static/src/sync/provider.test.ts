import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as Y from "yjs";
import { FakeClient, FakeServer, HELLO, tasks } from "../testing/fake_server";
import { helloFrame, levelFrame, noticeFrame } from "../testing/frames";
import { Provider } from "./provider";
import { decode } from "./wire";

const clients: FakeClient[] = [];
const servers: FakeServer[] = [];
after(() => {
  for (const client of clients) client.destroy();
  for (const server of servers) server.doc.destroy();
});

function network(count: number): [FakeServer, ...FakeClient[]] {
  const server = new FakeServer();
  const made = Array.from({ length: count }, () => new FakeClient(server));
  clients.push(...made);
  servers.push(server);
  return [server, ...made];
}

function one(): [FakeServer, FakeClient] {
  const [server, client] = network(1);
  assert.ok(client);
  return [server, client];
}

const kinds = (client: FakeClient) => client.sent.map((frame) => decode(frame).kind);

test("a page answers the server's step 1 also when it has nothing, and is settled once that is counted", async () => {
  const [, ada] = one();
  ada.open();
  assert.equal(ada.provider.isSettled, false);
  await ada.settle();
  assert.deepEqual(
    kinds(ada).filter((kind) => kind !== "awareness"),
    ["step1", "step2"],
  );
  assert.deepEqual(ada.last("progress"), { kind: "progress", unsaved: 0, isSettled: true });
  assert.ok(ada.last("synced"));
});

test("changes of one task travel in one frame, and are unsaved until that frame is counted", async () => {
  const [server, ada] = one();
  ada.open();
  await ada.settle();
  ada.sent.length = 0;
  ada.text.insert(0, "a");
  ada.text.insert(1, "b");
  assert.equal(ada.provider.isSettled, false);
  await tasks();
  assert.deepEqual(kinds(ada), ["update"]);
  assert.deepEqual(ada.last("progress"), { kind: "progress", unsaved: 2, isSettled: false });
  ada.deliverUp();
  assert.equal(server.doc.getText("t").toString(), "ab");
  await ada.settle();
  assert.deepEqual(ada.last("progress"), { kind: "progress", unsaved: 0, isSettled: true });
});

test("what comes back is not sent again", async () => {
  const [server, ada] = one();
  server.echoes = true;
  ada.open();
  await ada.settle();
  ada.text.insert(0, "once");
  await ada.settle();
  assert.equal(kinds(ada).filter((kind) => kind === "update").length, 1);
  assert.equal(ada.text.toString(), "once");
});

test("what was typed without a connection is counted, and goes out with the next sync", async () => {
  const [server, ada] = one();
  ada.open();
  await ada.settle();
  ada.cut();
  ada.text.insert(0, "x");
  await tasks();
  ada.text.insert(0, "y");
  await tasks();
  assert.deepEqual(ada.last("progress"), { kind: "progress", unsaved: 2, isSettled: false });
  ada.open();
  await ada.settle();
  assert.equal(server.doc.getText("t").toString(), "yx");
  assert.deepEqual(ada.last("progress"), { kind: "progress", unsaved: 0, isSettled: true });
});

test("what this device has kept is counted, goes out with the sync, and is there once", async () => {
  const [server, ada] = one();
  const before = new Y.Doc();
  before.getText("t").insert(0, "From the train. ");
  ada.provider.bring([Y.encodeStateAsUpdate(before)], 3);
  assert.equal(ada.provider.unsaved, 3);
  ada.text.insert(ada.text.length, "More.");
  ada.open();
  await ada.settle();
  assert.equal(server.doc.getText("t").toString(), "From the train. More.");
  assert.deepEqual(ada.last("progress"), { kind: "progress", unsaved: 0, isSettled: true });
});

test("what another tab has typed goes out at once while connected, also if the server has it already", async () => {
  const [server, ada] = one();
  ada.open();
  await ada.settle();
  const other = new Y.Doc();
  other.getText("t").insert(0, "other");
  const update = Y.encodeStateAsUpdate(other);
  for (const turn of ["new", "known"]) {
    ada.provider.bring([update], 1);
    assert.equal(ada.provider.unsaved, 1, turn);
    await ada.settle();
    assert.deepEqual([server.doc.getText("t").toString(), ada.provider.isSettled], ["other", true], turn);
  }
});

test("a server that is not admitted gets nothing and changes nothing", async () => {
  const [server, ada] = one();
  server.doc.getText("t").insert(0, "another epoch");
  ada.provider.destroy();
  const sent: Uint8Array[] = [];
  const wary = new Provider({
    doc: ada.doc,
    awareness: ada.awareness,
    clock: ada.clock,
    send: (frame) => sent.push(frame),
    tell: () => {},
    admit: async (hello) => hello.epoch !== HELLO.epoch,
  });
  wary.opened();
  server.join(ada, HELLO);
  wary.receive(helloFrame(HELLO));
  await tasks();
  assert.deepEqual(sent, []);
  assert.equal(ada.text.toString(), "");
  wary.destroy();
});

test("a reader's page sends no update; one that is lowered keeps what it has and says why", async () => {
  const [, ada] = one();
  ada.open();
  await ada.settle();
  ada.hear(levelFrame({ level: 10, mayWrite: false }));
  ada.hear(noticeFrame("refused", "You can read this document, but not change it."));
  await ada.settle();
  ada.sent.length = 0;
  const made = ada.last("progress")?.unsaved;
  ada.text.insert(0, "as Yjs itself, when it drops a redundant mark");
  await ada.settle();
  assert.equal(ada.last("progress")?.unsaved, made);
  ada.doc.transact(() => ada.text.insert(0, "lost?"), "an editor");
  await ada.settle();
  assert.deepEqual(kinds(ada), []);
  assert.equal(ada.last("rights")?.rights.mayWrite, false);
  assert.equal(ada.last("notice")?.notice, "refused");
  assert.equal(ada.last("progress")?.isSettled, false);
});

test("a change larger than a frame stays here, and goes once it has been undone", async () => {
  const [server, ada] = one();
  ada.open({ ...HELLO, limits: { frame: 500 } });
  await ada.settle();
  ada.text.insert(0, "x".repeat(600));
  await ada.settle();
  assert.equal(ada.last("oversize")?.kind, "oversize");
  assert.equal(ada.last("progress")?.isSettled, false);
  assert.equal(server.doc.getText("t").toString(), "");
  ada.text.delete(0, 600);
  ada.text.insert(0, "short");
  await ada.settle();
  assert.equal(server.doc.getText("t").toString(), "short");
  assert.equal(ada.last("progress")?.isSettled, true);
});

test("carets are throttled, and come again with a higher clock after a break", async () => {
  const [server, ada] = one();
  ada.open();
  await ada.settle();
  ada.sent.length = 0;
  for (let at = 0; at < 10; at += 1) ada.awareness.setLocalStateField("cursor", { at });
  ada.clock.advance(1000);
  assert.ok(kinds(ada).length <= 2, `${kinds(ada).length} frames`);
  await ada.settle();
  assert.deepEqual(server.awareness.getStates().get(ada.doc.clientID)?.cursor, { at: 9 });
  const before = ada.awareness.meta.get(ada.doc.clientID)?.clock ?? 0;
  ada.cut();
  ada.open();
  await ada.settle();
  assert.ok((server.awareness.meta.get(ada.doc.clientID)?.clock ?? 0) >= before + 2);
});

test("what others write is shown at once, and what follows within a moment together", async () => {
  const [, ada, grace] = network(2);
  assert.ok(ada && grace);
  for (const page of [ada, grace]) page.open();
  for (const page of [ada, grace, ada]) await page.settle();
  let shown = 0;
  ada.doc.on("afterTransaction", () => {
    shown += 1;
  });
  const write = async (letter: string) => {
    grace.text.insert(grace.text.length, letter);
    await tasks();
    while (grace.deliverUp() || ada.deliverDown());
  };
  ada.clock.advance(1000);
  for (const letter of "abcdef") await write(letter);
  assert.deepEqual([ada.text.toString(), shown], ["a", 1]);
  ada.clock.advance(49);
  assert.equal(shown, 1);
  ada.clock.advance(1);
  assert.deepEqual([ada.text.toString(), shown], ["abcdef", 2]);
  await write("g");
  ada.cut();
  assert.equal(ada.text.toString(), "abcdefg", "nothing that has come is lost with the connection");
});

test("what others write comes in larger steps while one writes oneself", async () => {
  const [, ada, grace] = network(2);
  assert.ok(ada && grace);
  for (const page of [ada, grace]) page.open();
  for (const page of [ada, grace, ada]) await page.settle();
  const write = async (page: FakeClient, letter: string) => {
    page.text.insert(page.text.length, letter);
    await tasks();
    while (page.deliverUp() || ada.deliverDown());
  };
  ada.clock.advance(1000);
  await write(ada, "1");
  ada.clock.advance(100);
  for (const letter of "ab") await write(grace, letter);
  assert.match(ada.text.toString(), /^1a$|^a1$/, "the first at once");
  ada.clock.advance(99);
  assert.equal(ada.text.length, 2);
  ada.clock.advance(1);
  assert.equal(ada.text.length, 3);
  ada.clock.advance(300);
  for (const letter of "cd") await write(grace, letter);
  ada.clock.advance(50);
  assert.equal(ada.text.length, 5, "half a second later as fast as before");
});

/** Numbers from a seed: 0 <= n < 1 (a linear congruential generator is random enough for schedules). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

async function step(client: FakeClient, random: () => number, names: string): Promise<void> {
  const dice = random();
  const { text } = client;
  if (dice < 0.3) text.insert(Math.floor(random() * (text.length + 1)), names);
  else if (dice < 0.4 && text.length > 0) text.delete(Math.floor(random() * text.length), 1);
  else if (dice < 0.6) client.deliverUp();
  else if (dice < 0.85) client.deliverDown();
  else if (dice < 0.9) await tasks();
  else if (client.isOpen) client.cut();
  else client.open();
}

/** One schedule: 150 random steps of two pages, then everything arrives. */
async function play(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const [server, ...pages] = network(2);
  server.echoes = seed % 2 === 0;
  for (const page of pages) page.open();
  for (let turn = 0; turn < 150; turn += 1) {
    const at = Math.floor(random() * pages.length);
    const page = pages[at] as FakeClient;
    await step(page, random, "ab"[at] ?? "?");
    await tasks();
    if (page.provider.isSettled) assertKept(page, server, seed);
  }
  const closed = pages.filter((page) => !page.isOpen);
  for (const page of closed) page.open();
  for (const page of [...pages, ...pages, ...pages]) await page.settle();
  for (const page of pages) {
    assert.equal(page.text.toString(), server.doc.getText("t").toString(), `seed ${seed}`);
    assert.ok(page.provider.isSettled, `seed ${seed} settles`);
  }
}

test("pages and server end equal after random schedules, and nothing is settled that the server lacks", async () => {
  for (let seed = 1; seed <= 40; seed += 1) await play(seed);
});

/** Everything the page has written itself is in the server's document. */
function assertKept(page: FakeClient, server: FakeServer, seed: number): void {
  const own = page.doc.store.clients.get(page.doc.clientID)?.at(-1);
  const known = server.doc.store.clients.get(page.doc.clientID)?.at(-1);
  const end = (item: typeof own) => (item ? item.id.clock + item.length : 0);
  assert.equal(end(known), end(own), `seed ${seed}: settled, but the server lacks something`);
}
