import assert from "node:assert/strict";
import { test } from "node:test";
import { stack } from "./stack";

const cards = (...wanted: number[]) => wanted.map((top) => ({ wanted: top, height: 50 }));

test("cards with room stand where their text is", () => {
  assert.deepEqual(stack(cards(0, 100, 300), -1, 8), [0, 100, 300]);
  assert.deepEqual(stack([], -1, 8), []);
});

test("cards without room push those below", () => {
  assert.deepEqual(stack(cards(10, 20, 30), -1, 8), [10, 68, 126]);
});

test("the active card stands exactly, and those above give way", () => {
  assert.deepEqual(stack(cards(100, 110, 300), 1, 8), [52, 110, 300]);
  assert.deepEqual(stack(cards(200, 210, 220), 1, 8), [152, 210, 268]);
});

test("no card leaves the margin at the top", () => {
  assert.deepEqual(stack(cards(-20, 0, 10), 2, 8), [0, 58, 116]);
});
