import assert from "node:assert/strict";
import { test } from "node:test";
import { lastReached } from "./outline";

test("the heading of the part on the screen is found without looking at all of them", () => {
  const tops = Array.from({ length: 1000 }, (_, at) => at * 50 - 20_000);
  let looks = 0;
  const isReached = (at: number) => {
    looks += 1;
    return (tops[at] ?? 0) < 160;
  };
  assert.equal(lastReached(tops.length, isReached), 403);
  assert.ok(looks <= 10);
  assert.equal(
    lastReached(3, () => false),
    0,
  );
  assert.equal(
    lastReached(3, () => true),
    2,
  );
});
