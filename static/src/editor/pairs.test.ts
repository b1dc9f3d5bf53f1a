import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { updateYFragment } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { content } from "./schema";

const schema = getSchema(content);
// Some share their first half (😀 😁, all flags and skin tones), some their second (😀 🨀), some are several in one.
const CHARACTERS = ["😀", "😁", "🨀", "🇩🇪", "🇩🇰", "👍", "👍🏽", "👍🏿", "👩‍👩‍👧", "👩‍👧", "❤️", "a", "é", "日"];

/** Numbers that are the same on every run. */
function chance(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (Math.imul(at ^ (at >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    return ((at ^ (at >>> 13)) >>> 0) % below;
  };
}

/** What a document of one paragraph, of runs of text that are bold or not, becomes in the shared document. */
class Shared {
  readonly doc = new Y.Doc();
  readonly root = this.doc.getXmlFragment("default");
  readonly undo = new Y.UndoManager(this.root, { captureTimeout: 0 });
  readonly updates: Uint8Array[] = [];
  readonly #memory = { mapping: new Map(), isOMark: new Map() };

  constructor() {
    this.doc.on("update", (update) => this.updates.push(update));
  }

  write(page: Node): void {
    updateYFragment(this.doc, this.root, page, this.#memory);
  }

  get text(): string {
    const pieces = (this.root.get(0) as Y.XmlElement).toArray().flatMap((text) => (text as Y.XmlText).toDelta());
    return pieces.map(({ insert }) => insert).join("");
  }
}

/** Whether a deletion begins or ends within a pair, or something has been put between its halves: Yjs makes U+FFFD of both. */
function cutsPair(updates: readonly Uint8Array[]): boolean {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  const structs = [...doc.store.clients.values()].flat();
  return structs.some(
    (each) => each instanceof Y.Item && each.content instanceof Y.ContentString && each.content.str.includes("\ufffd"),
  );
}

const page = (...runs: Node[]) => schema.node("doc", null, schema.node("paragraph", null, runs));

test("a change of the page never cuts a pair in the shared document", () => {
  const pick = chance(3);
  const shared = new Shared();
  let points = ["😀"];
  for (let turn = 0; turn < 1500; turn += 1) {
    const word = Array.from({ length: pick(4) }, () => CHARACTERS[pick(CHARACTERS.length)]).join("");
    const at = pick(points.length);
    points = [...points.slice(0, at), ...word, ...points.slice(at + pick(4))].slice(0, 40);
    if (points.length === 0) points = ["😀"];
    const [before, after] = [points.slice(0, at).join(""), points.slice(at).join("")];
    const bold = pick(2) ? [schema.mark("bold")] : [];
    shared.write(page(...(before ? [schema.text(before)] : []), ...(after ? [schema.text(after, bold)] : [])));
    if (pick(5) === 0) {
      shared.undo.undo();
      shared.undo.redo();
    }
    assert.equal(shared.text, points.join(""));
  }
  assert.ok(!cutsPair(shared.updates));
});

test("a cut pair would have been noticed", () => {
  const shared = new Shared();
  shared.write(page(schema.text("a😀b")));
  const text = (shared.root.get(0) as Y.XmlElement).get(0) as Y.XmlText;
  text.delete(2, 2);
  assert.ok(cutsPair(shared.updates));
});
