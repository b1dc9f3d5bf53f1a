import assert from "node:assert/strict";
import { test } from "node:test";
import * as wire from "./wire";

const bytes = (...numbers: number[]) => Uint8Array.from(numbers);
const text = (words: string) => [words.length, ...new TextEncoder().encode(words)];

test("sync frames are those of y-protocols, byte for byte", () => {
  assert.deepEqual(wire.step1(bytes(0)), bytes(0, 0, 1, 0));
  assert.deepEqual(wire.step2(bytes(0, 0)), bytes(0, 1, 2, 0, 0));
  assert.deepEqual(wire.update(bytes(1, 2, 3)), bytes(0, 2, 3, 1, 2, 3));
  assert.deepEqual(wire.awareness(bytes(7)), bytes(1, 1, 7));
  assert.deepEqual(wire.queryAwareness(), bytes(3));
});

test("what is encoded is decoded", () => {
  assert.deepEqual(wire.decode(wire.step1(bytes(1))), { kind: "step1", vector: bytes(1) });
  assert.deepEqual(wire.decode(wire.step2(bytes(2))), { kind: "step2", update: bytes(2) });
  assert.deepEqual(wire.decode(wire.update(bytes(3))), { kind: "update", update: bytes(3) });
  assert.deepEqual(wire.decode(wire.awareness(bytes(4))), { kind: "awareness", payload: bytes(4) });
  assert.deepEqual(wire.decode(wire.queryAwareness()), { kind: "query" });
});

test("the server's own frames are read from known bytes", () => {
  assert.deepEqual(wire.decode(bytes(65, 0xac, 2, 5)), { kind: "saved", count: 300, seq: 5 });
  assert.deepEqual(wire.decode(bytes(66, ...text('{"level":10,"mayWrite":false}'))), {
    kind: "level",
    rights: { level: 10, mayWrite: false },
  });
  assert.deepEqual(wire.decode(bytes(67, ...text("not-saving"), ...text("The disk is full."))), {
    kind: "notice",
    notice: "not-saving",
    text: "The disk is full.",
  });
  assert.deepEqual(wire.decode(bytes(2, 0, ...text("No."))), { kind: "denied", reason: "No." });
  const hello = wire.decode(bytes(64, ...text('{"epoch":"e","schema":3}')));
  assert.equal(hello.kind === "hello" && hello.hello.epoch, "e");
});

test("a type that comes with a later server is let pass", () => {
  assert.deepEqual(wire.decode(bytes(99, 1, 2)), { kind: "unknown", type: 99 });
  assert.deepEqual(wire.decode(bytes(0, 9, 0)), { kind: "unknown", type: 0 });
});

test("a frame that ends too early throws", () => {
  assert.throws(() => wire.decode(bytes(0, 2, 5, 1)));
  assert.throws(() => wire.decode(bytes()));
  assert.throws(() => wire.decode(bytes(66, ...text("no json"))), SyntaxError);
});
