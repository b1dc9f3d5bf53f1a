/** Nodes as Markdown, in the dialect of docs/schema.md, by prosemirror-markdown. The server's exports are its own. */

import type { Fragment, Mark, Node } from "@tiptap/pm/model";
import { MarkdownSerializer, type MarkdownSerializerState as State } from "prosemirror-markdown";

type Writer = (state: State, node: Node, parent: Node, index: number) => void;

/** Ends in no line break. `root` is what holds the content: a document, or any node that may hold it. */
export function toMarkdown(root: Node): string {
  return serializer.serialize(root.copy(ready(root.content)), { tightLists: true }).trim();
}

/** Without comments, which Markdown has no word for, and with code innermost, as it must be there. */
function ready(content: Fragment): Fragment {
  const nodes: Node[] = [];
  content.forEach((node) => {
    const marks = node.marks.filter(({ type }) => type.name !== "comment" && type.name !== "textColor");
    const sorted = [
      ...marks.filter(({ type }) => type.name !== "code"),
      ...marks.filter(({ type }) => type.name === "code"),
    ];
    nodes.push(node.isText ? node.mark(sorted) : node.copy(ready(node.content)).mark(sorted));
  });
  return joined(nodes, content);
}

/** Not Fragment.from(): this file has no ProseMirror of its own, which would not be the editor's. */
function joined(nodes: readonly Node[], like: Fragment): Fragment {
  const Made = like.constructor as typeof Fragment;
  return Made.fromArray(nodes);
}

const text = (state: State, words: string) => state.text(words, false);

function fence(state: State, node: Node, name: string, inner: () => void): void {
  let depth = 0;
  node.descendants((child) => {
    if (FENCED.has(child.type.name)) depth += 1;
  });
  const colons = ":".repeat(3 + depth);
  text(state, `${colons} ${name}`.trimEnd());
  state.ensureNewLine();
  inner();
  state.closeBlock(node);
  (state as unknown as { flushClose: (lines: number) => void }).flushClose(1);
  text(state, colons);
  state.closeBlock(node);
}

const FENCED = new Set(["details", "columns", "column", "file", "embed"]);

function link(label: string, href: unknown, title?: unknown): string {
  const target = /[\s()<>\\]/.test(String(href)) ? `<${String(href).replace(/[<>\\]/g, "\\$&")}>` : String(href);
  const more = title ? ` "${String(title).replace(/["\\]/g, "\\$&")}"` : "";
  return `[${label.replace(/[\\[\]`*_<]/g, "\\$&")}](${target}${more})`;
}

/** What it is called is known to the editor, whose schema can say it as text. */
function mention(state: State, node: Node, target: unknown): void {
  const words = String(node.type.spec.toText?.({ node }) ?? "").replace(/^@/, "");
  text(state, `@${link(words, target)}`);
}

const alone =
  (name: string, written: (node: Node) => string): Writer =>
  (state, node) => {
    const size = node.attrs.size === undefined || node.attrs.size === null ? "" : ` ${node.attrs.size}`;
    fence(state, node, `${name}${size}`, () => text(state, written(node)));
  };

const line =
  (written: (node: Node) => string): Writer =>
  (state, node) => {
    text(state, written(node));
    state.closeBlock(node);
  };

const list =
  (marker: (node: Node, index: number) => string): Writer =>
  (state, node) =>
    state.renderList(node, " ".repeat(marker(node, 0).length + 1), (index) => `${marker(node, index)} `);

const nodes: Record<string, Writer> = {
  doc: (state, node) => state.renderContent(node),
  text: (state, node) => state.text(node.text ?? ""),
  paragraph: (state, node) => {
    state.renderInline(node);
    state.closeBlock(node);
  },
  heading: (state, node) => {
    state.write(`${"#".repeat(Number(node.attrs.level))} `);
    state.renderInline(node, false);
    state.closeBlock(node);
  },
  blockquote: (state, node) => state.wrapBlock("> ", null, node, () => state.renderContent(node)),
  callout: (state, node) =>
    state.wrapBlock("> ", null, node, () => {
      text(state, `[!${String(node.attrs.kind).toUpperCase()}]`);
      if (node.firstChild?.type.name === "paragraph") state.ensureNewLine();
      else state.closeBlock(node);
      state.renderContent(node);
    }),
  codeBlock: (state, node) => {
    const longest = Math.max(2, ...[...node.textContent.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const ticks = "`".repeat(longest + 1);
    text(state, `${ticks}${node.attrs.language ?? ""}\n${node.textContent}`);
    state.ensureNewLine();
    text(state, ticks);
    state.closeBlock(node);
  },
  bulletList: list(() => "-"),
  taskList: list(() => "-"),
  orderedList: list((node, index) => `${Number(node.attrs.start) + index}.`),
  listItem: (state, node) => state.renderContent(node),
  taskItem: (state, node) => {
    text(state, node.attrs.checked ? "[x] " : "[ ] ");
    state.renderContent(node);
  },
  horizontalRule: line(() => "---"),
  hardBreak: (state, _node, parent, index) => {
    const isOneLine = ["heading", "detailsSummary"].includes(parent.type.name) || index === parent.childCount - 1;
    state.write(isOneLine ? "<br>" : "\\\n");
  },
  image: (state, node) => {
    text(state, `!${link(String(node.attrs.alt ?? ""), node.attrs.src, node.attrs.title)}`);
    if (node.childCount) state.write("\\\n");
    state.renderInline(node);
    state.closeBlock(node);
  },
  file: alone("file", ({ attrs }) => link(String(attrs.name || attrs.src), attrs.src)),
  embed: alone("embed", ({ attrs }) => link(String(attrs.title || attrs.href), attrs.href)),
  details: (state, node) => {
    const summary = node.firstChild ? inline(node.firstChild) : "";
    fence(state, node, `details ${summary}`, () => node.lastChild && state.renderContent(node.lastChild));
  },
  columns: (state, node) => fence(state, node, "columns", () => state.renderContent(node)),
  column: (state, node) => fence(state, node, "column", () => state.renderContent(node)),
  blockMath: (state, node) => {
    text(state, `$$\n${String(node.attrs.latex).trim()}\n$$`);
    state.closeBlock(node);
  },
  inlineMath: (state, node) => text(state, `$${String(node.attrs.latex).trim()}$`),
  tableOfContents: line(() => "[TOC]"),
  footnoteReference: (state, node) => text(state, `[^${node.attrs.note}]`),
  personMention: (state, node) => mention(state, node, node.attrs.person),
  documentMention: (state, node) => mention(state, node, `/d/${node.attrs.document}/`),
  dateMention: (state, node) => mention(state, node, `date:${node.attrs.date}`),
  footnote: (state, node) => state.wrapBlock("    ", `[^${node.attrs.note}]: `, node, () => state.renderContent(node)),
  table: (state, node) => {
    const rows: string[][] = [];
    node.forEach((row) => void rows.push(cellsOf(row)));
    const columns = Math.max(...rows.map((row) => row.length));
    const hasHead = isHead(node.firstChild);
    const whole = hasHead ? rows : [[], ...rows];
    const rules = Array.from({ length: columns }, (_, at) => RULES[String(alignment(node, at))] ?? "---");
    for (const [at, row] of whole.entries()) {
      text(state, rowOf([...row, ...Array<string>(columns - row.length).fill("")]));
      state.ensureNewLine();
      if (at === 0) text(state, `${rowOf(rules)}\n`);
    }
    state.closeBlock(node);
  },
};

