/** How many words and characters the document has, and the selection: shown at the foot of the page while it is wanted. */

import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { element } from "../ui/element";
import { number, tn } from "../words";
import { Later } from "./later";

export interface Counts {
  readonly words: number;
  /** Code points, spaces too. */
  readonly characters: number;
}

// Where no spaces are written each character counts as a word.
const UNSPACED = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}";
const WORD = new RegExp(
  `[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+(?:['’.,_-](?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+)*`,
  "gu",
);

export function countText(text: string): Counts {
  let characters = 0;
  for (const _ of text) characters += 1;
  return { words: text.match(WORD)?.length ?? 0, characters };
}

const NONE: Counts = { words: 0, characters: 0 };

function add(a: Counts, b: Counts): Counts {
  return { words: a.words + b.words, characters: a.characters + b.characters };
}

/** Blocks that have not changed are not counted again. */
const known = new WeakMap<Node, Counts>();

export function countNode(node: Node): Counts {
  const before = known.get(node);
  if (before) return before;
  let counts = NONE;
  if (node.isTextblock) counts = countText(node.textBetween(0, node.content.size, undefined, " "));
  else {
    node.forEach((child) => {
      counts = add(counts, countNode(child));
    });
  }
  known.set(node, counts);
  return counts;
}

export class CountLine {
  readonly #editor: Editor;
  readonly #line = element("p", { id: "counts", class: "counts", role: "status", "aria-live": "off", hidden: true });
  readonly #later = new Later(() => this.#draw());

  constructor(page: HTMLElement, editor: Editor) {
    this.#editor = editor;
    page.append(this.#line);
    editor.on("transaction", ({ transaction }) => {
      if (!this.#line.hidden && (transaction.docChanged || transaction.selectionSet)) this.#later.ask();
    });
  }

  show(isShown: boolean): void {
    this.#line.hidden = !isShown;
    if (isShown) this.#draw();
    else this.#later.drop();
  }

  #draw(): void {
    const { doc, selection } = this.#editor.state;
    const all = countNode(doc);
    const { from, to, empty } = selection;
    this.#line.textContent = empty ? say(all) : say(countText(doc.textBetween(from, to, "\n", " ")), all);
  }
}

/** In one line; `all` is what the counts are a part of. */
export function say({ words, characters }: Counts, all?: Counts): string {
  const parts = all
    ? [
        tn("{part} of {n} word", "{part} of {n} words", all.words, { part: number(words) }),
        tn("{part} of {n} character", "{part} of {n} characters", all.characters, { part: number(characters) }),
      ]
    : [tn("{n} word", "{n} words", words), tn("{n} character", "{n} characters", characters)];
  return parts.join(" · ");
}
