/** Rules of the Markdown parser that look at source text: `$formulas$`, `$$` on lines of their own, and `[TOC]`. */

import type StateBlock from "markdown-it/lib/rules_block/state_block.mjs";
import type StateInline from "markdown-it/lib/rules_inline/state_inline.mjs";

const MAX_FORMULA_LINES = 400;
const FORMULA = /\$(?![\s$])((?:\\[\s\S]|[^\\$])+)(?<!\s)\$(?!\d)/y;

/** Not beside a digit: that is money. */
export function formulaInline(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== "$") return false;
  FORMULA.lastIndex = state.pos;
  const found = FORMULA.exec(state.src);
  if (!found || /\d/.test(state.src[state.pos - 1] ?? "")) return false;
  if (!silent) state.push("formula", "math", 0).content = found[1] ?? "";
  state.pos += found[0].length;
  return true;
}

/** Between two lines `$$`, without blank lines; `$$x$$` on one line too. */
export function formulaBlock(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const first = lineOf(state, start);
  if (silent || !first.startsWith("$$")) return false;
  const whole = /^\$\$(.+)\$\$$/.exec(first);
  const last = whole ? start : closing(state, start + 1, Math.min(end, start + MAX_FORMULA_LINES));
  if (last === null || (!whole && first !== "$$")) return false;
  const lines = Array.from({ length: Math.max(0, last - start - 1) }, (_, at) => lineOf(state, start + 1 + at));
  const token = state.push("formula_block", "math", 0);
  token.content = whole?.[1]?.trim() ?? lines.join("\n");
  state.line = last + 1;
  return true;
}

function closing(state: StateBlock, from: number, end: number): number | null {
  for (let line = from; line < end; line += 1) {
    if (lineOf(state, line) === "$$") return line;
    if (state.isEmpty(line)) return null;
  }
  return null;
}

/** `[TOC]` on a line of its own. */
export function contents(state: StateBlock, start: number, _end: number, silent: boolean): boolean {
  if (!/^\[toc\]$/i.test(lineOf(state, start))) return false;
  if (silent) return true;
  state.push("contents", "nav", 0);
  state.line = start + 1;
  return true;
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]).trim();
}
