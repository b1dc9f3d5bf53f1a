/** The margin: puts each card beside its text. */

import { Rules } from "../ui/rules";
import { stack } from "./stack";

const GAP = 8;
const WIDE = "(min-width: 1100px)";

export interface Placed {
  readonly card: HTMLElement;
  /** Where its text is in the window, null when that is gone: then it stays after the card before it. */
  readonly top: number | null;
}

export interface Arrangement {
  readonly cards: readonly Placed[];
  /** The form for a new comment, while it is shown. */
  readonly form: Placed | null;
  /** The id of the thread that has the right of way. */
  readonly active: string | null;
}

/** Whether there is a margin at all; else the comments are a sheet at the bottom. */
export function isWide(): boolean {
  return matchMedia(WIDE).matches;
}

export class Margin {
  readonly #panel: HTMLElement;
  readonly #rules = new Rules();

  constructor(panel: HTMLElement) {
    this.#panel = panel;
  }

  place({ cards, form, active }: Arrangement): void {
    const list = this.#panel.querySelector<HTMLElement>("#comments");
    if (!list) return;
    list.classList.toggle("is-aligned", isWide());
    this.#panel.querySelector("#comment-form")?.classList.toggle("is-aligned", isWide() && form !== null);
    if (!isWide()) return;
    const top = list.getBoundingClientRect().top;
    const all = sorted(form ? [...cards, form] : cards, top);
    const first = all.findIndex(({ card }) => (form ? card === form.card : card.dataset.thread === active));
    const tops = stack(all, first, GAP);
    const ends = all.map(({ height }, at) => (tops[at] ?? 0) + height + GAP);
    const down = top - this.#panel.getBoundingClientRect().top;
    this.#write(
      all.map(({ card }, at) => ruleFor(card, tops[at] ?? 0, down)),
      Math.max(0, ...ends),
      list,
    );
  }

  #write(rules: string[], end: number, list: HTMLElement): void {
    const rest = list.querySelector<HTMLElement>(":scope > details")?.offsetHeight ?? 0;
    const whole = `#comments.is-aligned { --threads-end: ${end}px; min-height: ${end + rest}px }`;
    this.#rules.write([whole, ...rules]);
  }
}

function sorted(placed: readonly Placed[], listTop: number) {
  let last = 0;
  const cards = placed.map(({ card, top }) => {
    last = top === null ? last : top - listTop;
    return { card, wanted: last, height: card.offsetHeight };
  });
  return cards.sort((a, b) => a.wanted - b.wanted);
}

function ruleFor(card: HTMLElement, top: number, down: number): string {
  const isForm = card.id === "comment-form";
  const place = isForm ? `--form-top: ${top + down}px` : `--thread-top: ${top}px`;
  return `#${CSS.escape(card.id)} { ${place} }`;
}
