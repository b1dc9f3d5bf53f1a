/** A code block with its language to choose, and coloured by it. Comments may lie on code: see schema.ts. */

import type { Editor } from "@tiptap/core";
import { CodeBlock as TiptapCodeBlock } from "@tiptap/extension-code-block";
import type { Node } from "@tiptap/pm/model";
import type { NodeView, ViewMutationRecord } from "@tiptap/pm/view";
import { element } from "../../ui/element";
import { t } from "../../words";
import { COMMENT } from "../comment_mark";
import { word } from "./attributes";
import { CodeColours } from "./code_colours";

/** By highlight.js's name. A language that is not here is kept, and shown by its own name. */
const LANGUAGES: Record<string, string> = {
  bash: "Bash",
  c: "C",
  cpp: "C++",
  csharp: "C#",
  css: "CSS",
  diff: "Diff",
  go: "Go",
  graphql: "GraphQL",
  xml: "HTML, XML",
  ini: "INI, TOML",
  java: "Java",
  javascript: "JavaScript",
  json: "JSON",
  kotlin: "Kotlin",
  less: "Less",
  lua: "Lua",
  makefile: "Makefile",
  markdown: "Markdown",
  objectivec: "Objective-C",
  perl: "Perl",
  php: "PHP",
  python: "Python",
  r: "R",
  ruby: "Ruby",
  rust: "Rust",
  scss: "SCSS",
  shell: t("Shell session"),
  sql: "SQL",
  swift: "Swift",
  typescript: "TypeScript",
  vbnet: "VB.NET",
  wasm: "WebAssembly",
  yaml: "YAML",
};

interface Place {
  readonly node: Node;
  readonly editor: Editor;
  readonly getPos: () => number | undefined;
}

class CodeView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM = element("code");
  readonly #select = element("select", { class: "code-language", "aria-label": t("Language") });
  readonly #colours: CodeColours;
  readonly #editor: Editor;
  #node: Node;

  constructor({ node, editor, getPos }: Place) {
    this.#node = node;
    this.#editor = editor;
    const head = element("div", { class: "code-head", contenteditable: "false" }, this.#select);
    this.dom = element("div", { class: "code-block" }, head, element("pre", {}, this.contentDOM));
    this.#select.addEventListener("change", () => this.#choose(getPos()));
    // Built when it is needed: a document may have a thousand of them.
    this.#select.addEventListener("pointerdown", () => this.#offer());
    this.#select.addEventListener("focus", () => this.#offer());
    this.#colours = new CodeColours(this.contentDOM);
    this.#show();
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#show();
    return true;
  }

  stopEvent(event: Event): boolean {
    return event.target === this.#select;
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }

  destroy(): void {
    this.#colours.destroy();
  }

  get #language(): string {
    return word(this.#node.attrs.language) ?? "";
  }

  #show(): void {
    if (this.#select.value !== this.#language || this.#select.options.length === 0) this.#fill([this.#language]);
    this.#select.disabled = !this.#editor.isEditable;
    this.#colours.refresh(this.#language);
  }

  #offer(): void {
    this.#select.disabled = !this.#editor.isEditable;
    if (this.#select.options.length === 1) this.#fill([...new Set(["", this.#language, ...Object.keys(LANGUAGES)])]);
  }

  #fill(languages: readonly string[]): void {
    const options = languages.map((name) =>
      element("option", { value: name }, LANGUAGES[name] ?? (name || t("Plain text"))),
    );
    this.#select.replaceChildren(...options);
    this.#select.value = this.#language;
  }

  #choose(position: number | undefined): void {
    if (position === undefined || !this.#editor.isEditable) return;
    const { state, view } = this.#editor;
    view.dispatch(state.tr.setNodeAttribute(position, "language", this.#select.value || null));
    view.focus();
  }
}

export const CodeBlock = TiptapCodeBlock.extend({
  marks: COMMENT,
  addNodeView: () => (place) => new CodeView(place),
}).configure({ enableTabIndentation: true });
