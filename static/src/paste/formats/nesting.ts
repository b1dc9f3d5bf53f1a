/** Boxes in boxes end where the server's reader ends (64 levels of nodes): what lies deeper is there, one level up. */

import { unwrap } from "./dom";

const BOXES = new Set(["BLOCKQUOTE", "UL", "OL", "LI", "TABLE", "TR", "TD", "TH", "DETAILS", "PRE", "FIGURE"]);
const MOST = 48;

export function flattenTooDeep(body: HTMLElement): void {
  const todo: (readonly [element: Element, depth: number])[] = [[body, 0]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [element, depth] = next;
    const isBox = BOXES.has(element.tagName) || element.matches("div[class]");
    for (const child of element.children) todo.push([child, isBox ? depth + 1 : depth]);
    if (isBox && depth >= MOST) unwrap(element);
  }
}
