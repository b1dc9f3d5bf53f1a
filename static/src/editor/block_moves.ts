/**
 * Moving, doubling and deleting the block at the selection. In the CRDT nothing moves: a block is made anew at its new
 * place and deleted at its old one. So the neighbour steps over the block rather than the block over the neighbour, unless
 * somebody is writing in the neighbour; and what others type at that moment into what is made anew is kept (late_words.ts).
 */

import { type Editor, Extension } from "@tiptap/core";
import { Fragment, type Node } from "@tiptap/pm/model";
import { Selection, type Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { caretsIn } from "./carets";
import { withoutComments } from "./comment_mark";
import { keepLateWords } from "./late_words";
import { asOneStep } from "./one_step";
import { isAll, isList, type Unit, unitsAround, wholeUnit } from "./units";

export type Direction = -1 | 1;

/** Past its neighbour, or with all that is around it where there is none. True even where nothing is: the key is taken. */
export function moveBlock({ view, isEditable }: Editor, direction: Direction): boolean {
  if (!isEditable) return false;
  const unit = unitsAround(view.state.selection).find(({ home, first, last }) =>
    direction < 0 ? first > 0 : last < home.childCount,
  );
  if (unit) step(view, unit, direction);
  return true;
}

function step(view: EditorView, unit: Unit, direction: Direction): void {
  const { home, first, last, from, to } = unit;
  const { nodeSize } = home.child(direction < 0 ? first - 1 : last);
  const [start, end] = direction < 0 ? [from - nodeSize, from] : [to, to + nodeSize];
  const isBusy = hasGuests(view, start, end) && !hasGuests(view, from, to);
  if (isBusy) relocate(view, unit, direction < 0 ? start : end);
  else relocate(view, { from: start, to: end }, direction < 0 ? to : from);
}

function hasGuests(view: EditorView, from: number, to: number): boolean {
  return caretsIn(view).find(from + 1, to - 1).length > 0;
}

/** Moves blocks to `target`, a place between blocks that takes them; what is selected in them stays selected. */
export function relocate(view: EditorView, { from, to }: { from: number; to: number }, target: number): void {
  const { doc, selection } = view.state;
  const size = to - from;
  const isInside = selection.from >= from && selection.to <= to;
  asOneStep(view.state, () => {
    // First the new one: when the guard refuses it, the old one must not go.
    view.dispatch(view.state.tr.insert(target, copyOf(doc, from, to)));
    if (view.state.doc.eq(doc)) return;
    const [old, moved] = target <= from ? [from + size, target] : [from, target - size];
    keepLateWords(view.state, blocksIn(view.state.doc, old, old + size), blocksIn(view.state.doc, moved, moved + size));
    const { tr } = view.state;
    tr.delete(old, old + size);
    if (isInside) select(tr, selection, moved - from);
    view.dispatch(tr.scrollIntoView());
  });
}

/** Nodes of their own, which Node.copy does not make: the binding tells nodes apart by identity. */
function copyOf(doc: Node, from: number, to: number): Fragment {
  const copies = blocksIn(doc, from, to).map(({ type, attrs, content, marks }) => type.create(attrs, content, marks));
  return Fragment.from(copies);
}

/** What stands side by side between two places that are between blocks. */
function blocksIn(doc: Node, from: number, to: number): Node[] {
  const nodes: Node[] = [];
  for (let at = from; at < to; at += nodes.at(-1)?.nodeSize ?? to) {
    const node = doc.nodeAt(at);
    if (!node) break;
    nodes.push(node);
  }
  return nodes;
}

function select(tr: Transaction, was: Selection, shift: number): void {
  const { anchor, head, ...rest } = was.toJSON() as { type: string; anchor: number; head?: number };
  const moved = { ...rest, anchor: anchor + shift, ...(head === undefined ? {} : { head: head + shift }) };
  tr.setSelection(Selection.fromJSON(tr.doc, moved));
}

/** Puts the same again below. A comment stays at the text that it was made on. */
export function duplicateBlock({ view, isEditable }: Editor): boolean {
  const [unit] = unitsAround(view.state.selection);
  if (!unit || !isEditable) return false;
  const { doc, selection } = view.state;
  const copies = withoutComments(doc.slice(unit.from, unit.to)).content;
  asOneStep(view.state, () => {
    const tr = view.state.tr.insert(unit.to, copies);
    select(tr, selection, unit.to - unit.from);
    view.dispatch(tr.scrollIntoView());
  });
  return true;
}

/** What would be left without any block keeps an empty paragraph. */
export function deleteBlock({ view, isEditable }: Editor): boolean {
  const unit = wholeUnit(unitsAround(view.state.selection));
  const { paragraph } = view.state.schema.nodes;
  if (!unit || !isEditable || !paragraph) return false;
  const { tr } = view.state;
  if (isAll(unit)) tr.replaceWith(unit.from, unit.to, paragraph.create());
  else tr.delete(unit.from, unit.to);
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(unit.from + 1, tr.doc.content.size)), -1));
  asOneStep(view.state, () => view.dispatch(tr.scrollIntoView()));
  view.focus();
  return true;
}

/** Moves blocks to where the pointer let go of them; items that land outside lists bring a list along. */
export function dropUnit(view: EditorView, unit: Unit, target: number): void {
  if (target >= unit.from && target <= unit.to) return;
  const home = view.state.doc.resolve(target).parent;
  if (!isList(unit.home) || isList(home)) {
    relocate(view, unit, target);
    return;
  }
  const list = unit.home.copy(copyOf(view.state.doc, unit.from, unit.to));
  asOneStep(view.state, () => {
    const { tr } = view.state;
    const before = tr.doc;
    view.dispatch(tr.insert(target, list));
    if (view.state.doc.eq(before)) return;
    const shift = target <= unit.from ? list.nodeSize : 0;
    const [from, to] = [unit.from + shift, unit.to + shift];
    const { doc } = view.state;
    keepLateWords(view.state, blocksIn(doc, from, to), blocksIn(doc, target + 1, target + 1 + to - from));
    view.dispatch(view.state.tr.delete(from, to));
  });
}

/** Whether such blocks may stand at `target`, a place between blocks. */
export function mayDrop(doc: Node, unit: Unit, target: number): boolean {
  if (target > unit.from && target < unit.to) return false;
  const at = doc.resolve(target);
  const [first] = [unit.home.child(unit.first)];
  const type = isList(unit.home) && !isList(at.parent) ? unit.home.type : first.type;
  return at.parent.canReplaceWith(at.index(), at.index(), type);
}

export const blockKeys = Extension.create({
  name: "blockKeys",
  priority: 1100,

  addKeyboardShortcuts() {
    const { editor } = this;
    return {
      "Alt-Shift-ArrowUp": () => moveBlock(editor, -1),
      "Alt-Shift-ArrowDown": () => moveBlock(editor, 1),
      "Mod-d": () => duplicateBlock(editor),
    };
  },
});
