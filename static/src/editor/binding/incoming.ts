/**
 * What has changed in the shared document, as a change of the editor's: the blocks concerned are read anew, and of these only
 * what differs is replaced. So decorations, selections and what is drawn stay as they are everywhere else, and an update
 * costs what it changes, however long the document is.
 */

import { Fragment, type Node, Slice } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { ReplaceStep } from "@tiptap/pm/transform";
import * as Y from "yjs";
import type { Holder, Known } from "./known";
import { Reader } from "./reading";

/** A part of the shared document, and what of it the editor shows. */
export interface Bound {
  readonly root: Y.XmlFragment;
  readonly known: Known;
}

export type Change = Y.YEvent<Y.XmlElement | Y.XmlFragment | Y.XmlText>;

interface Place {
  readonly holder: Holder;
  /** Where its content begins before the change. */
  readonly start: number;
  readonly node: Node;
}

/** Puts into `tr`, which is empty, what the events tell of. Answers what has been read anew, each with all below it. */
export function bringIn(tr: Transaction, bound: Bound, events: readonly Change[]): ReadonlySet<Holder> {
  const { known } = bound;
  const changed = new Set(events.map(({ target }) => holderOf(target)));
  const places = placesFor(changed, bound, tr.doc);
  const outermost = new Set(places.map(({ holder }) => holder));
  for (const holder of changed) forgetBelow(outermost, holder, known);
  const reader = new Reader(tr.doc.type.schema, known);
  for (const { holder, start, node } of places) {
    if (holder instanceof Y.XmlElement) {
      const read = reader.read(holder);
      if (read) replace(tr, tr.mapping.map(start), node, read);
    } else {
      replaceAll(tr, Fragment.from(reader.children(holder)));
    }
  }
  for (const { holder, start } of places) settle(holder, tr.mapping.map(start), tr.doc, bound);
  return outermost;
}

function holderOf(target: Change["target"]): Holder {
  return target instanceof Y.XmlText ? (target.parent as Holder) : target;
}

/** Nothing that is in another of them: that is read with it. */
function placesFor(changed: ReadonlySet<Holder>, bound: Bound, doc: Node): Place[] {
  const places = new Map<Holder, Place>();
  for (const holder of changed) {
    const place = shownAround(holder, bound, doc);
    places.set(place.holder, place);
  }
  return [...places.values()].filter(({ holder }) => !ancestorsOf(holder).some((above) => places.has(above)));
}

/** The holder itself, or the first one around it that the editor shows. */
function shownAround(holder: Holder, { root, known }: Bound, doc: Node): Place {
  for (let at: Holder = holder; at !== root; at = at.parent as Holder) {
    const position = known.positionOf(at as Y.XmlElement, root, doc);
    const node = position === null ? null : doc.nodeAt(position);
    if (position !== null && node) return { holder: at, start: position + 1, node };
  }
  return { holder: root, start: 0, node: doc };
}

export function ancestorsOf(holder: Holder): Holder[] {
  const above: Holder[] = [];
  for (let at = holder.parent; at; at = at.parent) above.push(at as Holder);
  return above;
}

function forgetBelow(outermost: ReadonlySet<Holder>, holder: Holder, known: Known): void {
  for (let at: Holder | null = holder; at && !outermost.has(at); at = at.parent as Holder | null) known.delete(at);
}

/** Makes `before`, whose content begins at `start`, what `after` is, of the same type. */
function replace(tr: Transaction, start: number, before: Node, after: Node): void {
  if (!before.sameMarkup(after)) tr.setNodeMarkup(start - 1, null, after.attrs, after.marks);
  if (before.isLeaf) return;
  const from = before.content.findDiffStart(after.content);
  const ends = before.content.findDiffEnd(after.content);
  if (from === null || !ends) return;
  // What both ends have in common may overlap, as when a letter is doubled.
  const overlap = Math.max(0, from - Math.min(ends.a, ends.b));
  const [to, end] = [ends.a + overlap, ends.b + overlap];
  tr.step(new ReplaceStep(start + from, start + to, after.slice(from, end)));
}

function replaceAll(tr: Transaction, content: Fragment): void {
  const { doc } = tr;
  if (doc.type.validContent(content)) replace(tr, 0, doc, doc.copy(content));
  // It is made to fit, as when there is no block at all.
  else tr.replace(0, doc.content.size, new Slice(content, 0, 0));
}

/** The nodes that are in the document now are the known ones: those read anew, and those around them. */
function settle(holder: Holder, start: number, doc: Node, { known }: Bound): void {
  const at = doc.resolve(start);
  const node = at.parent;
  if (holder instanceof Y.XmlElement && (!known.nodeOf(holder) || node.type.name !== holder.nodeName)) return;
  known.adopt(holder, node);
  for (const [up, above] of ancestorsOf(holder).entries()) known.set(above, at.node(at.depth - 1 - up));
}
