import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { nameOf, openDatabase, written } from "../kept/database";
import { KeptPages } from "../kept/pages";
import { MemoryCaches } from "../testing/memory_caches";
import { Answers, KEEP } from "./answers";

const SITE = "http://site.test";
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const page = (number: number) => `${SITE}/d/${id(number)}/`;

/** A worker, and the server that it asks: by address what it answers, and whether it can be reached. */
class Stage {
  readonly caches = new MemoryCaches();
  readonly pages = new KeptPages(this.caches.asCaches);
  readonly asked: string[] = [];
  answers: Answers;
  isUp = true;
  answer: (address: string) => Response | Promise<Response> = (address) => html(`<html lang="en">${address}`, "user:1");

  constructor(version = "1") {
    this.answers = this.worker(version);
  }

  worker(version: string): Answers {
    const files = [`${SITE}/static/site.${version}.js`];
    return new Answers({
      caches: this.caches.asCaches,
      pages: this.pages,
      build: { version, files, offline: `${SITE}/offline/` },
      fetch: async (request) => {
        const address = request instanceof Request ? request.url : request;
        this.asked.push(address);
        if (!this.isUp) throw new TypeError("Failed to fetch");
        return this.answer(address);
      },
    });
  }

  /** Opens a page, and waits until it has been kept as well. */
  async open(address: string): Promise<Response> {
    const work: Promise<unknown>[] = [];
    const answer = await this.answers.page(new Request(address), (more) => work.push(more));
    await Promise.all(work);
    return answer;
  }
}

function html(text: string, person = "", status = 200): Response {
  return new Response(text, { status, headers: person ? { [KEEP]: person } : {} });
}

test("a page is the server's, and what was kept of it when there is no server, with the time in it", async () => {
  const stage = new Stage();
  assert.match(await (await stage.open(page(1))).text(), /^<html lang/);
  stage.isUp = false;
  assert.match(await (await stage.open(page(1))).text(), /^<html data-kept="\d{13}" lang="en">/);
});

test("what a proxy says while the server is away counts as no server", async () => {
  const stage = new Stage();
  await stage.open(page(1));
  stage.answer = () => html("Bad gateway", "", 502);
  assert.match(await (await stage.open(page(1))).text(), /data-kept/);
  assert.equal((await stage.open(page(2))).status, 502);
});

test("a server that takes long is not waited for, but what it says in the end is kept", async () => {
  const stage = new Stage();
  await stage.open(page(1));
  let arrive = (_: Response) => {};
  stage.answer = () => new Promise((resolve) => (arrive = resolve));
  mock.timers.enable({ apis: ["setTimeout"] });
  const work: Promise<unknown>[] = [];
  const answer = stage.answers.page(new Request(page(1)), (more) => work.push(more));
  while (stage.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
  mock.timers.tick(4000);
  assert.match(await (await answer).text(), /data-kept/);
  mock.timers.reset();
  arrive(html(`<html lang="en">later`, "user:1"));
  await Promise.all(work);
  assert.match((await (await stage.pages.find(page(1)))?.text()) ?? "", /later/);
});

test("only what the server allows is kept", async () => {
  const stage = new Stage();
  stage.answer = () => html("a guest's");
  await stage.open(page(1));
  assert.deepEqual(await stage.pages.addresses(), []);
});

test("the twenty-first document takes the place of the one that was opened longest ago; the list stays", async () => {
  const stage = new Stage();
  await stage.open(`${SITE}/`);
  for (let number = 1; number <= 20; number += 1) await stage.open(page(number));
  await stage.open(page(1));
  await stage.open(page(21));
  const kept = await stage.pages.addresses();
  assert.deepEqual(
    [kept.length, kept.includes(page(2)), kept.includes(page(1)), kept.includes(`${SITE}/`)],
    [21, false, true, true],
  );
});

test("nothing of one person is left when a page of another is kept", async () => {
  const stage = new Stage();
  await stage.open(page(1));
  stage.answer = () => html("<html >", "user:2");
  await stage.open(page(2));
  assert.deepEqual(await stage.pages.addresses(), [page(2)]);
});

test("a document that is no longer theirs is dropped, but not while text of theirs waits in it", async () => {
  const stage = new Stage();
  await stage.open(page(1));
  await stage.open(page(2));
  stage.answer = () => html("Nothing here", "", 404);
  const key = { principal: "user:1", documentId: id(2), epoch: "one" };
  const database = await openDatabase();
  assert.ok(database);
  const transaction = database.transaction(["copies", "unsaved"], "readwrite");
  transaction
    .objectStore("copies")
    .put({ ...key, name: nameOf(key), title: "", schema: 1, seenAt: 1, isComplete: true });
  transaction.objectStore("unsaved").put({ copy: nameOf(key), tab: "a", count: 1 });
  await written(transaction);
  assert.equal((await stage.open(page(1))).status, 404);
  assert.match(await (await stage.open(page(2))).text(), /data-kept/);
  assert.deepEqual(await stage.pages.addresses(), [page(2)]);
});

test("where nothing is kept a page says so, with the status of an error", async () => {
  const stage = new Stage();
  stage.answer = (address) => html(address);
  await stage.answers.install();
  stage.isUp = false;
  const answer = await stage.open(page(1));
  assert.deepEqual([answer.status, await answer.text()], [503, `${SITE}/offline/`]);
});

test("a worker that lacks a file is none", async () => {
  const stage = new Stage();
  stage.answer = (address) => html("", "", address.includes("/static/") ? 404 : 200);
  await assert.rejects(stage.answers.install(), /site\.1\.js: 404/);
});

test("files come from the device; those of an earlier build stay while a page of it is kept", async () => {
  const stage = new Stage();
  await stage.answers.install();
  await stage.open(page(1));
  const next = stage.worker("2");
  await next.install();
  await next.tidy();
  stage.isUp = false;
  const old = new Request(`${SITE}/static/site.1.js`);
  assert.equal((await next.static(old)).status, 200);
  await stage.pages.leave("");
  await next.tidy();
  await assert.rejects(next.static(old));
  assert.equal((await next.static(new Request(`${SITE}/static/site.2.js`))).status, 200);
});

test("a picture is asked for each time, and without a server taken as the browser has it", async () => {
  const stage = new Stage();
  const options: (RequestInit | undefined)[] = [];
  const answers = new Answers({
    caches: stage.caches.asCaches,
    pages: stage.pages,
    build: { version: "1", files: [], offline: "" },
    fetch: async (_, asked) => {
      options.push(asked);
      if (options.length === 1) throw new TypeError("Failed to fetch");
      return html("a picture");
    },
  });
  assert.equal(await (await answers.file(new Request(`${SITE}/files/1`))).text(), "a picture");
  assert.deepEqual(options, [undefined, { cache: "force-cache" }]);
});
