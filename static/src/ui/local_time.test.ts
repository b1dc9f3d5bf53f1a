import assert from "node:assert/strict";
import { test } from "node:test";
import { localTime } from "./local_time";

const now = new Date("2026-11-24T12:00:00Z");
const ago = (seconds: number) => localTime(new Date(now.getTime() - seconds * 1000), "relative", now);

test("times are told by their largest whole unit", () => {
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  assert.equal(ago(10), words.format(0, "second"));
  assert.equal(ago(119), words.format(-1, "minute"));
  assert.equal(ago(3 * 3600 + 60), words.format(-3, "hour"));
  assert.equal(ago(86_400), words.format(-1, "day"));
  assert.equal(ago(800 * 86_400), words.format(-2, "year"));
  assert.equal(ago(-7200), words.format(2, "hour"));
});
