/**
 * Who has come and gone, in a sentence for a screen reader: several at once, some seconds after the first, and nothing of
 * what they type. People who are back by then have neither gone nor come.
 */

import type { Clock } from "../sync/clock";
import { listed, t, tn } from "../words";

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
    const sentences = [joined(this.#missing(before, now)), left(this.#missing(now, before))];
    for (const principal of this.#names.keys()) if (!now.has(principal)) this.#names.delete(principal);
    const sentence = sentences.filter(Boolean).join(" ");
    if (sentence) this.#say(sentence);
  }

  /** The names, as they were last, of those of `people` who are not in `others`. */
  #missing(others: People, people: People): string[] {
    return [...people.keys()].filter((who) => !others.has(who)).map((who) => this.#names.get(who) ?? "");
  }
}

function joined(names: string[]): string {
  if (names.length > NAMED) return tn("{n} person has joined.", "{n} people have joined.", names.length);
  if (names.length > 1) return t("{names} have joined.", { names: listed(names) });
  return names.length === 1 ? t("{name} has joined.", { name: names[0] ?? "" }) : "";
}

function left(names: string[]): string {
  if (names.length > NAMED) return tn("{n} person has left.", "{n} people have left.", names.length);
  if (names.length > 1) return t("{names} have left.", { names: listed(names) });
  return names.length === 1 ? t("{name} has left.", { name: names[0] ?? "" }) : "";
}
