import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../testing/manual_clock";
import type { Verdict } from "./closing";
import { EarlyLine, type Line } from "./early";
import { HtmxSocket } from "./htmx_socket";
import { Socket } from "./socket";

class FakeLine implements Line {
  readyState: Line["readyState"] = 0;
  binaryType: BinaryType = "blob";
  sent: unknown[] = [];
  onopen: Line["onopen"] = null;
  onmessage: Line["onmessage"] = null;
  onclose: Line["onclose"] = null;

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.call(this as never, {} as Event);
  }

  hear(data: unknown): void {
    this.onmessage?.call(this as never, { data } as MessageEvent);
  }

  break(code: number, reason = ""): void {
    this.readyState = 3;
    this.onclose?.call(this as never, { code, reason } as CloseEvent);
  }
}

class Scene {
  readonly clock = new ManualClock();
  readonly lines: FakeLine[] = [];
  readonly heard: unknown[] = [];
  readonly waits: number[] = [];
  readonly ends: Exclude<Verdict, { kind: "retry" }>[] = [];
  readonly socket: Socket;
  opened = 0;

  constructor(random = () => 1) {
    const connect = () => {
      const line = new FakeLine();
      this.lines.push(line);
      return line;
    };
    this.socket = new Socket({ connect, clock: this.clock, random });
    this.socket.listen({
      opened: () => {
        this.opened += 1;
      },
      frame: (bytes) => this.heard.push(bytes),
      text: (html) => this.heard.push(html),
      lost: (retryAt) => this.waits.push(retryAt - this.clock.now()),
      ended: (why) => this.ends.push(why),
    });
    this.socket.start();
  }

  get line(): FakeLine {
    const line = this.lines.at(-1);
    assert.ok(line);
    return line;
  }
}

test("binary and text frames are told apart", () => {
  const scene = new Scene();
  scene.line.open();
  scene.line.hear(Uint8Array.of(1, 2).buffer);
  scene.line.hear("<p>");
  assert.deepEqual(scene.heard, [Uint8Array.of(1, 2), "<p>"]);
  assert.equal(scene.line.binaryType, "arraybuffer");
});

test("it waits longer after every failure, and anew after praise", () => {
  const scene = new Scene();
  for (let turn = 0; turn < 9; turn += 1) {
    scene.line.break(1006);
    scene.clock.advance(60_000);
  }
  assert.deepEqual(scene.waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  scene.line.open();
  scene.socket.praise();
  scene.line.break(1012);
  assert.equal(scene.waits.at(-1), 500);
});

test("jitter is full, and who was too fast waits longer", () => {
  const scene = new Scene(() => 0);
  scene.line.break(1006);
  scene.clock.advance(1);
  scene.line.break(4429);
  assert.deepEqual(scene.waits, [0, 5000]);
});

test("retry does not wait, and never opens a second line", () => {
  const scene = new Scene();
  scene.line.break(1006);
  scene.socket.retry();
  assert.equal(scene.lines.length, 2);
  scene.socket.retry();
  scene.clock.advance(60_000);
  assert.equal(scene.lines.length, 2);
});

test("final codes end it with a sentence, the server's own if there is one", () => {
  for (const [code, kind] of [
    [4401, "end"],
    [4403, "end"],
    [4404, "end"],
    [4400, "end"],
    [4413, "end"],
    [4426, "outdated"],
    [4409, "renumber"],
  ] as const) {
    const scene = new Scene();
    scene.line.open();
    scene.line.break(code, "The server's reason.");
    scene.clock.advance(120_000);
    assert.equal(scene.lines.length, 1, `${code}`);
    assert.equal(scene.ends[0]?.kind, kind);
    if (kind !== "end") continue;
    const { sentence, isGone } = scene.ends[0] as { sentence: string; isGone: boolean };
    assert.deepEqual([sentence, isGone], ["The server's reason.", code === 4403 || code === 4404]);
  }
});

test("a silent line is probed, then given up", () => {
  const scene = new Scene();
  scene.line.open();
  const first = scene.line;
  scene.clock.advance(16_000);
  assert.deepEqual(first.sent, [Uint8Array.of(3)]);
  first.hear(Uint8Array.of(9).buffer);
  scene.clock.advance(29_000);
  assert.equal(scene.lines.length, 1);
  scene.clock.advance(10_000);
  assert.equal(scene.lines.length, 2);
  assert.equal(first.readyState, 3);
  first.break(1006);
  assert.equal(scene.waits.length, 1);
});

test("htmx sees one socket that carries text and survives a break", () => {
  const scene = new Scene();
  const htmx = new HtmxSocket(scene.socket);
  const seen: unknown[] = [];
  let opened = 0;
  htmx.addEventListener("message", (event) => seen.push((event as MessageEvent).data));
  htmx.onopen = () => {
    opened += 1;
  };
  assert.notEqual(htmx.readyState, htmx.OPEN);
  scene.line.open();
  scene.line.hear(Uint8Array.of(1).buffer);
  scene.line.hear("<div>");
  scene.line.break(1012);
  assert.notEqual(htmx.readyState, htmx.OPEN);
  scene.clock.advance(1000);
  scene.line.open();
  htmx.send("{}");
  assert.deepEqual([seen, opened, scene.line.sent], [["<div>"], 2, ["{}"]]);
  htmx.close();
  scene.clock.advance(60_000);
  assert.equal(scene.lines.length, 2);
});

test("what came on the early line is told to whoever takes it, in order, and then at once", async () => {
  const line = new FakeLine();
  const early = new EarlyLine(line);
  line.open();
  line.hear("hello");
  const clock = new ManualClock();
  const socket = new Socket({ connect: () => early.take(), clock, random: () => 1 });
  const heard: unknown[] = [];
  socket.listen({
    opened: () => heard.push("opened"),
    frame: () => {},
    text: (html) => heard.push(html),
    lost: (retryAt) => heard.push(retryAt - clock.now()),
    ended: () => {},
  });
  socket.start();
  assert.deepEqual(heard, [], "only once the listeners of all parts are there");
  await Promise.resolve();
  assert.deepEqual(heard, ["opened", "hello"]);
  line.hear("more");
  assert.deepEqual(heard, ["opened", "hello", "more"]);
});

test("an early line that has broken is lost as any other", async () => {
  const line = new FakeLine();
  const early = new EarlyLine(line);
  line.break(1006);
  const lost: string[] = [];
  const socket = new Socket({ connect: () => early.take(), clock: new ManualClock(), random: () => 1 });
  const quiet = { opened: () => {}, frame: () => {}, text: () => {}, ended: () => {} };
  socket.listen({ ...quiet, lost: () => lost.push("lost") });
  socket.start();
  await Promise.resolve();
  assert.deepEqual(lost, ["lost"]);
});
