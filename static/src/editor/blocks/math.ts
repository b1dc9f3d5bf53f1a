/** Formulas, in a line or on lines of their own, kept as LaTeX. */

import { Node } from "@tiptap/core";
import type { Node as DocumentNode } from "@tiptap/pm/model";
import type { NodeView } from "@tiptap/pm/view";
import { word } from "./attributes";
import { showFormula } from "./formula";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    math: {
      insertInlineMath: (latex: string) => ReturnType;
      insertBlockMath: (latex: string) => ReturnType;
    };
  }
}

const attributes = {
  latex: { default: "", parseHTML: (element: HTMLElement) => element.textContent ?? "", rendered: false },
};

class FormulaView implements NodeView {
  readonly dom: HTMLElement;
  #node: DocumentNode;

  constructor(node: DocumentNode) {
    this.#node = node;
    this.dom = document.createElement(this.#isBlock ? "div" : "span");
    this.dom.className = this.#isBlock ? "math-block" : "math-inline";
    this.dom.contentEditable = "false";
    this.#show();
  }

  get #isBlock(): boolean {
    return this.#node.type.name === "blockMath";
  }

  update(node: DocumentNode): boolean {
    if (node.type !== this.#node.type) return false;
    const isSame = node.attrs.latex === this.#node.attrs.latex;
    this.#node = node;
    if (!isSame) this.#show();
    return true;
  }

  ignoreMutation(): boolean {
    return true;
  }

  #show(): void {
    const latex = word(this.#node.attrs.latex) ?? "";
    this.dom.classList.toggle("is-empty", !latex.trim());
    void showFormula(latex, this.dom, this.#isBlock);
  }
}

export const InlineMath = Node.create({
  name: "inlineMath",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => attributes,
  parseHTML: () => [{ tag: "span.math-inline" }],
  renderHTML: ({ node }) => ["span", { class: "math-inline" }, word(node.attrs.latex) ?? ""],
  renderText: ({ node }) => word(node.attrs.latex) ?? "",
  addNodeView:
    () =>
    ({ node }) =>
      new FormulaView(node),

  addCommands() {
    return {
      insertInlineMath:
        (latex) =>
        ({ commands }) =>
          commands.insertContent({ type: "inlineMath", attrs: { latex } }),
      insertBlockMath:
        (latex) =>
        ({ commands }) =>
          commands.insertContent({ type: "blockMath", attrs: { latex } }),
    };
  },
});

export const BlockMath = Node.create({
  name: "blockMath",
  group: "block",
  atom: true,
  addAttributes: () => attributes,
  parseHTML: () => [{ tag: "div.math-block" }],
  renderHTML: ({ node }) => ["div", { class: "math-block" }, word(node.attrs.latex) ?? ""],
  renderText: ({ node }) => word(node.attrs.latex) ?? "",
  addNodeView:
    () =>
    ({ node }) =>
      new FormulaView(node),
});
