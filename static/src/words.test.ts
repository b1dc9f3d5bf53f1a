import assert from "node:assert/strict";
import { test } from "node:test";
import { t, tn, tp } from "./words";

test("without a catalogue the sources' own words are said", () => {
  assert.equal(t("Reload"), "Reload");
  assert.equal(t("{name} is here", { name: "Ada" }), "Ada is here");
  assert.equal(tn("{n} word", "{n} words", 1), "1 word");
  assert.equal(tn("{n} word", "{n} words", 1200), "1,200 words");
  assert.equal(tp("verb", "Comment"), "Comment");
});

test("a value is said as it is, whatever it looks like", () => {
  assert.equal(t("{name}: {other}", { name: "{other}", other: "$&" }), "{other}: $&");
  assert.equal(t("{unknown} stays"), "{unknown} stays");
});
