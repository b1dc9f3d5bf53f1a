import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { EditorState, NodeSelection, TextSelection } from "@tiptap/pm/state";
import { mayDrop } from "./block_moves";
import { content } from "./schema";
import { isAll, unitsAround, wholeUnit } from "./units";

const schema = getSchema(content);
const line = (text: string) => schema.node("paragraph", null, schema.text(text));
const item = (...blocks: Node[]) => schema.node("listItem", null, blocks);
const cell = (text: string) => schema.node("tableCell", null, [line(text)]);
const doc = schema.node("doc", null, [
  line("first"),
  schema.node("bulletList", null, [item(line("one")), item(line("two"))]),
  schema.node("table", null, [schema.node("tableRow", null, [cell("a"), cell("b")])]),
  schema.node("callout", { kind: "note" }, [line("boxed")]),
  schema.node("horizontalRule"),
]);

/** With the caret before these words, the homes of the blocks around, from the innermost. */
function around(words: string): string[] {
  const state = EditorState.create({ doc, selection: TextSelection.create(doc, at(words)) });
  return unitsAround(state.selection).map(({ home, first, last }) => `${home.type.name} ${first}-${last}`);
}

function at(words: string): number {
  let found = 0;
  doc.descendants((node, position) => {
    if (node.text === words) found = position;
  });
  return found;
}

test("of a list the item is moved, of a table all, in a box what is in it", () => {
  assert.deepEqual(around("first"), ["doc 0-1"]);
  assert.deepEqual(around("two"), ["bulletList 1-2", "doc 1-2"]);
  assert.deepEqual(around("b"), ["doc 2-3"]);
  assert.deepEqual(around("boxed"), ["callout 0-1", "doc 3-4"]);
});

test("a selection takes all blocks that it touches", () => {
  const selection = TextSelection.create(doc, at("first") + 2, at("one"));
  assert.deepEqual(
    unitsAround(selection).map(({ first, last }) => [first, last]),
    [[0, 2]],
  );
  const rule = NodeSelection.create(doc, doc.content.size - 1);
  assert.deepEqual(unitsAround(rule)[0]?.from, doc.content.size - 1);
});

test("a list goes with the last of its items", () => {
  const items = unitsAround(TextSelection.create(doc, at("one"), at("two")));
  assert.equal(wholeUnit(items)?.home.type.name, "doc");
  assert.deepEqual(items.map(isAll), [true, false]);
});

test("blocks are dropped where the schema takes them, and never into themselves", () => {
  const [first] = unitsAround(TextSelection.create(doc, at("first")));
  const [callout] = unitsAround(TextSelection.create(doc, at("boxed"))).slice(1);
  const [two] = unitsAround(TextSelection.create(doc, at("two")));
  assert.ok(first && callout && two);
  assert.ok(mayDrop(doc, first, at("boxed") - 1));
  assert.ok(!mayDrop(doc, callout, at("boxed") - 1));
  assert.ok(!mayDrop(doc, first, two.from));
  assert.ok(mayDrop(doc, two, 0));
});
