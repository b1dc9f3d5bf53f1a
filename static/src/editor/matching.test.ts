import assert from "node:assert/strict";
import { test } from "node:test";
import { ranked } from "./matching";
import { blocks, everyTool } from "./tools";

const offered = blocks.flatMap((group) => group.tools);
const first = (typed: string) => ranked(offered, typed)[0]?.name;

test("a block is found by its name, another word for it, or letters in order", () => {
  assert.equal(first("head"), "heading1");
  assert.equal(first("heading 3"), "heading3");
  assert.equal(first("h2"), "heading2");
  assert.equal(first("todo"), "taskList");
  assert.equal(first("list"), "bulletList");
  assert.equal(first("TOC"), "contents");
  assert.equal(first("cdblk"), "codeBlock");
  assert.equal(first("zzz"), undefined);
});

test("no letters leave all as they stand", () => {
  assert.deepEqual(ranked(offered, " "), offered);
});

test("accents do not matter", () => {
  const tools = [{ ...everyTool()[0], label: "Überschrift" }] as typeof offered;
  assert.equal(ranked(tools, "uber").length, 1);
});

test("no two tools have one name", () => {
  const names = everyTool().map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
