/** Searching and what replaces a match, in plain texts: knows no editor, and runs in a worker. */

export interface Query {
  readonly text: string;
  readonly isCaseSensitive: boolean;
  readonly isWholeWord: boolean;
  readonly isRegex: boolean;
}

/** `from` and `to` are UTF-16 units in the `block`-th text, and never lie inside a code point. */
export interface Match {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  /** What is to stand there instead. */
  readonly instead: string;
}

const WORD = "[\\p{L}\\p{M}\\p{N}_]";

/** Throws a SyntaxError for a pattern that is none. */
export function compile({ text, isCaseSensitive, isWholeWord, isRegex }: Query): RegExp {
  const pattern = isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const bounded = isWholeWord ? `(?<!${WORD})(?:${pattern})(?!${WORD})` : pattern;
  return new RegExp(bounded, isCaseSensitive ? "gmu" : "gimu");
}

/** In the order of the text. A pattern that matches nothing at all somewhere is no match there. */
export function search(texts: readonly string[], query: Query, replacement: string): Match[] {
  if (!query.text) return [];
  const pattern = compile(query);
  return texts.flatMap((text, block) =>
    [...text.matchAll(pattern)]
      .filter(([found]) => found !== "")
      .map((match) => ({
        block,
        from: match.index,
        to: match.index + match[0].length,
        instead: query.isRegex ? expand(replacement, match) : replacement,
      })),
  );
}

/** `$1`, `$<name>` and `$&` are parts of the match, `$$` is a dollar, as in JavaScript's own replace. */
export function expand(replacement: string, match: RegExpMatchArray): string {
  return replacement.replace(/\$(\$|&|\d{1,2}|<([^>]*)>)/g, (whole, which: string, name?: string) => {
    if (which === "$") return "$";
    if (which === "&") return match[0];
    if (name !== undefined) return match.groups?.[name] ?? "";
    return Number(which) > 0 && Number(which) < match.length ? (match[Number(which)] ?? "") : whole;
  });
}
