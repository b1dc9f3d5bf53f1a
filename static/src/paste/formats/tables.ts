/** Tables of Excel and Google Sheets: their first row is a head when it stands out, which is all that they say of it. */

import { addCss, declared, isBold } from "./css";
import { isBlank, remove, rename } from "./dom";

const RULE = /\.(xl\d+)\s*\{([^}]*)\}/g;
const WIDEST_SPAN = 100;
const TALLEST_SPAN = 1000;

/** `sheet` is the CSS that came with it: Excel says there what is bold. */
export function tables(body: HTMLElement, sheet: string): void {
  // Pixels of a sheet on a screen say nothing of the width that a text has.
  remove(body, "colgroup, col");
  const looks = new Map([...sheet.matchAll(RULE)].map(([, name, look]) => [name, look] as const));
  for (const cell of body.querySelectorAll<HTMLTableCellElement>("td, th")) {
    const look = looks.get(cell.className);
    if (look) addCss(cell, look);
    limit(cell);
    if (isBlank(cell) && !cell.querySelector("img, input")) cell.replaceChildren();
  }
  const isSheet = looks.size > 0 || body.querySelector("google-sheets-html-origin, [data-sheets-root]") !== null;
  if (isSheet) for (const table of body.querySelectorAll("table")) makeHead(table);
}

function limit(cell: HTMLTableCellElement): void {
  if (cell.hasAttribute("colspan")) cell.setAttribute("colspan", String(Math.min(cell.colSpan, WIDEST_SPAN)));
  if (cell.hasAttribute("rowspan")) cell.setAttribute("rowspan", String(Math.min(cell.rowSpan, TALLEST_SPAN)));
}

function makeHead(table: HTMLTableElement): void {
  const [first, second] = table.rows;
  if (!first || !isBoldRow(first) || (second && isBoldRow(second))) return;
  for (const cell of [...first.cells]) {
    const { colSpan, rowSpan } = cell;
    const head = rename(cell, "th") as HTMLTableCellElement;
    if (colSpan > 1) head.colSpan = colSpan;
    if (rowSpan > 1) head.rowSpan = rowSpan;
  }
}

function isBoldRow(row: HTMLTableRowElement): boolean {
  const filled = [...row.cells].filter((cell) => !isBlank(cell));
  return filled.length > 0 && filled.every((cell) => isBold(weightOf(cell)));
}

function weightOf(cell: Element): string | undefined {
  return declared(cell).get("font-weight") ?? (cell.querySelector("b, strong") ? "bold" : undefined);
}
