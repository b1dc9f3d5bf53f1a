/**
 * Who has come and gone, in a sentence for a screen reader: several at once, some seconds after the first, and nothing of
 * what they type. People who are back by then have neither gone nor come.
 */

import type { Clock } from "../sync/clock";

const GATHERS = 4000;
/** So many are called by name. */
const NAMED = 3;

/** Names by principal. */
export type People = ReadonlyMap<string, string>;

export class Arrivals {
  readonly #clock: Clock;
  readonly #say: (sentence: string) => void;
  #told: People | null = null;
  #now: People = new Map();
  readonly #names = new Map<string, string>();
  #isWaiting = false;

  constructor(clock: Clock, say: (sentence: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  /** Everybody who is here now, ourselves left out. Those of the first time have been here before us. */
  here(people: People): void {
    this.#now = people;
    this.#told ??= people;
    for (const [principal, name] of people) this.#names.set(principal, name);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#clock.after(GATHERS, () => this.#tell());
  }

  #tell(): void {
    this.#isWaiting = false;
    const [before, now] = [this.#told ?? this.#now, this.#now];
    this.#told = now;
    const sentences = [
      said(this.#missing(before, now), "has joined.", "have joined."),
      said(this.#missing(now, before), "has left.", "have left."),
    ];
    for (const principal of this.#names.keys()) if (!now.has(principal)) this.#names.delete(principal);
    const sentence = sentences.filter(Boolean).join(" ");
    if (sentence) this.#say(sentence);
  }

  /** The names, as they were last, of those of `people` who are not in `others`. */
  #missing(others: People, people: People): string[] {
    return [...people.keys()].filter((who) => !others.has(who)).map((who) => this.#names.get(who) ?? "");
  }
}

function said(names: string[], one: string, several: string): string {
  if (names.length === 0) return "";
  if (names.length === 1) return `${names[0]} ${one}`;
  const named = names.length > NAMED ? [`${names.length} people`] : names;
  return `${[...named.slice(0, -1)].join(", ")}${named.length > 1 ? " and " : ""}${named.at(-1)} ${several}`;
}
