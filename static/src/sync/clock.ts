/** Time as an argument: whoever waits takes a Clock, so that tests can turn its hands. All times are milliseconds. */

export interface Clock {
  now(): number;
  /** Calls `then` once after `delay`; the answer cancels it. */
  after(delay: number, then: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(delay, then) {
    const timer = setTimeout(then, delay);
    return () => clearTimeout(timer);
  },
};
