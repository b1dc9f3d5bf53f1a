import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Node, NodeType } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { canJoin, canSplit } from "@tiptap/pm/transform";
import * as Y from "yjs";
import { BoundEditor } from "../../testing/bound";
import { line, node, schema } from "../../testing/writers";
import { beginning } from "./binding";

const editors: BoundEditor[] = [];
after(() => {
  for (const editor of editors) editor.destroy();
});

function open(state?: Uint8Array): BoundEditor {
  const editor = new BoundEditor([], state);
  editors.push(editor);
  return editor;
}

/** So many editors of one document, which says `blocks`. */
function together(count: number, ...blocks: Node[]): BoundEditor[] {
  const first = open();
  first.change((tr) => tr.replaceWith(0, tr.doc.content.size, blocks));
  return [first, ...Array.from({ length: count - 1 }, () => open(Y.encodeStateAsUpdate(first.doc)))];
}

function assertTrue(editor: BoundEditor): void {
  assert.deepEqual(editor.state.doc.toJSON(), editor.truth);
  editor.state.doc.check();
  assert.deepEqual(editor.strangers, []);
}

/** An editor that has the shared text before it is bound. */
function openWithText(state: Uint8Array): BoundEditor {
  const editor = new BoundEditor([], state, beginning);
  editors.push(editor);
  return editor;
}

/** Numbers that are the same on every run. */
function chance(seed: number): (below: number) => number {
  let at = seed * 2_654_435_761;
  return (below) => {
    at = (Math.imul(at ^ (at >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    return ((at ^ (at >>> 13)) >>> 0) % below;
  };
}

type Pick = (below: number) => number;

function textAt(doc: Node, pick: Pick): number {
  const found: number[] = [];
  doc.descendants((child, at) => {
    if (child.isTextblock) for (let offset = 0; offset <= child.content.size; offset += 1) found.push(at + 1 + offset);
  });
  return found[pick(found.length)] ?? 1;
}

const item = (text: string) => node("listItem", null, line(text));
const cell = (text: string) => node("tableCell", null, line(text));
const NEW: readonly (() => Node)[] = [
  () => line(""),
  () => line("new"),
  () => node("heading", { level: 2 }, "head"),
  () => node("bulletList", null, item(""), item(""), item("x")),
  () => node("table", null, node("tableRow", null, cell(""), cell("")), node("tableRow", null, cell(""), cell(""))),
  () => node("callout", { kind: "note" }, line("call"), line("")),
  () => node("paragraph", null, "a", node("hardBreak", null), "b", node("inlineMath", { latex: "x" })),
  () => node("horizontalRule", null),
];

/** What people do, one thing each. */
const DEEDS: readonly ((tr: Transaction, pick: Pick) => Transaction)[] = [
  (tr, pick) => tr.insertText("abcdefghij".slice(0, 1 + pick(3)), textAt(tr.doc, pick)),
  (tr, pick) => tr.insertText("aaa", textAt(tr.doc, pick)),
  (tr, pick) => {
    const [one, other] = [textAt(tr.doc, pick), textAt(tr.doc, pick)];
    return tr.delete(Math.min(one, other), Math.min(Math.max(one, other), Math.min(one, other) + 12));
  },
  (tr, pick) => {
    const at = textAt(tr.doc, pick);
    return canSplit(tr.doc, at) ? tr.split(at) : tr;
  },
  (tr, pick) => {
    const at = tr.doc.resolve(textAt(tr.doc, pick)).before();
    const { nodeBefore, nodeAfter } = tr.doc.resolve(at);
    return canJoin(tr.doc, at) && nodeBefore?.type === nodeAfter?.type ? tr.join(at) : tr;
  },
  (tr, pick) => {
    const at = textAt(tr.doc, pick);
    const mark = [schema.mark("bold"), schema.mark("comment", { thread: String(pick(3)) })][pick(2)] as never;
    const end = Math.min(at + 4, tr.doc.resolve(at).end());
    // On what is not text the shared document has no marks.
    if (tr.doc.slice(at, end).content.content.some((child) => !child.isText)) return tr;
    return pick(3) ? tr.addMark(at, end, mark) : tr.removeMark(at, end);
  },
  (tr, pick) => tr.insert(blockAt(tr.doc, pick).at, (NEW[pick(NEW.length)] as () => Node)()),
  // The very same node twice, as when a block is duplicated.
  (tr, pick) => {
    const { at, block } = blockAt(tr.doc, pick);
    return tr.insert(at, block);
  },
  (tr, pick) => {
    const { at, block } = blockAt(tr.doc, pick);
    if (tr.doc.childCount < 2) return tr;
    return tr.delete(at, at + block.nodeSize).insert(blockAt(tr.doc, pick).at, block);
  },
  (tr, pick) => {
    const { at, block } = blockAt(tr.doc, pick);
    return block.isTextblock ? tr.setBlockType(at, at + block.nodeSize, otherType(block), { level: 1 + pick(6) }) : tr;
  },
  // A container whose children change places, equal ones too.
  (tr, pick) => {
    const { at, block } = blockAt(tr.doc, pick);
    if (block.inlineContent || block.childCount < 2) return tr;
    return tr.replaceWith(at + 1, at + 1 + block.content.size, [...block.content.content].reverse());
  },
];

function otherType(block: Node): NodeType {
  const { heading, paragraph } = schema.nodes as { heading: NodeType; paragraph: NodeType };
  return block.type === heading ? paragraph : heading;
}

function blockAt(doc: Node, pick: Pick): { at: number; block: Node } {
  const index = pick(doc.childCount);
  const at = doc.content.content.slice(0, index).reduce((size, { nodeSize }) => size + nodeSize, 0);
  return { at, block: doc.child(index) };
}

for (let seed = 1; seed <= 60; seed += 1) {
  test(`whatever three people do, each sees what the shared document says (${seed})`, () => {
    const pick = chance(seed);
    const all = together(3, line("one"), line("two"), node("bulletList", null, item("a"), item("a"), item("b")));
    for (let turn = 0; turn < 60; turn += 1) {
      const editor = all[pick(3)] as BoundEditor;
      const deed = DEEDS[pick(DEEDS.length)] as (typeof DEEDS)[number];
      const what = pick(8);
      if (what < 5) editor.change((tr) => deed(tr, pick));
      else if (what < 7) editor.take(all[pick(3)] as BoundEditor);
      else if (pick(2)) editor.undo.undo();
      else editor.undo.redo();
      assertTrue(editor);
    }
    for (const editor of [...all, ...all]) editor.take(...all);
    for (const editor of all) {
      assertTrue(editor);
      assert.deepEqual(editor.state.doc.toJSON(), all[0]?.state.doc.toJSON());
    }
  });
}

test("an editor may have the text before it is bound, and is not changed by that", () => {
  const [first] = together(1, line("one"), node("bulletList", null, item("two")));
  const state = Y.encodeStateAsUpdate((first as BoundEditor).doc);
  const editor = openWithText(state);
  assert.equal(editor.changes, 0);
  assertTrue(editor);
  editor.change((tr) => tr.insertText("zero ", 1));
  assert.match(JSON.stringify(editor.truth), /zero one/);
  assertTrue(editor);
  assert.equal(open(state).changes, 1, "else it is put in as a change");
});

test("what fits no document is made to fit when it is bound", () => {
  const doc = new Y.Doc();
  doc.getXmlFragment("default").push([new Y.XmlText("loose")]);
  const editor = openWithText(Y.encodeStateAsUpdate(doc));
  assert.equal(editor.changes, 1);
  assert.equal(editor.state.doc.textContent, "loose");
  editor.state.doc.check();
});
