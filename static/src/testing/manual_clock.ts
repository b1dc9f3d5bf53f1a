/** A clock for tests that stands still until told to go on. */

import type { Clock } from "../sync/clock";

interface Alarm {
  readonly at: number;
  readonly then: () => void;
}

export class ManualClock implements Clock {
  #now = 1_000_000;
  #alarms: Alarm[] = [];

  now(): number {
    return this.#now;
  }

  after(delay: number, then: () => void): () => void {
    const alarm = { at: this.#now + delay, then };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  /** Lets `span` milliseconds pass; what falls due rings in order, also what is set on the way. */
  advance(span: number): void {
    const end = this.#now + span;
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.#now = next.at;
      next.then();
    }
    this.#now = end;
  }

  #due(end: number): Alarm | undefined {
    const next = this.#alarms.filter((alarm) => alarm.at <= end).sort((a, b) => a.at - b.at)[0];
    this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
    return next;
  }
}
