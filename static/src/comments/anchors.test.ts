import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { content } from "../editor/schema";
import { anchorOf } from "./anchors";

const schema = getSchema(content);
const text = (words: string, ...marks: string[]) =>
  schema.text(
    words,
    marks.map((name) => schema.mark(name)),
  );
const paragraph = (...nodes: Node[]) => schema.node("paragraph", null, nodes);
const document = (...nodes: Node[]) => schema.node("doc", null, nodes);

test("offsets count UTF-16 units over all runs of a textblock", () => {
  const doc = document(paragraph(text("one")), paragraph(text("a😀", "bold"), text("brave new", "italic")));
  const anchor = anchorOf(doc, 9, 14);
  assert.deepEqual(anchor, { from_path: "1", from_offset: "3", to_path: "1", to_offset: "8", quote: "brave" });
});

test("the path goes down to the textblock", () => {
  const item = (words: string) => schema.node("listItem", null, paragraph(text(words)));
  const doc = document(paragraph(text("x")), schema.node("bulletList", null, [item("first"), item("second")]));
  const start = doc.content.size - "second".length - 3;
  assert.deepEqual(anchorOf(doc, start, start + 3), {
    from_path: "1.1.0",
    from_offset: "0",
    to_path: "1.1.0",
    to_offset: "3",
    quote: "sec",
  });
});

test("a selection over blocks has two ends and a quote with line feeds", () => {
  const doc = document(paragraph(text("one")), paragraph(text("two")), paragraph(text("three")));
  assert.deepEqual(anchorOf(doc, 2, 13), {
    from_path: "0",
    from_offset: "1",
    to_path: "2",
    to_offset: "2",
    quote: "ne\ntwo\nth",
  });
});

test("an inline node counts as one", () => {
  const doc = document(paragraph(text("ab"), schema.node("hardBreak"), text("cd")));
  const anchor = anchorOf(doc, 2, 5);
  assert.deepEqual([anchor?.from_offset, anchor?.to_offset, anchor?.quote], ["1", "4", "b\nc"]);
});

test("ends are drawn in to text, and out to whole characters", () => {
  const doc = document(paragraph(), paragraph(text("😀x")), schema.node("horizontalRule"));
  const all = anchorOf(doc, 0, doc.content.size);
  assert.deepEqual([all?.from_path, all?.from_offset, all?.to_offset, all?.quote], ["1", "0", "3", "😀x"]);
  const half = anchorOf(doc, 4, 5);
  assert.deepEqual([half?.from_offset, half?.to_offset, half?.quote], ["0", "2", "😀"]);
});

test("nothing to comment on is no anchor", () => {
  assert.equal(anchorOf(document(paragraph(text("a b"))), 2, 3), null);
  assert.equal(anchorOf(document(paragraph(text("ab"))), 2, 2), null);
  assert.equal(anchorOf(document(paragraph(), paragraph()), 0, 4), null);
});
