/**
 * What others type into a block at the moment when it is moved here. In the CRDT the block was made anew, and the old one
 * deleted; letters for the old one still come, and Yjs deletes them as they do. They are put into the new one, at the same
 * place. This holds at the page that has moved the block, for as long as it is open.
 */

import type { Node } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";
import * as Y from "yjs";
import { boundIn } from "./binding/binding";

/** So many texts of moved blocks are remembered. */
const REMEMBERED = 500;

/** Letters that stood side by side in the old text, and do so in the new one. */
interface Run {
  readonly from: Y.ID;
  readonly to: Y.ID;
  readonly length: number;
}

interface Heir {
  readonly text: Y.XmlText;
  readonly runs: Run[];
}

export class LateWords {
  readonly #doc: Y.Doc;
  readonly #heirs = new Map<Y.XmlText, Heir>();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    doc.on("afterTransaction", (transaction) => this.#look(transaction));
  }

  /** `copy` is `old` at another place, and `old` is about to be deleted. */
  moved(old: Y.XmlElement, copy: Y.XmlElement): void {
    const [texts, copies] = [textsIn(old), textsIn(copy)];
    if (texts.length !== copies.length) return;
    texts.forEach((text, index) => {
      const heir = copies[index] as Y.XmlText;
      this.#heirs.set(text, { text: heir, runs: runsBetween(text, heir) });
    });
    for (const text of this.#heirs.keys()) if (this.#heirs.size > REMEMBERED) this.#heirs.delete(text);
  }

  #look(transaction: Y.Transaction): void {
    if (transaction.local || this.#heirs.size === 0) return;
    const late = [...transaction.afterState].flatMap(([client, end]) => {
      const start = transaction.beforeState.get(client) ?? 0;
      return start < end ? this.#lateOf(client, start) : [];
    });
    // The letters themselves are forgotten once this transaction ends.
    if (late.length > 0) this.#doc.transact(() => late.forEach((item) => void this.#keep(item)), this);
  }

  #lateOf(client: number, start: number): Y.Item[] {
    const structs = this.#doc.store.clients.get(client) ?? [];
    const isLate = (struct: Y.Item | Y.GC) =>
      struct instanceof Y.Item &&
      struct.content instanceof Y.ContentString &&
      this.#heirs.has(struct.parent as Y.XmlText);
    return structs.slice(Y.findIndexSS(structs, start)).filter(isLate) as Y.Item[];
  }

  #keep({ id, length, origin, parent, content }: Y.Item): void {
    const heir = this.#heirs.get(parent as Y.XmlText);
    const place = this.#placeAfter(parent as Y.XmlText, origin);
    if (!heir || !place || place.text._item?.deleted) return;
    const clock = Y.getState(this.#doc.store, this.#doc.clientID);
    place.text.insert(place.index, (content as Y.ContentString).str);
    heir.runs.push({ from: id, to: Y.createID(this.#doc.clientID, clock), length });
  }

  /** Where something belongs now that was written after the letter `origin` of a text that has been moved, perhaps twice. */
  #placeAfter(text: Y.XmlText, origin: Y.ID | null): { text: Y.XmlText; index: number } | null {
    const heir = this.#heirs.get(text);
    if (!heir) {
      if (!origin) return { text, index: 0 };
      const place = Y.createAbsolutePositionFromRelativePosition(
        new Y.RelativePosition(null, null, origin, -1),
        this.#doc,
      );
      return place && { text: place.type as Y.XmlText, index: place.index };
    }
    const run = heir.runs.find(({ from, length }) => origin && holds(from, length, origin));
    if (origin && !run) return null;
    const next = run && origin && Y.createID(run.to.client, run.to.clock + origin.clock - run.from.clock);
    return this.#placeAfter(heir.text, next ?? null);
  }
}

function holds(from: Y.ID, length: number, { client, clock }: Y.ID): boolean {
  return from.client === client && from.clock <= clock && clock < from.clock + length;
}

function textsIn(element: Y.XmlElement): Y.XmlText[] {
  return [...element.createTreeWalker((each) => each instanceof Y.XmlText)] as Y.XmlText[];
}

function runsBetween(text: Y.XmlText, copy: Y.XmlText): Run[] {
  const runs: Run[] = [];
  const [olds, news] = [lettersOf(text), lettersOf(copy)];
  let [passed, into] = [0, 0];
  for (let [old, made] = [olds.shift(), news.shift()]; old && made; ) {
    const length = Math.min(old.length - passed, made.length - into);
    runs.push({ from: after(old.id, passed), to: after(made.id, into), length });
    passed += length;
    into += length;
    if (passed === old.length) [old, passed] = [olds.shift(), 0];
    if (into === made.length) [made, into] = [news.shift(), 0];
  }
  return runs;
}

function lettersOf(text: Y.XmlText): Y.Item[] {
  const items: Y.Item[] = [];
  for (let item = text._start; item; item = item.right) if (!item.deleted && item.countable) items.push(item);
  return items;
}

function after(id: Y.ID, letters: number): Y.ID {
  return Y.createID(id.client, id.clock + letters);
}

const kept = new WeakMap<Y.Doc, LateWords>();

/** Blocks of this state are there a second time, and the old ones are about to be deleted. */
export function keepLateWords(state: EditorState, olds: readonly Node[], copies: readonly Node[]): void {
  const bound = boundIn(state);
  if (!bound?.root.doc) return;
  const { doc } = bound.root;
  const words = kept.get(doc) ?? new LateWords(doc);
  kept.set(doc, words);
  olds.forEach((old, index) => {
    const [from, to] = [old, copies[index]].map((node) => node && bound.known.elementOf(node));
    if (from && to) words.moved(from, to);
  });
}
