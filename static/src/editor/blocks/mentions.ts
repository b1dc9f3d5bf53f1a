/**
 * Mentions in the text, each one character for the caret: of a person, of a document, of a day. What a document is called
 * is not in the text (mentions/titles.ts), a day is written in the reader's language.
 */

import { Node } from "@tiptap/core";
import type { Node as DocumentNode } from "@tiptap/pm/model";
import { NodeSelection } from "@tiptap/pm/state";
import type { NodeView } from "@tiptap/pm/view";
import { element } from "../../ui/element";
import { dayInWords } from "../mentions/days";
import { nameOf } from "../mentions/people";
import { titles } from "../mentions/titles";
import { dayOf, documentOf, personOf, word } from "./attributes";

const common = { group: "inline", inline: true, atom: true } as const;

function nameIn(node: DocumentNode): string {
  return `@${nameOf(personOf(node.attrs.person) ?? "", word(node.attrs.name) ?? "")}`;
}

export const PersonMention = Node.create({
  ...common,
  name: "personMention",
  addAttributes: () => ({
    person: { default: null, parseHTML: ({ dataset }) => personOf(dataset.person), rendered: false },
    name: { default: "", parseHTML: ({ textContent }) => (textContent ?? "").replace(/^@/, ""), rendered: false },
  }),
  parseHTML: () => [
    {
      tag: "span.mention[data-person]",
      priority: 60,
      getAttrs: ({ dataset }) => personOf(dataset.person) !== null && null,
    },
  ],
  renderHTML: ({ node }) => [
    "span",
    { class: "mention", "data-person": personOf(node.attrs.person) ?? "" },
    nameIn(node),
  ],
  renderText: ({ node }) => nameIn(node),
});

function addressOf(node: DocumentNode): string {
  return `/d/${documentOf(node.attrs.document) ?? ""}/`;
}

class DocumentView implements NodeView {
  readonly dom: HTMLAnchorElement;
  readonly #id: string;
  readonly #end: () => void;

  constructor(node: DocumentNode) {
    this.#id = documentOf(node.attrs.document) ?? "";
    this.dom = element("a", { class: "mention", href: addressOf(node), contenteditable: "false", draggable: "false" });
    this.dom.dataset.document = this.#id;
    // The page would go there: ProseMirror hears of the press only. With Ctrl or Cmd every link is followed (editor.ts).
    this.dom.addEventListener("click", (event) => {
      event.preventDefault();
      if (!event.ctrlKey && !event.metaKey) open(node);
    });
    this.#show();
    this.#end = titles.watch(this.#id, () => this.#show());
  }

  update(node: DocumentNode): boolean {
    return node.type.name === "documentMention" && node.attrs.document === this.#id;
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.#end();
  }

  #show(): void {
    this.dom.textContent = titles.of(this.#id);
  }
}

export const DocumentMention = Node.create({
  ...common,
  name: "documentMention",
  addAttributes: () => ({
    document: { default: null, parseHTML: ({ dataset }) => documentOf(dataset.document), rendered: false },
  }),
  parseHTML: () => [
    { tag: "a[data-document]", priority: 60, getAttrs: ({ dataset }) => documentOf(dataset.document) !== null && null },
  ],
  renderHTML: ({ node }) => [
    "a",
    { class: "mention", href: addressOf(node), "data-document": documentOf(node.attrs.document) ?? "" },
    titles.of(documentOf(node.attrs.document) ?? ""),
  ],
  renderText: ({ node }) => titles.of(documentOf(node.attrs.document) ?? ""),
  addNodeView:
    () =>
    ({ node }) =>
      new DocumentView(node),

  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { selection } = this.editor.state;
        return selection instanceof NodeSelection && open(selection.node);
      },
    };
  },
});

/** In a tab of its own: what is being written here stays. */
function open(node: DocumentNode): boolean {
  if (node.type.name !== "documentMention") return false;
  window.open(addressOf(node), "_blank", "noopener");
  return true;
}

export const DateMention = Node.create({
  ...common,
  name: "dateMention",
  addAttributes: () => ({
    date: { default: null, parseHTML: (time) => dayOf(time.getAttribute("datetime")), rendered: false },
  }),
  parseHTML: () => [{ tag: "time.mention", getAttrs: (time) => dayOf(time.getAttribute("datetime")) !== null && null }],
  renderHTML: ({ node }) => {
    const day = dayOf(node.attrs.date);
    return ["time", { class: "mention", datetime: day ?? "" }, day ? dayInWords(day) : ""];
  },
  renderText: ({ node }) => {
    const day = dayOf(node.attrs.date);
    return day ? dayInWords(day) : "";
  },
});
