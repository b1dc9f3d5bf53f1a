import assert from "node:assert/strict";
import { test } from "node:test";
import { type Query, search } from "./query";

const query = (text: string, more: Partial<Query> = {}): Query => ({
  text,
  isCaseSensitive: false,
  isWholeWord: false,
  isRegex: false,
  ...more,
});
const found = (texts: string[], sought: Query) =>
  search(texts, sought, "").map(({ block, from, to }) => [block, texts[block]?.slice(from, to)]);

test("plain text is sought as it stands, in any case unless case matters", () => {
  assert.deepEqual(found(["a.b A.B", "acb"], query("a.b")), [
    [0, "a.b"],
    [0, "A.B"],
  ]);
  assert.deepEqual(found(["a.b A.B"], query("A.B", { isCaseSensitive: true })), [[0, "A.B"]]);
  assert.deepEqual(found(["1/2 (x) [y] {z}"], query("(x) [y] {z}")), [[0, "(x) [y] {z}"]]);
  assert.deepEqual(found(["ÄRGER straße"], query("ärger")), [[0, "ÄRGER"]]);
  assert.deepEqual(found(["anything"], query("")), []);
});

test("whole words end where letters of any script do", () => {
  assert.deepEqual(found(["cat concat cats über-cat caté"], query("cat", { isWholeWord: true })).length, 2);
  assert.deepEqual(found(["слово словом"], query("слово", { isWholeWord: true })), [[0, "слово"]]);
  assert.deepEqual(found(["ab abc"], query("ab|abc", { isWholeWord: true, isRegex: true })), [
    [0, "ab"],
    [0, "abc"],
  ]);
});

test("no match begins or ends inside a code point", () => {
  assert.deepEqual(found(["a😀b"], query(".", { isRegex: true })), [
    [0, "a"],
    [0, "😀"],
    [0, "b"],
  ]);
  assert.deepEqual(found(["😀"], query("\ud83d")), []);
  assert.deepEqual(found(["😀"], query("\\ude00", { isRegex: true })), []);
});

test("a pattern that matches nothing at a place is no match there", () => {
  assert.deepEqual(found(["bab"], query("a*", { isRegex: true })), [[0, "a"]]);
});

test("lines of one block have beginnings and ends of their own", () => {
  assert.deepEqual(found(["one\ntwo"], query("^\\w+$", { isRegex: true })).length, 2);
});

test("what is no regular expression is a SyntaxError", () => {
  for (const text of ["(", "[", "a{2,1}", "\\", "(?<x", "\\-"]) {
    assert.throws(() => search(["a"], query(text, { isRegex: true }), ""), SyntaxError, text);
  }
});

test("the replacement of a pattern may name parts of the match, that of plain text is plain", () => {
  const swap = query("(?<first>\\w+) (\\w+)", { isRegex: true });
  assert.equal(search(["ada love"], swap, "$2, $<first>: $& $$ $9 $0")[0]?.instead, "love, ada: ada love $ $9 $0");
  assert.equal(search(["price"], query("price"), "$1 $&")[0]?.instead, "$1 $&");
});
