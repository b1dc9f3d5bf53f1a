/**
 * Footnotes: blocks, and the places in the text that refer to them by name. Their numbers are not in the document: they
 * follow from the order of the references, and are counted over those that there are, not over the whole text.
 */

import { type Editor, Node, type RawCommands } from "@tiptap/core";
import type { Node as DocumentNode } from "@tiptap/pm/model";
import { TextSelection } from "@tiptap/pm/state";
import type { NodeView, ViewMutationRecord } from "@tiptap/pm/view";
import { button, element } from "../../ui/element";
import { t } from "../../words";
import { word } from "./attributes";
import { afterChanges } from "./redraw";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    footnote: {
      /** Refers to a new footnote at the end of the document, and goes on there. */
      insertFootnote: () => ReturnType;
    };
  }
}

/** The views of one editor. */
class Notes {
  readonly references = new Set<ReferenceView>();
  readonly footnotes = new Set<FootnoteView>();

  number(): void {
    const inOrder = [...this.references].sort((one, other) => one.position - other.position);
    const names = [...new Set(inOrder.map(({ note }) => note))];
    const numbers = new Map(names.map((note, index) => [note, String(index + 1)]));
    for (const view of inOrder) view.show(numbers.get(view.note) ?? "?");
    for (const view of this.footnotes) view.show(numbers.get(view.note) ?? "–");
  }
}

const noteAttribute = {
  note: { default: null, parseHTML: ({ dataset }: HTMLElement) => noteName(dataset.note), rendered: false },
};

function noteName(value: unknown): string | null {
  return typeof value === "string" && /^[\p{L}\p{N}_-]{1,64}$/u.test(value) ? value : null;
}

interface Place {
  readonly node: DocumentNode;
  readonly editor: Editor;
  readonly getPos: () => number | undefined;
}

class ReferenceView implements NodeView {
  readonly dom = element("sup", { class: "footnote-ref", contenteditable: "false" });
  readonly note: string;
  readonly #notes: Notes;
  readonly #getPos: Place["getPos"];
  readonly #link: HTMLElement;

  constructor(notes: Notes, { node, editor, getPos }: Place) {
    this.note = word(node.attrs.note) ?? "";
    this.#notes = notes;
    this.#getPos = getPos;
    this.#link = button("?", { class: "footnote-link" }, () => goTo(editor, "footnote", this.note));
    this.dom.append(this.#link);
    notes.references.add(this);
  }

  get position(): number {
    return this.#getPos() ?? 0;
  }

  show(number: string): void {
    if (this.#link.textContent === number) return;
    this.#link.textContent = number;
    this.#link.setAttribute("aria-label", t("Footnote {number}", { number }));
  }

  update(node: DocumentNode): boolean {
    return node.type.name === "footnoteReference" && node.attrs.note === this.note;
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.#notes.references.delete(this);
  }
}

class FootnoteView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM = element("div", { class: "footnote-body" });
  readonly note: string;
  readonly #notes: Notes;
  readonly #number: HTMLElement;

  constructor(notes: Notes, { node, editor }: Place) {
    this.note = word(node.attrs.note) ?? "";
    this.#notes = notes;
    const back = () => goTo(editor, "footnoteReference", this.note);
    this.#number = button(
      "–",
      { class: "footnote-number", contenteditable: "false", title: t("Back to the text") },
      back,
    );
    this.dom = element("div", { class: "footnote", role: "doc-footnote" }, this.#number, this.contentDOM);
    notes.footnotes.add(this);
  }

  show(number: string): void {
    if (this.#number.textContent !== number) this.#number.textContent = number;
  }

  update(node: DocumentNode): boolean {
    return node.type.name === "footnote" && node.attrs.note === this.note;
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }

  destroy(): void {
    this.#notes.footnotes.delete(this);
  }
}

/** Puts the caret into the first footnote, or behind the first reference, of this name. */
function goTo(editor: Editor, type: "footnote" | "footnoteReference", note: string): void {
  let found = -1;
  editor.state.doc.descendants((node, position) => {
    if (found < 0 && node.type.name === type && node.attrs.note === note) found = position;
    return found < 0;
  });
  if (found >= 0)
    editor
      .chain()
      .focus()
      .setTextSelection(found + (type === "footnote" ? 2 : 1))
      .scrollIntoView()
      .run();
}

const insertFootnote: RawCommands["insertFootnote"] =
  () =>
  ({ state, tr, dispatch }) => {
    const { footnote, footnoteReference, paragraph } = state.schema.nodes;
    const { $to } = tr.selection;
    if (!footnote || !footnoteReference || !paragraph || !$to.parent.type.contentMatch.matchType(footnoteReference))
      return false;
    const note = crypto.randomUUID().slice(0, 8);
    tr.insert($to.pos, footnoteReference.create({ note }));
    const end = tr.doc.content.size;
    tr.insert(end, footnote.create({ note }, paragraph.create()));
    tr.setSelection(TextSelection.create(tr.doc, end + 2));
    dispatch?.(tr.scrollIntoView());
    return true;
  };

export const FootnoteReference = Node.create<Record<string, never>, { notes: Notes }>({
  name: "footnoteReference",
  group: "inline",
  inline: true,
  atom: true,
  addStorage: () => ({ notes: new Notes() }),
  addAttributes: () => noteAttribute,
  parseHTML: () => [
    { tag: "sup.footnote-ref", priority: 60, getAttrs: ({ dataset }) => noteName(dataset.note) !== null && null },
  ],
  renderHTML: ({ node }) => ["sup", { class: "footnote-ref", "data-note": noteName(node.attrs.note) ?? "" }],

  addNodeView() {
    return (place) => new ReferenceView(this.storage.notes, place);
  },

  addProseMirrorPlugins() {
    const { notes } = this.storage;
    const isUsed = () => notes.references.size + notes.footnotes.size > 0;
    return [afterChanges(isUsed, () => notes.number())];
  },

  addCommands() {
    return { insertFootnote };
  },
});

export const Footnote = Node.create({
  name: "footnote",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => noteAttribute,
  parseHTML: () => [
    {
      tag: "div.footnote",
      getAttrs: ({ dataset }) => noteName(dataset.note) !== null && null,
      contentElement: (footnote) => (footnote as HTMLElement).querySelector("div") ?? (footnote as HTMLElement),
    },
  ],
  renderHTML: ({ node }) => ["div", { class: "footnote", "data-note": noteName(node.attrs.note) ?? "" }, ["div", 0]],

  addNodeView() {
    const { notes } = (this.editor.storage as unknown as { footnoteReference: { notes: Notes } }).footnoteReference;
    return (place) => new FootnoteView(notes, place);
  },
});
