import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import type { AttributeSpec, MarkType, NodeType } from "@tiptap/pm/model";
import { addressFrom, isSafeAddress } from "./addresses";
import { withoutComments } from "./comment_mark";
import { content } from "./schema";

interface SchemaFile {
  nodes: Record<
    string,
    { content: string | null; group: string | null; marks?: string; attrs: Record<string, unknown> }
  >;
  marks: Record<string, { rank: number; excludes: string; inclusive: boolean; attrs: Record<string, unknown> }>;
}

const file = JSON.parse(readFileSync(process.env.SCHEMA_FILE as string, "utf8")) as SchemaFile;
const schema = getSchema(content);
const defaults = (attrs: Record<string, AttributeSpec> | null | undefined) =>
  Object.fromEntries(Object.entries(attrs ?? {}).map(([name, spec]) => [name, spec.default]));

function nodeSpec({ spec }: NodeType): SchemaFile["nodes"][string] {
  const marks = spec.marks === undefined ? {} : { marks: spec.marks };
  return { content: spec.content || null, group: spec.group || null, ...marks, attrs: defaults(spec.attrs) };
}

function markSpec(type: MarkType, rank: number): SchemaFile["marks"][string] {
  const { excludes = type.name, inclusive = true, attrs } = type.spec;
  return { rank, excludes, inclusive, attrs: defaults(attrs) };
}

test("the editor's schema is the server's", () => {
  const nodes = Object.fromEntries(Object.entries(schema.nodes).map(([name, type]) => [name, nodeSpec(type)]));
  const marks = Object.fromEntries(Object.values(schema.marks).map((type, rank) => [type.name, markSpec(type, rank)]));
  assert.deepEqual(nodes, file.nodes);
  assert.deepEqual(marks, file.marks);
});

test("attributes stand in the server's order, which marks that overlap are hashed by", () => {
  for (const [name, type] of Object.entries(schema.marks)) {
    assert.deepEqual(Object.keys(type.spec.attrs ?? {}), Object.keys(file.marks[name]?.attrs ?? {}), name);
  }
});

test("a comment may lie on any text, and on another comment", () => {
  const [one, two] = ["1", "2"].map((thread) => schema.mark("comment", { thread }));
  assert.ok(one && two);
  const marks = two.addToSet(one.addToSet([schema.mark("code"), schema.mark("bold")]));
  assert.equal(marks.length, 4);
  for (const name of ["paragraph", "heading", "codeBlock"]) {
    assert.doesNotThrow(() => schema.node(name, null, schema.text("x", [one, two])).check(), name);
  }
});

test("pasted text leaves its comments behind and keeps everything else", () => {
  const marks = [schema.mark("bold"), schema.mark("comment", { thread: "1" })];
  const quote = schema.node("blockquote", null, schema.node("paragraph", null, schema.text("x", marks)));
  const pasted = withoutComments(schema.node("doc", null, quote).slice(0));
  const paragraph = pasted.content.firstChild?.firstChild;
  assert.deepEqual(
    paragraph?.firstChild?.marks.map((mark) => mark.type.name),
    ["bold"],
  );
});

test("links go to safe addresses only", () => {
  for (const safe of ["https://a.org", "HTTP://a", "mailto:a@b.c", "tel:1", "/d/1", "#x", "a/b:c", "?q=a:b"]) {
    assert.ok(isSafeAddress(safe), safe);
  }
  for (const bad of [
    "javascript:1",
    "java\tscript:1",
    "\u0001javascript:1",
    "data:x",
    "JaVaScRiPt:1",
    "x y:z",
    "",
    " ",
  ]) {
    assert.ok(!isSafeAddress(bad), bad);
  }
});

test("an address may be typed without its scheme", () => {
  assert.equal(addressFrom(" example.org/a "), "https://example.org/a");
  assert.equal(addressFrom("ada@example.org"), "mailto:ada@example.org");
  assert.equal(addressFrom("/d/1"), "/d/1");
  assert.equal(addressFrom("javascript:alert(1)"), "");
});
