/**
 * Nodes as the shared document has them, elements that are known as they are known. What does not fit the schema is taken out
 * of the shared document, as the bindings of other Yjs editors do: the rest could not be shown.
 */

import type { Mark, Node, Schema } from "@tiptap/pm/model";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import type { Holder, Known } from "./known";

export class Reader {
  readonly #schema: Schema;
  readonly #known: Known;

  constructor(schema: Schema, known: Known) {
    this.#schema = schema;
    this.#known = known;
  }

  /** What a holder holds. */
  children(holder: Holder): Node[] {
    return holder.toArray().flatMap((child) => {
      if (child instanceof Y.XmlText) return this.#texts(child);
      const node = child instanceof Y.XmlElement ? this.#element(child) : null;
      return node ? [node] : [];
    });
  }

  /** Null for an element that cannot be shown. */
  read(element: Y.XmlElement): Node | null {
    const children = this.children(element);
    try {
      const node = this.#schema.node(element.nodeName, element.getAttributes(), children);
      this.#known.set(element, node);
      return node;
    } catch {
      this.#known.delete(element);
      takeOut(element);
      return null;
    }
  }

  #element(element: Y.XmlElement): Node | null {
    return this.#known.nodeOf(element) ?? this.read(element);
  }

  #texts(text: Y.XmlText): Node[] {
    joinOwn(text);
    this.#known.delete(text);
    try {
      const pieces = text.toDelta() as { insert: string; attributes?: Record<string, Record<string, unknown>> }[];
      return pieces.map(({ insert, attributes }) => this.#schema.text(insert, this.#marks(attributes)));
    } catch {
      takeOut(text);
      return [];
    }
  }

  #marks(attributes: Record<string, Record<string, unknown>> = {}): Mark[] {
    return Object.entries(attributes).map(([name, attrs]) => this.#schema.mark(markName(name), attrs));
  }
}

/** Marks that may lie over others of their kind have a hash behind their name (docs/schema.md). */
function markName(name: string): string {
  return /^(.*)--[a-zA-Z0-9+/=]{8}$/.exec(name)?.[1] ?? name;
}

/** Two people who began to write in one empty block have made two texts of it: each puts its own into the one before. */
function joinOwn(text: Y.XmlText): void {
  const next = text.nextSibling;
  if (!(next instanceof Y.XmlText) || next._item?.id.client !== next.doc?.clientID) return;
  text.applyDelta([{ retain: text.length }, ...next.toDelta()]);
  next.doc?.transact((transaction) => next._item?.delete(transaction));
}

function takeOut(type: Y.XmlElement | Y.XmlText): void {
  type.doc?.transact((transaction) => type._item?.delete(transaction), ySyncPluginKey);
}
