import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import type { AttributeSpec, MarkType, Node, NodeType } from "@tiptap/pm/model";
import { addressFrom, isOwnFile, isSafeAddress } from "./addresses";
import { imageAttributes } from "./blocks/attributes";
import { headingsOf } from "./blocks/contents";
import { sizeInWords } from "./blocks/sizes";
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

const FILE = "/files/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0";

test("files are this site's own", () => {
  assert.ok(isOwnFile(FILE));
  const others = [
    `https://a.org${FILE}`,
    `/${FILE}`,
    `${FILE}?x`,
    `${FILE}/a.svg`,
    FILE.toUpperCase(),
    "/files/1",
    "",
    null,
  ];
  for (const other of others) assert.ok(!isOwnFile(other), String(other));
});

test("an image has no attribute that nobody checked", () => {
  const hostile = { src: "javascript:alert(1)", alt: { a: 1 }, title: 5, width: "1e9", onerror: "alert(1)" };
  assert.deepEqual(imageAttributes(hostile), { alt: "" });
  const honest = { src: FILE, alt: "A", title: null, width: 80 };
  assert.deepEqual(imageAttributes(honest), { src: FILE, alt: "A", width: "80" });
});

test("what is written into the page is checked again, for anybody's client may have written it", () => {
  const render = (name: string, attrs: Record<string, unknown>) => {
    const node = schema.nodes[name]?.create(attrs) as Node;
    return JSON.stringify(node.type.spec.toDOM?.(node));
  };
  for (const name of ["file", "embed"]) {
    assert.doesNotMatch(render(name, { src: "javascript:alert(1)", href: "javascript:alert(1)" }), /"href"/);
  }
  assert.match(render("callout", { kind: "constructor" }), /"data-kind":"note"/);
  assert.match(render("footnoteReference", { note: "a b" }), /"data-note":""/);
  const mark = schema.mark("textColor", { color: "red;background:url(x)" });
  assert.deepEqual(mark.type.spec.toDOM?.(mark, true), ["span", {}, 0]);
});

test("sizes are told as the server tells them", () => {
  assert.deepEqual([0, 999, 1000, 12_345, 9_960_000].map(sizeInWords), ["0 B", "999 B", "1.0 kB", "12 kB", "10.0 MB"]);
});

test("the contents are the headings that say something, also those in boxes", () => {
  const heading = (level: number, text: string) =>
    schema.node("heading", { level }, text ? schema.text(text) : undefined);
  const box = schema.node("callout", null, heading(3, "Inside"));
  const found = headingsOf(schema.node("doc", null, [heading(1, "One"), heading(2, ""), box]));
  assert.deepEqual(found, [
    { level: 1, text: "One", position: 0 },
    { level: 3, text: "Inside", position: 8 },
  ]);
});
