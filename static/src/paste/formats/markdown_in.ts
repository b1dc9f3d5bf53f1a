/**
 * Markdown as HTML, in the dialect of docs/schema.md: what the server reads (docs_app/content/parse.py), read the same way.
 * HTML in it is text, save `<br>`, `<u>`, `<sup>` and `<sub>`. What comes out goes through `clean` like any HTML.
 */

import MarkdownIt from "markdown-it";
import type StateInline from "markdown-it/lib/rules_inline/state_inline.mjs";
import type Token from "markdown-it/lib/token.mjs";
import footnotes from "markdown-it-footnote";
import highlights from "markdown-it-mark";
import { isOwnFile, isSafeAddress } from "../../editor/addresses";
import { create, isBlank } from "./dom";
import { boxes, calloutsAndTasks, openBox, openItem } from "./markdown_boxes";
import { contents, formulaBlock, formulaInline } from "./markdown_formulas";
import { mention, writeMention } from "./markdown_mentions";

/** Lists, quotes and containers in one another; as the server has it. */
const MAX_NESTING = 112;

let made: MarkdownIt | null = null;

export function fromMarkdown(text: string): string {
  made ??= parser();
  return polished(made.render(text));
}

function parser(): MarkdownIt {
  const markdown = new MarkdownIt("commonmark", { html: false }).enable(["table", "strikethrough"]);
  Object.assign(markdown.options, { maxNesting: MAX_NESTING });
  markdown.normalizeLink = (address) => address;
  markdown.validateLink = isSafeAddress;
  markdown.use(boxes).use(footnotes).use(highlights).use(calloutsAndTasks);
  // Footnotes stay where they are written, and `^[…]` is no footnote to the server either.
  markdown.core.ruler.disable("footnote_tail");
  markdown.inline.ruler.disable("footnote_inline");
  markdown.block.ruler.before("fence", "formula_block", formulaBlock, { alt: ["paragraph", "blockquote", "list"] });
  markdown.block.ruler.before("fence", "contents", contents, { alt: ["paragraph", "blockquote", "list"] });
  markdown.inline.ruler.before("escape", "formula", formulaInline);
  markdown.inline.ruler.before("escape", "mention", mention);
  markdown.inline.ruler.before("html_inline", "tags", tags);
  markdown.core.ruler.after("inline", "pair_tags", ({ tokens }) => {
    for (const { children } of tokens) if (children) pairTags(children);
  });
  write(markdown);
  return markdown;
}

function write(markdown: MarkdownIt): void {
  const { rules } = markdown.renderer;
  const { escapeHtml } = markdown.utils;
  rules.softbreak = () => " ";
  rules.box_open = (tokens, at) => openBox(tokens, at, escapeHtml);
  rules.box_close = (tokens, at) => tokens[at]?.meta.close ?? "";
  rules.formula = (tokens, at) => `<span class="math-inline">${escapeHtml(tokens[at]?.content ?? "")}</span>`;
  rules.mention = (tokens, at) => writeMention(tokens[at]?.meta, escapeHtml(tokens[at]?.content ?? ""));
  rules.formula_block = (tokens, at) => `<div class="math-block">${escapeHtml(tokens[at]?.content ?? "")}</div>`;
  rules.list_item_open = (tokens, at) => openItem(tokens[at] as Token);
  rules.contents = () => '<nav class="contents"></nav>';
  rules.tag = (tokens, at) => escapeHtml(tokens[at]?.content ?? "");
  const note = (tokens: { meta: { label?: string } }[], at: number) =>
    (tokens[at]?.meta.label ?? "").replace(/[^\p{L}\p{N}_-]/gu, "-").slice(0, 64);
  rules.footnote_ref = (tokens, at) => `<sup class="footnote-ref" data-note="${note(tokens, at)}"></sup>`;
  rules.footnote_reference_open = (tokens, at) => `<div class="footnote" data-note="${note(tokens, at)}">`;
  rules.footnote_reference_close = () => "</div>";
}

const TAG = /<br ?\/?>|<\/?(?:u|su[bp])>/iy;

/** `<br>`, and `<u>`, `<sup>` and `<sub>` with their ends. */
function tags(state: StateInline, silent: boolean): boolean {
  TAG.lastIndex = state.pos;
  const [tag] = TAG.exec(state.src) ?? [];
  if (!tag) return false;
  const isBreak = /^<br/i.test(tag);
  if (!silent) {
    const token = isBreak
      ? state.push("hardbreak", "br", 0)
      : state.push("tag", tag.replace(/[</>]/g, "").toLowerCase(), 0);
    token.content = tag;
  }
  state.pos += tag.length;
  return true;
}

/** Alone they stay text. */
function pairTags(tokens: readonly Token[]): void {
  const waiting = new Map<string, Token[]>();
  for (const token of tokens) {
    if (token.type !== "tag") continue;
    const open = waiting.get(token.tag) ?? [];
    waiting.set(token.tag, open);
    const start = token.content.startsWith("</") ? open.pop() : undefined;
    if (start) {
      [start.type, start.nesting] = [`${token.tag}_open`, 1];
      [token.type, token.nesting] = [`${token.tag}_close`, -1];
    } else if (!token.content.startsWith("</")) open.push(token);
  }
}

/** What the parser has no word for, but the schema has. */
function polished(html: string): string {
  if (!/<img|<table|class="callout"/.test(html)) return html;
  const { body } = new DOMParser().parseFromString(html.replaceAll(' style="text-align:', ' data-side="'), "text/html");
  for (const image of body.querySelectorAll("p > img:first-child")) figure(image);
  for (const empty of body.querySelectorAll(".callout > p:first-child:empty:not(:last-child)")) empty.remove();
  for (const head of body.querySelectorAll("thead")) if (isBlank(head) && head.nextElementSibling) head.remove();
  for (const cell of body.querySelectorAll<HTMLElement>("[data-side]")) {
    cell.setAttribute("align", cell.dataset.side ?? "");
  }
  return body.innerHTML;
}

/** A picture alone in its paragraph, or before a break in it, is a block, and the rest of the paragraph its caption. */
function figure(image: Element): void {
  const paragraph = image.parentElement;
  const next = image.nextSibling;
  if (!paragraph || image.previousSibling || (next && next.nodeName !== "BR")) return;
  if (!isOwnFile(image.getAttribute("src"))) return;
  next?.remove();
  const made = create(image, "figure");
  const caption = create(image, "figcaption");
  made.className = "image";
  made.append(image, caption);
  caption.append(...paragraph.childNodes);
  paragraph.replaceWith(made);
}
