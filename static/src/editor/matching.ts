/** Which tools somebody means by a few letters: by name, by another word for it, or by letters in that order. */

import type { Tool } from "./tools";

type Named = Pick<Tool, "label" | "words">;

/** Those that the letters may mean, the likeliest first; all of them, as they stand, for no letters. */
export function ranked<T extends Named>(tools: readonly T[], typed: string): T[] {
  const letters = plain(typed.trim());
  const scored = tools.map((tool) => [score(tool, letters), tool] as const).filter(([points]) => points > 0);
  return scored.sort(([a], [b]) => b - a).map(([, tool]) => tool);
}

/** 0 for no match. */
export function score({ label, words = "" }: Named, letters: string): number {
  if (!letters) return 1;
  const [name, aliases] = [plain(label), plain(words).split(" ")];
  if (name.startsWith(letters)) return 6;
  if (name.split(/[ ,(]+/).some((word) => word.startsWith(letters))) return 5;
  if (aliases.some((word) => word.startsWith(letters))) return 4;
  if (name.includes(letters)) return 3;
  return letters.length > 2 && isWithin(letters.replaceAll(" ", ""), name) ? 2 : 0;
}

/** Without case and accents. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether these letters are there in this order, the first at the beginning of a word. */
function isWithin(letters: string, name: string): boolean {
  return [...name.matchAll(/\b\w/g)].some(({ index }) => {
    let at = index;
    return [...letters].every((letter) => {
      at = name.indexOf(letter, at) + 1;
      return at > 0;
    });
  });
}
