/** Text that one browser still has and the server does not: whether it holds anything new, and how to take it away. */

import { DOMSerializer, type Node, type Schema } from "@tiptap/pm/model";
import { yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import type * as Y from "yjs";
import { t } from "../words";

export interface Text {
  readonly plain: string;
  readonly html: string;
}

export function nodeOf(doc: Y.Doc, root: string, schema: Schema): Node {
  return yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment(root), schema);
}

/** Whether a block of `old` says something that no block of `now` says. */
export function holdsMore(old: Node, now: Node): boolean {
  const known = new Set(blocksOf(now));
  return blocksOf(old).some((block) => !known.has(block));
}

function blocksOf(doc: Node): string[] {
  const blocks: string[] = [];
  doc.descendants((node) => {
    if (!node.isTextblock) return true;
    if (node.textContent.trim()) blocks.push(node.textContent.trim());
    return false;
  });
  return blocks;
}

export function plainOf(doc: Node): string {
  return doc.textBetween(0, doc.content.size, "\n\n", "\n");
}

export function textOf(doc: Node): Text {
  const box = document.createElement("div");
  box.append(DOMSerializer.fromSchema(doc.type.schema).serializeFragment(doc.content));
  return { plain: plainOf(doc), html: box.innerHTML };
}

/** Makes a document of its own of it, by the page's form for that: its address, or why there is none. */
export async function saveApart(form: HTMLFormElement, title: string, text: Node): Promise<URL | string> {
  const fields = new FormData(form);
  fields.set("title", title);
  fields.set("content", JSON.stringify(text.toJSON()));
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields });
    const place = new URL(answer.url);
    if (answer.ok && place.pathname.startsWith("/d/")) return place; // and not where one signs in
    return answer.status === 413
      ? t("This text is too long for one document: download it.")
      : t("The server did not take the text: download it, or try again.");
  } catch {
    return t("The server cannot be reached: try again later, or download the text.");
  }
}

export function download(name: string, { html }: Text): void {
  const title = name.replace(/[&<>"]/g, " ");
  const page = `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title></head><body>${html}</body></html>`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([page], { type: "text/html" }));
  link.download = `${name.replace(/[^\p{L}\p{N} _-]/gu, "").trim() || "document"}.html`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
