/** Between the document and the plain texts that are searched: each block of text is one of them. */

import type { Node } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import type { Match } from "./query";

/** `from` and `to` are positions in the document. */
export interface Passage {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  readonly instead: string;
}

/** More rounds than this are not worth their time: what is left is done in one. */
const MOST_ROUNDS = 24;

/** The texts of all blocks of text, and where each begins. What is not text is one character, as it is in positions. */
export function textsOf(doc: Node): { texts: string[]; starts: number[] } {
  const [texts, starts]: [string[], number[]] = [[], []];
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    texts.push(
      node.textBetween(0, node.content.size, undefined, ({ type }) => (type.name === "hardBreak" ? "\n" : "\uFFFC")),
    );
    starts.push(position + 1);
    return false;
  });
  return { texts, starts };
}

export function passagesOf(matches: readonly Match[], starts: readonly number[]): Passage[] {
  return matches.map(({ block, from, to, instead }) => {
    const start = starts[block] ?? 0;
    return { block, from: start + from, to: start + to, instead };
  });
}

/**
 * One transaction for each round, each made for the state after those before it. The binding writes the difference of a
 * block as one stretch from the first change to the last: with one change of a block at a time, what others type between
 * two matches stays where it is.
 */
export function replacements(passages: readonly Passage[]): ((state: EditorState) => Transaction)[] {
  const grown = new Map<number, number>();
  return roundsOf(passages).map((round) => ({ tr }) => {
    const shifts = shiftsOf(round, grown);
    for (const [at, { block, from, to, instead }] of [...round.entries()].reverse()) {
      const shift = shifts[at] ?? 0;
      if (instead) tr.insertText(instead, from + shift, to + shift);
      else tr.delete(from + shift, to + shift);
      grown.set(block, (grown.get(block) ?? 0) + instead.length - (to - from));
    }
    return tr;
  });
}

/** No two of a round are in the same block; in each block the last comes first, so that the others stay where they are. */
export function roundsOf(passages: readonly Passage[]): Passage[][] {
  const left = new Map<number, number>();
  const rounds: Passage[][] = [];
  for (const passage of [...passages].reverse()) {
    const round = Math.min(left.get(passage.block) ?? 0, MOST_ROUNDS - 1);
    left.set(passage.block, round + 1);
    rounds[round] ??= [];
    rounds[round].unshift(passage);
  }
  return rounds;
}

/** How far each is from where it was, for what was replaced in the blocks before it. */
function shiftsOf(round: readonly Passage[], grown: ReadonlyMap<number, number>): number[] {
  const changes = [...grown].sort(([a], [b]) => a - b);
  let [next, shift] = [0, 0];
  return round.map(({ block }) => {
    for (let change = changes[next]; change && change[0] < block; change = changes[next]) {
      shift += change[1];
      next += 1;
    }
    return shift;
  });
}
