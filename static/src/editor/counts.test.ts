import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import { countNode, countText, say } from "./counts";
import { content } from "./schema";

const schema = getSchema(content);

test("words are runs of letters and digits, with what joins them", () => {
  assert.equal(countText("It's a well-known fact: 3.14 isn’t 22/7.").words, 8);
  assert.equal(countText("  -- … !  ").words, 0);
  assert.equal(countText("नमस्ते दुनिया").words, 2);
  assert.equal(countText("日本語です").words, 5);
  assert.equal(countText("abc日本").words, 3);
});

test("characters are code points", () => {
  assert.equal(countText("a😀 b").characters, 4);
});

test("a document is the sum of its blocks", () => {
  const line = (text: string) => schema.node("paragraph", null, schema.text(text));
  const list = schema.node("bulletList", null, [schema.node("listItem", null, [line("two words")])]);
  assert.deepEqual(countNode(schema.node("doc", null, [line("one"), list])), { words: 3, characters: 12 });
});

test("a selection is told as a part of the whole", () => {
  assert.equal(say({ words: 1, characters: 1 }), "1 word · 1 character");
  assert.equal(say({ words: 0, characters: 3 }, { words: 2, characters: 9 }), "0 of 2 words · 3 of 9 characters");
});
