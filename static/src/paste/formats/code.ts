/** What a terminal or an editor copies: lines in a fixed width, coloured by spans. It is code, and its colours are nothing. */

import { declared } from "./css";
import { create, isBlank } from "./dom";

const FIXED = /mono|courier|consolas|menlo|cascadia|terminal|fixed/i;

export function code(body: HTMLElement): void {
  const [only, ...more] = [...body.childNodes].filter((node) => node.nodeType !== Node.COMMENT_NODE && !isBlank(node));
  if (more.length === 0 && only instanceof HTMLElement && isCode(only)) only.replaceWith(blockOf(only));
  for (const block of body.querySelectorAll("pre")) trim(block);
}

function isCode(element: HTMLElement): boolean {
  const css = declared(element);
  const isAsTyped = css.get("white-space")?.startsWith("pre") ?? false;
  return element.tagName !== "PRE" && isAsTyped && FIXED.test(css.get("font-family") ?? "");
}

function blockOf(element: HTMLElement): HTMLElement {
  const block = create(element, "pre");
  block.textContent = linesOf(element).replace(/\n+$/, "");
  return block;
}

/** As a browser shows it: a line for each block, and one for each break that is not the end of one. */
function linesOf(node: Node): string {
  if (node.nodeName === "BR") return "\n";
  if (node.childNodes.length === 0) return node.textContent ?? "";
  let text = "";
  for (const child of node.childNodes) {
    const isLine = child.nodeName === "DIV" || child.nodeName === "P";
    if (isLine && text && !text.endsWith("\n")) text += "\n";
    const line = linesOf(child);
    text += isLine && !line.endsWith("\n") ? `${line}\n` : line;
  }
  return text;
}

/** A block of code that holds breaks in place of line ends, or a line end too many. */
function trim(block: HTMLPreElement): void {
  for (const end of block.querySelectorAll("br")) end.replaceWith("\n");
  const last = block.lastChild;
  const text = last?.nodeName === "CODE" ? last.lastChild : last;
  if (text?.nodeType === Node.TEXT_NODE) text.textContent = (text.textContent ?? "").replace(/\n$/, "");
}
