import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import { EditorState } from "@tiptap/pm/state";
import { content } from "../schema";
import { passagesOf, replacements, roundsOf, textsOf } from "./passages";
import { search } from "./query";

const schema = getSchema(content);
const paragraph = (...children: Parameters<typeof schema.node>[2][]) =>
  schema.node("paragraph", null, children.flat() as never);
const cat = { text: "cat", isCaseSensitive: true, isWholeWord: false, isRegex: false };

function stateOf(...texts: string[]): EditorState {
  return EditorState.create({
    doc: schema.node(
      "doc",
      null,
      texts.map((text) => paragraph(schema.text(text))),
    ),
  });
}

/** The texts after all were replaced, and how many transactions it took. */
function replaced(before: EditorState, instead: string): [string[], number] {
  const { texts, starts } = textsOf(before.doc);
  const steps = replacements(passagesOf(search(texts, cat, instead), starts));
  const after = steps.reduce((state, step) => state.apply(step(state)), before);
  return [textsOf(after.doc).texts, steps.length];
}

test("a match may lie across marks, and what is no text is one character", () => {
  const bold = schema.mark("bold");
  const math = schema.node("inlineMath", { latex: "x" });
  const doc = schema.node("doc", null, [
    schema.node("blockquote", null, [paragraph(schema.text("c"), schema.text("a", [bold]), schema.text("t"))]),
    paragraph(schema.text("a "), math, schema.text(" cat"), schema.node("hardBreak"), schema.text("x")),
  ]);
  const { texts, starts } = textsOf(doc);
  assert.deepEqual(texts, ["cat", "a \uFFFC cat\nx"]);
  const passages = passagesOf(search(texts, cat, ""), starts);
  assert.deepEqual(
    passages.map(({ from, to }) => doc.textBetween(from, to)),
    ["cat", "cat"],
  );
});

test("all are replaced, whether the text grows, shrinks or goes", () => {
  const before = stateOf("cat cat cat", "no", "a cat", "cat, cat");
  for (const instead of ["kitten", "c", ""]) {
    const wanted = ["cat cat cat", "no", "a cat", "cat, cat"].map((text) => text.replaceAll("cat", instead));
    assert.deepEqual(replaced(before, instead), [wanted, 3], instead);
  }
});

test("a block with very many matches does not need as many transactions", () => {
  const [texts, transactions] = replaced(stateOf("cat ".repeat(500), "cat"), "tiger");
  assert.deepEqual(texts, ["tiger ".repeat(500), "tiger"]);
  assert.equal(transactions, 24);
});

test("no two of a round are in one block, but for the last round", () => {
  const { texts, starts } = textsOf(stateOf("cat cat", "cat cat cat").doc);
  const rounds = roundsOf(passagesOf(search(texts, cat, ""), starts));
  assert.deepEqual(
    rounds.map((round) => round.map(({ block }) => block)),
    [[0, 1], [0, 1], [1]],
  );
});

test("the replacement has the marks of what it replaces", () => {
  const bold = schema.mark("bold");
  const doc = schema.node("doc", null, [paragraph(schema.text("a "), schema.text("cat", [bold]))]);
  const before = EditorState.create({ doc });
  const { texts, starts } = textsOf(doc);
  const [step] = replacements(passagesOf(search(texts, cat, "dog"), starts));
  assert.ok(step);
  assert.deepEqual(before.apply(step(before)).doc.firstChild?.lastChild?.toJSON(), schema.text("dog", [bold]).toJSON());
});
