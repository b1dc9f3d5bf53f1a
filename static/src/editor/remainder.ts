/**
 * What has to stay when a step is taken back: elements of the CRDT that hold what the step has not put in, and what these,
 * and those around, need beside it to fit the schema. What does not fit it the binding would delete, for everybody.
 */

import type { Schema } from "@tiptap/pm/model";
import * as Y from "yjs";

const CELLS = new Set(["tableCell", "tableHeader"]);

type Parent = Y.XmlElement | Y.XmlFragment | Y.XmlText;

export class Remainder {
  readonly kept = new Set<Y.Item>();
  readonly #doomed: ReadonlySet<Y.Item>;
  readonly #elements: readonly Y.Item[];
  readonly #schema: Schema;
  readonly #holdsMore = new Map<Y.Item, boolean>();

  /** `doomed`: what the step has put in and is still there. */
  constructor(doomed: ReadonlySet<Y.Item>, schema: Schema) {
    this.#doomed = doomed;
    this.#schema = schema;
    this.#elements = [...doomed].filter(({ content }) => content instanceof Y.ContentType);
    for (const item of this.#elements) if (this.#hasMore(item)) this.#keep(item);
    this.#keepTables();
    this.#keepWhole();
  }

  /** Whether something is in it that is not of the step. Marks do not count. */
  #hasMore(item: Y.Item): boolean {
    const known = this.#holdsMore.get(item);
    if (known !== undefined) return known;
    const hasMore = childrenOf(typeOf(item)).some((child) => !this.#doomed.has(child) || this.#hasMore(child));
    this.#holdsMore.set(item, hasMore);
    return hasMore;
  }

  #keep(item: Y.Item): void {
    for (let at: Y.Item | null = item; at && this.#doomed.has(at) && !this.kept.has(at); at = parentOf(at)._item)
      this.kept.add(at);
  }

  /** Of a table's new cells all or none, or its rows would differ in length. */
  #keepTables(): void {
    const tables = new Set(this.#elements.filter((item) => isCell(item) && this.kept.has(item)).map(tableOf));
    for (const item of this.#elements) if (isCell(item) && tables.has(tableOf(item))) this.#keep(item);
  }

  #keepWhole(): void {
    const whole = new Set<Parent>();
    for (let isDone = false; !isDone; ) {
      isDone = true;
      for (const item of this.#elements) {
        const parent = parentOf(item);
        if (!this.#goes(item) || (parent._item && this.#goes(parent._item)) || whole.has(parent)) continue;
        if (this.#isWhole(parent)) {
          whole.add(parent);
        } else {
          this.#keep(item);
          isDone = false;
        }
      }
    }
  }

  #goes(item: Y.Item): boolean {
    return this.#doomed.has(item) && !this.kept.has(item);
  }

  /** Whether the schema allows what will be left in it. */
  #isWhole(parent: Parent): boolean {
    const { nodes, topNodeType } = this.#schema;
    const type = parent instanceof Y.XmlElement ? nodes[parent.nodeName] : topNodeType;
    if (!type || type.inlineContent || parent instanceof Y.XmlText) return true;
    let match: typeof type.contentMatch | null = type.contentMatch;
    for (const child of childrenOf(parent)) {
      const element = typeOf(child);
      const childType = element instanceof Y.XmlElement ? nodes[element.nodeName] : undefined;
      if (this.#goes(child) || !childType) continue;
      match = match?.matchType(childType) ?? null;
    }
    return match?.validEnd ?? false;
  }
}

function childrenOf(type: Parent | null): Y.Item[] {
  const children: Y.Item[] = [];
  for (let child = type?._start ?? null; child; child = child.right) {
    if (!child.deleted && child.countable) children.push(child);
  }
  return children;
}

function typeOf({ content }: Y.Item): Parent | null {
  return content instanceof Y.ContentType ? (content.type as Parent) : null;
}

function parentOf({ parent }: Y.Item): Parent {
  return parent as Parent;
}

function isCell(item: Y.Item): boolean {
  const type = typeOf(item);
  return type instanceof Y.XmlElement && CELLS.has(type.nodeName);
}

function tableOf(cell: Y.Item): Parent | null {
  const row = parentOf(cell)._item;
  return row && parentOf(row);
}
