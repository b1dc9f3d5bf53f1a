/** Boxes of the Markdown dialect: containers between rows of colons, GitHub's callouts, and items with a box to tick. */

import type MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import container from "markdown-it-container";
import { isOwnFile } from "../../editor/addresses";
import { CALLOUTS } from "../../editor/blocks/attributes";

const CONTAINERS = new Set<string>(["columns", "column", "details", "file", "embed", ...CALLOUTS]);
const KIND = new RegExp(`^\\[!(${CALLOUTS.join("|")})\\][ \\t]*(?:\\n|$)`, "i");
const BOX = /^\[([ xX])\](?:\s+|$)/;

export function boxes(markdown: MarkdownIt): void {
  markdown.use(container, "box", { validate: (params: string) => CONTAINERS.has(nameOf(params)) });
  markdown.core.ruler.after("block", "boxes", ({ tokens, md }) => {
    const open: Token[] = [];
    for (const token of tokens) {
      if (token.type === "container_box_open") {
        open.push(token);
        token.type = "box_open";
        prepare(token, md);
      } else if (token.type === "container_box_close") {
        token.type = "box_close";
        token.meta = open.pop()?.meta;
      }
    }
  });
}

function nameOf(params: string): string {
  return params.trim().split(/\s+/, 1)[0]?.toLowerCase() ?? "";
}

/** Says in `meta` what the box is. */
function prepare(token: Token, markdown: MarkdownIt): void {
  const [name, words] = [nameOf(token.info), token.info.trim().replace(/^\S+\s*/, "")];
  const [open, close] = frame(name, words, markdown);
  token.meta = { open, close, name, words };
}

function frame(name: string, words: string, markdown: MarkdownIt): readonly [open: string, close: string] {
  if (name === "details") {
    const summary = `<summary>${markdown.renderInline(words)}</summary>`;
    return [`<details>${summary}<div class="details-content">`, "</div></details>"];
  }
  if (name === "column" || name === "columns") return [`<div class="${name}">`, "</div>"];
  const isCallout = (CALLOUTS as readonly string[]).includes(name);
  return isCallout ? [`<div class="callout" data-kind="${name}">`, "</div>"] : ["", ""];
}

/** A file or a card is the link that stands alone in its container; without one the container is none. */
export function openBox(tokens: Token[], at: number, escaped: (text: string) => string): string {
  const { open, name, words } = (tokens[at] as Token).meta as { open: string; name: string; words: string };
  if (name !== "file" && name !== "embed") return open;
  const [paragraph, inline, after, close] = tokens.slice(at + 1, at + 5);
  const link = inline?.children?.find(({ type }) => type === "link_open");
  const href = String(link?.attrGet("href") ?? "");
  const isAlone = paragraph?.type === "paragraph_open" && after && close?.type === "box_close";
  if (!isAlone || !href || (name === "file" && !isOwnFile(href))) return "";
  const label = (inline?.children ?? []).map(({ content }) => content).join("");
  const size = /^\d+$/.test(words) ? ` data-size="${words}"` : "";
  for (const token of [paragraph, after]) token.hidden = true;
  if (inline) inline.children = [];
  const download = name === "file" ? " download" : "";
  return `<div class="${name}"${size}><a href="${escaped(href)}"${download}>${escaped(label)}</a></div>`;
}

/**
 * A quote that begins with its kind is a callout, and an item of bullets that begins with a box a task. A list in which
 * only some items have a box is one list for each stretch of them.
 */
export function calloutsAndTasks(markdown: MarkdownIt): void {
  markdown.core.ruler.after("boxes", "callouts_and_tasks", ({ tokens }) => {
    const open: Token[] = [];
    for (const [at, token] of tokens.entries()) {
      if (OPENING.test(token.type)) open.push(token);
      else if (CLOSING.test(token.type)) token.tag = open.pop()?.tag ?? token.tag;
      const words = tokens[at + 2];
      beginWith(words?.type === "inline" ? words : undefined, token, open.at(-1));
    }
  });
}

/** What a block becomes by its first words. */
function beginWith(words: Token | undefined, block: Token, around: Token | undefined): void {
  if (block.type === "blockquote_open" && words) beCallout(block, words);
  else if (block.type === "list_item_open") beItem(block, words, around);
}

const OPENING = /^(?:blockquote|bullet_list|ordered_list)_open$/;
const CLOSING = /^(?:blockquote|bullet_list|ordered_list)_close$/;

function beCallout(quote: Token, inline: Token): void {
  const [start, kind] = KIND.exec(inline.content) ?? [];
  if (start === undefined || !kind) return;
  quote.tag = "div";
  quote.attrs = [
    ["class", "callout"],
    ["data-kind", kind.toLowerCase()],
  ];
  inline.content = inline.content.slice(start.length);
}

/** Makes an item of a list what it is; `around` is the list. */
function beItem(item: Token, inline: Token | undefined, around: Token | undefined): void {
  if (around?.type !== "bullet_list_open") return;
  const [start, tick] = (inline && BOX.exec(inline.content)) || [];
  if (inline && start !== undefined) {
    inline.content = inline.content.slice(start.length);
    item.info = tick === " " ? "open" : "done";
  }
  const before = around.meta as { isTask: boolean } | null;
  const isTask = item.info !== "";
  if (!before && isTask) around.attrs = [["class", "task-list"]];
  item.meta = { isTask, divides: before !== null && before.isTask !== isTask };
  around.meta = { isTask };
}

export function openItem({ meta, info }: Token): string {
  const { isTask, divides } = (meta ?? {}) as { isTask?: boolean; divides?: boolean };
  const next = divides ? `</ul><ul${isTask ? ' class="task-list"' : ""}>` : "";
  const box = `<input type="checkbox"${info === "done" ? " checked" : ""}>`;
  return next + (isTask ? `<li class="task-item">${box}` : "<li>");
}
