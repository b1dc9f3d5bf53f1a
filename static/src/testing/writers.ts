/** People who write in one shared document without a browser: what their editors would do to the CRDT, and nothing drawn. */

import { getSchema } from "@tiptap/core";
import { Fragment, type Node } from "@tiptap/pm/model";
import { updateYFragment, ySyncPluginKey, yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { OwnUndo } from "../editor/own_undo";
import { content } from "../editor/schema";

export const schema = getSchema(content);

/** A node of the schema; strings among its children are text. */
export function node(type: string, attrs: Record<string, unknown> | null, ...children: (Node | string)[]): Node {
  return schema.node(
    type,
    attrs,
    children.map((child) => (typeof child === "string" ? schema.text(child) : child)),
  );
}

export const line = (text: string): Node => node("paragraph", null, ...(text ? [text] : []));

export class Writer {
  readonly doc = new Y.Doc();
  readonly root = this.doc.getXmlFragment("default");
  readonly undo = new OwnUndo(
    this.root,
    () => schema,
    () => this.mayWrite,
  );
  mayWrite = true;

  /** Makes the document consist of these blocks, by the smallest change, as one step of undo. */
  write(...blocks: Node[]): this {
    this.undo.stopCapturing();
    const doc = schema.topNodeType.create(null, Fragment.from(blocks));
    this.doc.transact(
      () => updateYFragment(this.doc, this.root, doc, { mapping: new Map(), isOMark: new Map() }),
      ySyncPluginKey,
    );
    return this;
  }

  /** Types at the end of the first text that ends with `after`. */
  type(after: string, words: string): this {
    return this.#change(
      (text) => text.endsWith(after),
      (text) => text.insert(text.length, words),
    );
  }

  /** Deletes `words` where they first stand. */
  strike(words: string): this {
    return this.#change(
      (text) => text.includes(words),
      (text) => text.delete(wordsOf(text).indexOf(words), words.length),
    );
  }

  #change(isIt: (words: string) => boolean, change: (text: Y.XmlText) => void): this {
    const texts = [...this.root.createTreeWalker((each) => each instanceof Y.XmlText)] as Y.XmlText[];
    const text = texts.find((each) => isIt(wordsOf(each)));
    if (!text) throw new Error(`There is no such text in ${this.text}`);
    this.undo.stopCapturing();
    this.doc.transact(() => change(text), ySyncPluginKey);
    return this;
  }

  get text(): string {
    return this.shown.textBetween(0, this.shown.content.size, "\n");
  }

  get shown(): Node {
    const shown = yXmlFragmentToProseMirrorRootNode(this.root, schema);
    shown.check();
    return shown;
  }

  /** The others' changes come here, and ours stay. */
  hear(...others: Writer[]): this {
    for (const { doc } of others) Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(doc), "server");
    return this;
  }

  /** Everybody's changes reach everybody. */
  meet(...others: Writer[]): this {
    const all = [this, ...others];
    for (const each of all) each.hear(...all.filter((other) => other !== each));
    return this;
  }

  destroy(): void {
    this.doc.destroy();
  }
}

function wordsOf(text: Y.XmlText): string {
  return text
    .toDelta()
    .map(({ insert }: { insert: unknown }) => (typeof insert === "string" ? insert : ""))
    .join("");
}
