/** Whether text that came with HTML beside it was meant as Markdown: one asterisk does not make it so. */

/** Each is worth so much, wherever it stands. */
const SIGNS: readonly (readonly [sign: RegExp, worth: number])[] = [
  [/^ {0,3}#{1,6} +\S/gm, 1],
  [/^ {0,3}(?:```|~~~)/gm, 1],
  [/^ *(?:[-*+]|\d{1,9}[.)]) +\S/gm, 1],
  [/^ *[-*+] +\[[ xX]\] /gm, 1],
  [/^ {0,3}> ?\S/gm, 1],
  [/^ *\|?(?: *:?-{3,}:? *\|)+(?: *:?-{3,}:? *)?$/gm, 2],
  [/\[[^\]\n]+\]\([^)\s]+\)/g, 1],
  [/\*\*\S(?:[^*\n]*\S)?\*\*/g, 1],
  [/(?<!`)`[^`\n]+`(?!`)/g, 1],
];
const MOST_NEEDED = 6;
const LINES_FOR_ANOTHER = 5;
/** Characters that are looked at: what a text is shows at its beginning. */
const LOOKED_AT = 50_000;

export function looksLikeMarkdown(text: string): boolean {
  const beginning = text.replace(/\r\n?/g, "\n").slice(0, LOOKED_AT);
  const lines = beginning.split("\n").filter((line) => line.trim()).length;
  const needed = Math.min(MOST_NEEDED, 2 + Math.floor(lines / LINES_FOR_ANOTHER));
  let found = 0;
  for (const [sign, worth] of SIGNS) {
    found += worth * [...beginning.matchAll(sign)].length;
    if (found >= needed) return true;
  }
  return false;
}
