import assert from "node:assert/strict";
import { after, test } from "node:test";
import type * as Y from "yjs";
import { line, node, Writer } from "../testing/writers";
import { LateWords } from "./late_words";

const writers: Writer[] = [];
after(() => {
  for (const writer of writers) writer.destroy();
});

const BLOCKS = [line("First."), node("paragraph", null, "Sec", node("hardBreak", null), "ond."), line("Third.")];

/** Ada, who moves blocks, and Grace, who types in them before she hears of it. */
function two(): [Writer, Writer, (from: number, to: number) => void] {
  const [ada, grace] = [new Writer(), new Writer()];
  writers.push(ada, grace);
  ada.write(...BLOCKS).meet(grace);
  const words = new LateWords(ada.doc);
  const move = (from: number, to: number) => {
    ada.undo.stopCapturing();
    ada.doc.transact(() => {
      const old = ada.root.get(from) as Y.XmlElement;
      const copy = old.clone();
      ada.root.insert(to > from ? to + 1 : to, [copy]);
      words.moved(old, copy);
      ada.root.delete(to > from ? from : from + 1, 1);
    }, ada.undo);
  };
  return [ada, grace, move];
}

test("what the other types in a block that is being moved goes with it, at its place", () => {
  const [ada, grace, move] = two();
  move(0, 2);
  grace.type("First.", " Late.");
  grace.type("Late.", " Later.");
  assert.equal(ada.meet(grace).text, "Second.\nThird.\nFirst. Late. Later.");
  assert.equal(grace.text, ada.text);
});

test("letter by letter, in the middle, at the beginning, and into several texts of one block", () => {
  const [ada, grace, move] = two();
  move(1, 0);
  for (const [at, word] of [
    [0, "A"],
    [1, "B"],
    [3, "C"],
  ] as const) {
    const text = (grace.root.get(1) as Y.XmlElement).get(0) as Y.XmlText;
    text.insert(at, word);
    ada.hear(grace);
  }
  grace.type("ond.", "!");
  ada.hear(grace);
  assert.equal(ada.text, "ABSCecond.!\nFirst.\nThird.");
  assert.equal(grace.meet(ada).text, ada.text);
});

test("a block that has been moved twice still gets them", () => {
  const [ada, grace, move] = two();
  move(0, 1);
  move(1, 2);
  grace.type("First.", " Late.");
  assert.equal(ada.meet(grace).text, "Second.\nThird.\nFirst. Late.");
});

test("what the other types in the block once it has been moved is not doubled", () => {
  const [ada, grace, move] = two();
  move(0, 2);
  ada.meet(grace);
  grace.type("First.", " After.");
  assert.equal(ada.meet(grace).text, "Second.\nThird.\nFirst. After.");
});
