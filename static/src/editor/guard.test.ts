import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import { EditorState } from "@tiptap/pm/state";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { guard } from "./guard";
import { content } from "./schema";

const schema = getSchema(content);

/** "a😀b" in one paragraph: positions 1, 2 (3 is inside the pair), 4. */
function state(isEditable = true, tooLarge = () => {}): EditorState {
  const doc = schema.node("doc", null, schema.node("paragraph", null, schema.text("a😀b")));
  return EditorState.create({ doc, plugins: [guard(() => isEditable, tooLarge)] });
}

const isTaken = (before: EditorState, change: (tr: EditorState["tr"]) => EditorState["tr"]) =>
  !before.applyTransaction(change(before.tr)).state.doc.eq(before.doc);

test("a pair is deleted, marked and replaced as a whole only", () => {
  const bold = schema.mark("bold");
  assert.ok(isTaken(state(), (tr) => tr.delete(2, 4)));
  assert.ok(isTaken(state(), (tr) => tr.insertText("😁", 2, 4)));
  assert.ok(isTaken(state(), (tr) => tr.addMark(2, 4, bold)));
  assert.ok(!isTaken(state(), (tr) => tr.delete(2, 3)));
  assert.ok(!isTaken(state(), (tr) => tr.delete(3, 5)));
  assert.ok(!isTaken(state(), (tr) => tr.insertText("x", 3)));
  assert.ok(!isTaken(state(), (tr) => tr.addMark(1, 3, bold)));
  assert.ok(!isTaken(state(), (tr) => tr.split(3)));
});

test("half a pair is not let in", () => {
  assert.ok(!isTaken(state(), (tr) => tr.insertText("\uD83D", 1)));
  assert.ok(isTaken(state(), (tr) => tr.insertText("👍🏽", 1)));
});

test("who may not write changes nothing, but sees what others write", () => {
  assert.ok(!isTaken(state(false), (tr) => tr.insertText("x", 1)));
  assert.ok(isTaken(state(false), (tr) => tr.insertText("x", 1).setMeta(ySyncPluginKey, { isChangeOrigin: true })));
});

test("what is more than one update may hold is not let in, and its author hears of it", () => {
  let refusals = 0;
  const count = () => {
    refusals += 1;
  };
  const paragraphs = (number: number, text: string) =>
    Array.from({ length: number }, () => schema.node("paragraph", null, schema.text(text)));
  assert.ok(isTaken(state(true, count), (tr) => tr.insert(0, paragraphs(5_000, "a line"))));
  assert.ok(isTaken(state(true, count), (tr) => tr.insertText("a".repeat(900_000), 1)));
  assert.equal(refusals, 0);
  assert.ok(!isTaken(state(true, count), (tr) => tr.insert(0, paragraphs(8_000, "a line"))));
  assert.ok(!isTaken(state(true, count), (tr) => tr.insertText("ä".repeat(500_000), 1)));
  assert.equal(refusals, 2);
});
