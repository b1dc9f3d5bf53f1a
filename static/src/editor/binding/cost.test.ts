import assert from "node:assert/strict";
import { test } from "node:test";
import { Fragment, Node, type NodeType } from "@tiptap/pm/model";
import { TextSelection } from "@tiptap/pm/state";
import * as Y from "yjs";
import { BoundEditor } from "../../testing/bound";
import { line, node, schema } from "../../testing/writers";

/** Everything by which plugins, the binding and ProseMirror itself go through a document, and everything that is made. */
const WALKS: readonly (readonly [object, string])[] = [
  [Node.prototype, "descendants"],
  [Node.prototype, "nodesBetween"],
  [Node.prototype, "textBetween"],
  [Fragment.prototype, "nodesBetween"],
  [Fragment.prototype, "forEach"],
  [Object.getPrototypeOf(schema.nodes.paragraph as NodeType), "create"],
  [Object.getPrototypeOf(schema.nodes.paragraph as NodeType), "createChecked"],
  [Y.XmlText.prototype, "toDelta"],
  [Y.XmlElement.prototype, "getAttributes"],
];

/** Calls `run`; answers how often each of the above was called, and how many nodes a walk has come by. */
function counted(run: () => void): Record<string, number> {
  const counts: Record<string, number> = {};
  const real = WALKS.map(([home, name]) => (home as Record<string, (...all: unknown[]) => unknown>)[name]);
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  for (const [at, [home, name]] of WALKS.entries()) {
    (home as Record<string, unknown>)[name] = function counting(this: unknown, ...all: unknown[]) {
      count(name);
      const looked = all.map((each) =>
        typeof each === "function"
          ? (...seen: unknown[]) => {
              count(`${name} of a node`);
              return each(...seen);
            }
          : each,
      );
      return real[at]?.apply(this, looked);
    };
  }
  try {
    run();
  } finally {
    for (const [at, [home, name]] of WALKS.entries()) (home as Record<string, unknown>)[name] = real[at];
  }
  return counts;
}

/** What it costs somebody with a caret in the middle of so many blocks when another does this. */
function cost(blocks: number, what: (other: BoundEditor, middle: number) => void): Record<string, number> {
  const other = new BoundEditor();
  const lines = Array.from({ length: blocks }, (_, at) => line(`Line ${at} of a document.`));
  other.change((tr) => tr.replaceWith(0, tr.doc.content.size, lines));
  const reader = new BoundEditor([], Y.encodeStateAsUpdate(other.doc));
  const middle = reader.state.doc.content.size / 2;
  const at = reader.state.doc.resolve(middle).start(1);
  reader.change((tr) => tr.setSelection(TextSelection.create(tr.doc, at + 2)));
  what(other, at);
  const update = Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(reader.doc));
  const counts = counted(() => Y.applyUpdate(reader.doc, update, "server"));
  assert.deepEqual(reader.state.doc.toJSON(), reader.truth);
  for (const editor of [reader, other]) editor.destroy();
  return counts;
}

for (const [what, run] of [
  ["types where the reader's caret is", (other, at) => other.change((tr) => tr.insertText("x", at + 1))],
  ["types at the beginning", (other) => other.change((tr) => tr.insertText("x", 1))],
  ["makes a word bold", (other, at) => other.change((tr) => tr.addMark(at, at + 4, schema.mark("bold")))],
  [
    "makes a heading of a block",
    (other, at) => other.change((tr) => tr.setNodeAttribute(at - 1, "textAlign", "right")),
  ],
] as [string, (other: BoundEditor, middle: number) => void][]) {
  test(`who ${what} costs the others the same in 200 blocks and in 2,000`, () => {
    const [short, long] = [cost(200, run), cost(2000, run)];
    assert.ok(Object.keys(short).length > 0);
    assert.deepEqual(long, short);
  });
}

test("a new block is the only one that is read and made", () => {
  const insert = (other: BoundEditor, at: number) =>
    void other.change((tr) => tr.insert(at - 1, node("horizontalRule", null)));
  const { toDelta = 0, getAttributes = 0 } = cost(2000, insert);
  assert.deepEqual([toDelta, getAttributes], [0, 1]);
});
