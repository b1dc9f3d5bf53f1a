/** A table of contents: the headings of the document, always as they are now. */

import { Node } from "@tiptap/core";
import type { Node as DocumentNode } from "@tiptap/pm/model";
import { TextSelection } from "@tiptap/pm/state";
import type { EditorView, NodeView } from "@tiptap/pm/view";
import { button, element } from "../../ui/element";
import { t } from "../../words";
import { afterChanges } from "./redraw";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    tableOfContents: { insertContents: () => ReturnType };
  }
}

interface Heading {
  readonly level: number;
  readonly text: string;
  readonly position: number;
}

/** The headings that say something, in order. */
export function headingsOf(doc: DocumentNode): Heading[] {
  const found: Heading[] = [];
  doc.descendants((node, position) => {
    if (node.isTextblock) {
      const text = node.textContent.trim();
      if (node.type.name === "heading" && text) found.push({ level: Number(node.attrs.level), text, position });
      return false;
    }
    return true;
  });
  return found;
}

class ContentsView implements NodeView {
  readonly dom = element("nav", { class: "contents", "aria-label": t("Contents"), contenteditable: "false" });
  readonly #list = element("ol");
  readonly #all: Set<ContentsView>;
  #shown = "";

  constructor(all: Set<ContentsView>) {
    this.#all = all;
    this.dom.append(this.#list);
    all.add(this);
  }

  show(headings: readonly Heading[], view: EditorView): void {
    const key = JSON.stringify(headings.map(({ level, text }) => [level, text]));
    if (key === this.#shown) return;
    this.#shown = key;
    const items = headings.map(({ level, text }, index) =>
      element(
        "li",
        { "data-level": String(level) },
        button(text, { class: "contents-link" }, () => goTo(view, index)),
      ),
    );
    this.#list.replaceChildren(...items);
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.#all.delete(this);
  }
}

/** Where the heading is now, not where it was when the list was made. */
export function goTo(view: EditorView, index: number): void {
  const heading = headingsOf(view.state.doc)[index];
  if (!heading) return;
  const selection = TextSelection.near(view.state.doc.resolve(heading.position + 1));
  view.dispatch(view.state.tr.setSelection(selection));
  view.focus();
  (view.nodeDOM(heading.position) as Element | null)?.scrollIntoView({ block: "start" });
}

export const TableOfContents = Node.create<Record<string, never>, { views: Set<ContentsView> }>({
  name: "tableOfContents",
  group: "block",
  atom: true,
  addStorage: () => ({ views: new Set() }),
  parseHTML: () => [{ tag: "nav.contents" }],
  renderHTML: () => ["nav", { class: "contents" }],

  addNodeView() {
    return () => new ContentsView(this.storage.views);
  },

  addProseMirrorPlugins() {
    const { views } = this.storage;
    const draw = (view: EditorView) => {
      const headings = headingsOf(view.state.doc);
      for (const contents of views) contents.show(headings, view);
    };
    return [afterChanges(() => views.size > 0, draw)];
  },

  addCommands() {
    return {
      insertContents:
        () =>
        ({ commands }) =>
          commands.insertContent({ type: this.name }),
    };
  },
});
