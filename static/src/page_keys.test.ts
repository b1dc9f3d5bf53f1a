import assert from "node:assert/strict";
import { test } from "node:test";
import { requestOf } from "./page_keys";

const press = (code: string, held: string) =>
  requestOf({
    code,
    ctrlKey: held.includes("C"),
    metaKey: held.includes("M"),
    altKey: held.includes("A"),
    shiftKey: held.includes("S"),
  });

test("a key asks with exactly what is held down with it", () => {
  assert.equal(press("KeyF", "C"), "find");
  assert.equal(press("KeyF", "M"), "find");
  assert.equal(press("KeyF", "CAS"), "focus");
  assert.equal(press("KeyF", "CS"), null);
  assert.equal(press("KeyF", ""), null);
  assert.equal(press("KeyC", "C"), null);
  assert.equal(press("KeyC", "CS"), "counts");
  assert.equal(press("KeyH", "CAS"), "history");
});
