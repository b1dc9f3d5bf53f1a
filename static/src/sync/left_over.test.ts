import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import { prosemirrorToYXmlFragment } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { content } from "../editor/schema";
import { holdsMore, nodeOf, plainOf } from "./left_over";

const schema = getSchema(content);
const document = (...words: string[]) =>
  schema.node(
    "doc",
    null,
    words.map((text) => schema.node("paragraph", null, text ? schema.text(text) : [])),
  );

test("only a block that is nowhere in the new text is worth an offer", () => {
  assert.equal(holdsMore(document("a", "b"), document("b", "new", "a")), false);
  assert.equal(holdsMore(document("a", "b"), document("a")), true);
  assert.equal(holdsMore(document("", " "), document("a")), false);
});

test("what is left over is read out of its Y.Doc", () => {
  const doc = new Y.Doc();
  prosemirrorToYXmlFragment(document("one", "two"), doc.getXmlFragment("default"));
  assert.equal(plainOf(nodeOf(doc, "default", schema)), "one\n\ntwo");
});