const RULES: Record<string, string> = { left: ":--", center: ":-:", right: "--:" };

function isHead(row: Node | null): boolean {
  return row !== null && row.childCount > 0 && row.children.every(({ type }) => type.name === "tableHeader");
}

function alignment(table: Node, column: number): unknown {
  return table.firstChild?.maybeChild(column)?.attrs.align;
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A cell has room for one line; what it spans is empty. */
function cellsOf(row: Node): string[] {
  return row.children.flatMap((cell) => {
    const words = textblocks(cell).map((block) => inline(block).replace(/\\\n|\n/g, "<br>"));
    const empty = Array<string>(Math.max(0, Number(cell.attrs.colspan) - 1)).fill("");
    return [words.filter(Boolean).join("<br>").replaceAll("|", "\\|"), ...empty];
  });
}

function textblocks(node: Node): Node[] {
  return node.isTextblock ? [node] : node.children.flatMap(textblocks);
}

/** The words of one block. */
function inline(block: Node): string {
  return serializer.serialize(block, {}).trim();
}

type Style = MarkdownSerializer["marks"][string];

const run = (delimiter: string): Style => ({
  open: delimiter,
  close: delimiter,
  mixable: true,
  expelEnclosingWhitespace: true,
});
const tag = (name: string): Style => ({ open: `<${name}>`, close: `</${name}>`, mixable: true });

function ticks(node: Node, side: -1 | 1): string {
  const longest = Math.max(0, ...[...(node.text ?? "").matchAll(/`+/g)].map(([found]) => found.length));
  const fence = "`".repeat(longest + 1);
  if (longest === 0) return fence;
  return side < 0 ? `${fence} ` : ` ${fence}`;
}

const marks: MarkdownSerializer["marks"] = {
  bold: run("**"),
  italic: run("_"),
  strike: run("~~"),
  highlight: run("=="),
  underline: tag("u"),
  superscript: tag("sup"),
  subscript: tag("sub"),
  code: {
    open: (_state, _mark, parent, index) => ticks(parent.child(index), -1),
    close: (_state, _mark, parent, index) => ticks(parent.child(index - 1), 1),
    escape: false,
  },
  link: {
    open: "[",
    close: (_state, { attrs }: Mark) => link("", attrs.href, attrs.title).slice(1),
    mixable: true,
  },
};

const serializer = new MarkdownSerializer(nodes, marks, {
  hardBreakNodeName: "hardBreak",
  escapeExtraCharacters: /[$=|]/g,
  strict: false,
});
