import assert from "node:assert/strict";
import { after, test } from "node:test";
import { line, node, Writer } from "../testing/writers";

const writers: Writer[] = [];
after(() => {
  for (const writer of writers) writer.destroy();
});

/** Two people with the same document before them, in which `ada` has nothing to undo yet. */
function two(...blocks: Parameters<Writer["write"]>): [Writer, Writer] {
  const [ada, grace, earlier] = [new Writer(), new Writer(), new Writer()];
  writers.push(ada, grace, earlier);
  earlier.write(...blocks).meet(ada, grace);
  return [ada, grace];
}

const item = (text: string) => node("listItem", null, line(text));
const cell = (text: string) => node("tableCell", null, line(text));
const row = (...cells: string[]) => node("tableRow", null, ...cells.map(cell));

test("what the other has written in the middle of one's own words stays, and redo brings one's own back around it", () => {
  const [ada, grace] = two(line("Begin."));
  ada.type("Begin.", " Mine.").meet(grace);
  grace.type("Mine.", " Theirs.").meet(ada);
  ada.undo.undo();
  assert.equal(ada.text, "Begin. Theirs.");
  ada.undo.redo();
  assert.equal(ada.meet(grace).text, "Begin. Mine. Theirs.");
  assert.equal(grace.text, ada.text);
});

test("a deletion of the other's is never taken back", () => {
  const [ada, grace] = two(line("One two three."));
  ada.type("three.", " four.").meet(grace);
  grace.strike(" four.").meet(ada);
  ada.strike("One ");
  assert.ok(ada.undo.undo());
  assert.equal(ada.text, "One two three.");
  assert.equal(ada.undo.undo(), null, "her words are gone already, by another's hand");
  assert.equal(ada.undo.redo()?.constructor.name, "StackItem");
  assert.equal(ada.text, "two three.");
});

for (const [kind, block] of [
  ["heading", node("heading", { level: 2 }, "New")],
  ["paragraph", line("New")],
  ["list", node("bulletList", null, item("New"), item("Other"))],
  ["callout", node("callout", { kind: "note" }, line("New"))],
] as const) {
  test(`a new ${kind} in which the other has written stays with their words, and without one's own`, () => {
    const [ada, grace] = two(line("Begin."));
    ada.write(line("Begin."), block).meet(grace);
    grace.type("New", " of theirs").meet(ada);
    ada.undo.undo();
    assert.equal(ada.text, "Begin.\n of theirs");
    assert.equal(ada.shown.lastChild?.type, block.type);
    assert.equal(ada.shown.lastChild?.childCount, 1);
    ada.undo.redo();
    assert.match(ada.text, /New of theirs/);
    assert.deepEqual(ada.meet(grace).shown.toJSON(), grace.shown.toJSON());
  });

  test(`a new ${kind} that nobody else has touched goes as a whole`, () => {
    const [ada, grace] = two(line("Begin."));
    ada.write(line("Begin."), block).meet(grace);
    grace.type("Begin.", " And.").meet(ada);
    ada.undo.undo();
    assert.equal(ada.shown.childCount, 1);
    assert.equal(ada.text, "Begin. And.");
  });
}

test("of a toggle with others' words in it all stays that a toggle needs", () => {
  const [ada, grace] = two(line("Begin."));
  const body = node("detailsContent", null, line("Within"));
  ada.write(line("Begin."), node("details", null, node("detailsSummary", null, "Title"), body)).meet(grace);
  grace.type("Title", " of theirs").meet(ada);
  ada.undo.undo();
  const [summary, within] = [ada.shown.child(1).child(0), ada.shown.child(1).child(1)];
  assert.deepEqual([summary.textContent, within.textContent, within.childCount], [" of theirs", "", 1]);
});

test("a table or a column of one stays rectangular", () => {
  const [ada, grace] = two(line("Begin."));
  ada.write(line("Begin."), node("table", null, row("a", "b"), row("c", "d"))).meet(grace);
  ada.write(line("Begin."), node("table", null, row("a", "b", "e"), row("c", "d", "f"))).meet(grace);
  grace.type("e", " theirs").meet(ada);
  const widths = () => ada.shown.child(1).content.content.map(({ childCount }) => childCount);
  ada.undo.undo();
  assert.deepEqual([widths(), ada.text], [[3, 3], "Begin.\na\nb\n theirs\nc\nd\n"]);
  ada.undo.undo();
  assert.deepEqual([widths(), ada.text], [[1, 1], "Begin.\n theirs\n"], "the other's column keeps the table");
});

test("a new column that nobody else has touched goes, from a table of one's own too", () => {
  const [ada, grace] = two(line("Begin."));
  ada.write(line("Begin."), node("table", null, row("a", "b"))).meet(grace);
  grace.type("a", " theirs").meet(ada);
  ada.write(line("Begin."), node("table", null, row("a theirs", "b", "c")));
  ada.undo.undo();
  assert.equal(ada.text, "Begin.\na theirs\nb");
});

test("a document keeps a block to write in", () => {
  const ada = new Writer();
  writers.push(ada);
  ada.write(line("All there is."));
  ada.undo.undo();
  assert.equal(ada.text, "");
});

test("what a restore has put there is not taken back, and one's own steps before it still are", () => {
  const [ada, server] = two(line("The fox."));
  ada.type("fox.", " Typed.").meet(server);
  server.strike(" Typed.").type("fox.", " Restored.").meet(ada);
  assert.equal(ada.undo.undo(), null);
  assert.equal(ada.text, "The fox. Restored.");
  ada.type("Restored.", " After.").meet(server);
  ada.undo.undo();
  assert.equal(ada.meet(server).text, "The fox. Restored.");
});

test("what was deleted here and a restore has brought back is there twice after undo, and once after redo", () => {
  const [ada, server] = two(line("The quick fox."));
  ada.strike("quick ").meet(server);
  server.write(line("The quick fox.")).meet(ada);
  ada.undo.undo();
  assert.equal(ada.meet(server).text, "The quick quick fox.");
  ada.undo.redo();
  assert.equal(ada.text, "The quick fox.");
});

test("several changes of one step go with one undo, and steps without an effect are passed over", () => {
  const [ada, grace] = two(line("a b a"), line("a"));
  ada.write(line("c b c"), line("c"));
  ada.type("c b c", "!").meet(grace);
  grace.strike("!").meet(ada);
  ada.undo.undo();
  assert.equal(ada.text, "a b a\na");
});

test("who may not write any more takes nothing back, and keeps the steps", () => {
  const [ada] = two(line("Begin."));
  ada.type("Begin.", " Mine.");
  ada.mayWrite = false;
  assert.equal(ada.undo.undo(), null);
  assert.equal(ada.text, "Begin. Mine.");
  ada.mayWrite = true;
  assert.ok(ada.undo.undo());
});
