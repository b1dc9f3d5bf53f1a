/**
 * HTML from anywhere as the HTML that the schema reads. The document it is read into is never shown: it runs no script,
 * loads nothing and has no window. What is dangerous goes all the same, and so does what only looks: fonts, sizes, classes.
 */

import { code } from "./code";
import { SHEET, withoutStyles } from "./css";
import { remove } from "./dom";
import { github } from "./github";
import { google } from "./google";
import { links } from "./links";
import { flattenTooDeep } from "./nesting";
import { pictures } from "./pictures";
import { styles } from "./styles";
import { tables } from "./tables";
import { word } from "./word";

export interface Wishes {
  /** Colours and alignment, of which otherwise nothing is left. */
  readonly keepsLooks: boolean;
  readonly origin: string;
}

export interface Cleaned {
  readonly html: string;
  /** Pictures that are in the HTML itself, as `data:` addresses; in the cleaned HTML `<img data-picture="index">`. */
  readonly pictures: readonly string[];
  /** How many pictures could not be kept. */
  readonly leftOut: number;
  readonly cells: number;
  /** UTF-16 units of text. */
  readonly length: number;
}

const NEVER = [
  "script, xmp, style, meta, link, base, title, head > *, noscript, template, iframe, frame, frameset, object, embed, applet",
  "audio, video, canvas, map, dialog, button, select, textarea, input:not([type=checkbox]), svg, math, xml, [hidden], br.Apple-interchange-newline",
].join(", ");

export function clean(html: string, wishes: Wishes): Cleaned {
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  const isOurs = body.querySelector("[data-pm-slice]") !== null;
  formulas(body);
  if (!isOurs) {
    const sheet = [...body.ownerDocument.querySelectorAll(SHEET)].map((style) => style.textContent ?? "");
    tables(body, sheet.join("\n"));
    word(body);
    google(body);
    github(body);
    code(body);
  }
  remove(body, NEVER);
  styles(body, wishes.keepsLooks);
  links(body, isOurs);
  const found = pictures(body, wishes.origin);
  flattenTooDeep(body);
  return { html: body.innerHTML, ...found, cells: cellsIn(body), length: (body.textContent ?? "").length };
}

/** A formula as a page shows it has its LaTeX with it. */
function formulas(body: HTMLElement): void {
  for (const source of body.querySelectorAll('annotation[encoding="application/x-tex"]')) {
    const shown = source.closest(".katex, mjx-container") ?? source.closest("math");
    const made = body.ownerDocument.createElement("span");
    made.className = "math-inline";
    made.textContent = source.textContent;
    shown?.replaceWith(made);
  }
}

/** The places in a table's grid, not the elements: one cell may claim a million of them. */
function cellsIn(body: HTMLElement): number {
  let cells = 0;
  for (const cell of body.querySelectorAll<HTMLTableCellElement>("td, th")) cells += cell.colSpan * cell.rowSpan;
  return cells;
}
