/** Where cards stand in the margin: each as near to its place in the text as the others let it. Pure arithmetic, in pixels. */

export interface Card {
  /** Where it would stand if it were alone. */
  readonly wanted: number;
  readonly height: number;
}

/** The tops of the cards, given in the order of the text. The active one (an index, or -1) stands exactly at its place. */
export function stack(cards: readonly Card[], active: number, gap: number): number[] {
  const tops = cards.map(({ wanted }) => Math.max(0, wanted));
  for (let at = active - 1; at >= 0; at -= 1) {
    const room = (tops[at + 1] ?? 0) - gap - (cards[at]?.height ?? 0);
    tops[at] = Math.min(tops[at] ?? 0, room);
  }
  // What would stick out above comes down again, and pushes what is below it.
  tops[0] = Math.max(0, tops[0] ?? 0);
  for (let at = 1; at < tops.length; at += 1) {
    const room = (tops[at - 1] ?? 0) + (cards[at - 1]?.height ?? 0) + gap;
    tops[at] = Math.max(tops[at] ?? 0, room);
  }
  return cards.length ? tops : [];
}
