import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Node } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";
import { initProseMirrorDoc, relativePositionToAbsolutePosition } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { BoundEditor } from "../testing/bound";
import { line, node, schema, Writer } from "../testing/writers";
import { type Place, placeOf, positionOf } from "./positions";

const writers: (Writer | BoundEditor)[] = [];
after(() => {
  for (const writer of writers) writer.destroy();
});

const cell = (text: string) => node("tableCell", null, line(text));
const BLOCKS = [
  line("First."),
  line(""),
  node("paragraph", null, "Sec", node("hardBreak", null), "ond."),
  node("bulletList", null, node("listItem", null, line("one")), node("listItem", null, line("two"))),
  node("table", null, node("tableRow", null, cell("a"), cell("b"))),
  node("horizontalRule", null),
  line("Last."),
];

function stateOf({ doc }: Writer): EditorState {
  const editor = new BoundEditor([], Y.encodeStateAsUpdate(doc));
  writers.push(editor);
  return editor.state;
}

/** Every place of a text that a caret can be at. */
function placesIn(doc: Node): number[] {
  const places: number[] = [];
  doc.descendants((child, at) => {
    if (child.isTextblock) for (let offset = 0; offset <= child.content.size; offset += 1) places.push(at + 1 + offset);
  });
  return places;
}

test("a caret's place is found again, and where y-tiptap finds it", () => {
  const ada = new Writer().write(...BLOCKS);
  writers.push(ada);
  const state = stateOf(ada);
  const { mapping } = initProseMirrorDoc(ada.root, schema);
  const places = placesIn(state.doc);
  assert.ok(places.length > 30);
  for (const at of places) {
    const place = placeOf(state, at) as Place;
    assert.equal(positionOf(state, place), at);
    const relative = Y.createRelativePositionFromJSON(place);
    const bound = relativePositionToAbsolutePosition(ada.doc, ada.root, relative, mapping);
    assert.ok(bound === at || at <= 1, `y-tiptap says ${bound} for ${at}`);
  }
});

test("it moves with what others write before it, and is null when it is none", () => {
  const [ada, grace] = [new Writer(), new Writer()];
  writers.push(ada, grace);
  ada.write(...BLOCKS).meet(grace);
  const before = stateOf(ada);
  const places = placesIn(before.doc).map((at) => placeOf(before, at));
  grace.write(line("New."), ...BLOCKS).meet(ada);
  const now = stateOf(ada);
  const shift = line("New.").nodeSize;
  places.forEach((place, index) => {
    assert.equal(positionOf(now, place), (placesIn(before.doc)[index] ?? 0) + shift);
  });
  for (const wrong of [null, 7, "x", {}, { item: { client: 1, clock: 5 } }, { type: "x" }, { tname: "elsewhere" }])
    assert.equal(positionOf(now, wrong), null, JSON.stringify(wrong));
});
