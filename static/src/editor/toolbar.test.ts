import assert from "node:assert/strict";
import { test } from "node:test";
import { target } from "./toolbar";

test("arrows go round, Home and End to the ends, other keys nowhere", () => {
  assert.deepEqual([target("ArrowRight", 3, 4), target("ArrowLeft", 0, 4)], [0, 3]);
  assert.deepEqual([target("ArrowRight", 1, 4), target("ArrowLeft", 2, 4)], [2, 1]);
  assert.deepEqual([target("Home", 2, 4), target("End", 1, 4)], [0, 3]);
  assert.equal(target("a", 1, 4), null);
});
