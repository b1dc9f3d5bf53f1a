/**
 * Word writes lists as paragraphs that say where they stand (`mso-list: l0 level2 lfo1`), each with its marker as text.
 * The list is made of them again. Its conditional comments are comments to every parser, and go with the others.
 */

import { cssOf } from "./css";
import { create, isBlank, rename, unwrap } from "./dom";

interface Item {
  readonly paragraph: HTMLElement;
  readonly level: number;
  readonly marker: string;
}

const LEVEL = /mso-list:[^;]*?level(\d)/i;

export function word(body: HTMLElement): void {
  if (!body.querySelector("[class^=Mso], [data-css*='mso-']") && !body.ownerDocument.querySelector("[name=ProgId]"))
    return;
  for (const own of body.querySelectorAll("*")) if (own.tagName.includes(":")) unwrap(own);
  for (const title of body.querySelectorAll("p.MsoTitle")) rename(title, "h1");
  for (const paragraph of body.querySelectorAll("p"))
    if (isBlank(paragraph) && !paragraph.querySelector("img")) paragraph.remove();
  for (const run of runs(body)) run[0]?.paragraph.before(...listOf(run));
  for (const paragraph of body.querySelectorAll("p[data-listed]")) paragraph.remove();
}

/** Paragraphs of lists, those together that follow each other. */
function runs(body: HTMLElement): Item[][] {
  const found: Item[][] = [];
  let last: Element | null = null;
  for (const paragraph of body.querySelectorAll<HTMLElement>("p, h1, h2, h3, h4, h5, h6")) {
    const level = LEVEL.exec(cssOf(paragraph))?.[1];
    // A numbered heading stays a heading; its number was text.
    const marker = takeMarker(paragraph);
    if (level === undefined || paragraph.tagName !== "P") continue;
    if (last === null || paragraph.previousElementSibling !== last) found.push([]);
    found.at(-1)?.push({ paragraph, level: Math.max(1, Number(level)), marker });
    last = paragraph;
  }
  return found;
}

function takeMarker(paragraph: HTMLElement): string {
  const marker = paragraph.querySelector("[data-css*='mso-list:Ignore'], [data-css*='mso-list: Ignore']");
  const text = marker?.textContent?.trim() ?? "";
  marker?.remove();
  return text;
}

/** The lists of a run: usually one, but a numbered one may follow one with bullets. */
function listOf(items: readonly Item[]): HTMLElement[] {
  const top: HTMLElement[] = [];
  const open: HTMLElement[] = [];
  for (const item of items) {
    while (open.length > item.level) open.pop();
    const kind = kindOf(item.marker);
    if (open.length === item.level && open.at(-1)?.tagName !== kind.tag) open.pop();
    while (open.length < item.level) open.push(deeper(item, kind, open, top));
    open.at(-1)?.append(itemOf(item));
  }
  return top;
}

function deeper({ paragraph }: Item, kind: Kind, open: readonly HTMLElement[], top: HTMLElement[]): HTMLElement {
  const list = create(paragraph, kind.tag === "OL" ? "ol" : "ul");
  if (kind.start > 1) list.setAttribute("start", String(kind.start));
  if (kind.type) list.setAttribute("type", kind.type);
  const above = open.at(-1);
  // A list that begins too deep has no item above to hang on.
  if (above && !above.lastElementChild) above.append(create(above, "li"));
  if (above) above.lastElementChild?.append(list);
  else top.push(list);
  return list;
}

function itemOf({ paragraph }: Item): HTMLElement {
  const item = create(paragraph, "li");
  const text = create(paragraph, "p");
  text.append(...paragraph.childNodes);
  item.append(text);
  paragraph.setAttribute("data-listed", "");
  return item;
}

interface Kind {
  readonly tag: "OL" | "UL";
  readonly start: number;
  readonly type: string | null;
}

/** A lone letter is a bullet in Wingdings ("o", "§") unless a dot or a bracket follows. */
function kindOf(marker: string): Kind {
  const [, number, letter] = /^\(?(?:(\d+)|([a-z]+))[.)]$/i.exec(marker.split(".").slice(-2).join(".")) ?? [];
  if (number) return { tag: "OL", start: Number(number), type: null };
  if (!letter) return { tag: "UL", start: 1, type: null };
  const type = /^[ivx]+$/i.test(letter) ? "i" : "a";
  return { tag: "OL", start: 1, type: letter === letter.toLowerCase() ? type : type.toUpperCase() };
}
