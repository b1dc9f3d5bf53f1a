/**
 * The one WebSocket of a page, opened again whenever it breaks: full jitter between attempts, a probe when the other side
 * has been silent, and the end when a close code says so. Binary frames go to the provider, text to htmx; what either of
 * them means is not known here.
 */

import type { Clock } from "./clock";
import { type Verdict, verdict } from "./closing";
import { type Line, SUBPROTOCOL, takeEarly } from "./early";
import { queryAwareness } from "./wire";

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** After this silence we ask for a sign of life. */
const PROBE_AFTER = 15_000;
/** After this silence the connection is taken for dead. */
const DEAD_AFTER = 30_000;
const OPEN = 1;

export interface SocketListener {
  opened(): void;
  frame(bytes: Uint8Array): void;
  text(html: string): void;
  /** The connection is gone; the next attempt is at `retryAt`. */
  lost(retryAt: number): void;
  /** The connection is gone and stays so. */
  ended(why: Exclude<Verdict, { kind: "retry" }>): void;
}

export interface SocketParts {
  readonly connect: () => Line;
  readonly clock: Clock;
  readonly random: () => number;
}

export class Socket {
  readonly #parts: SocketParts;
  readonly #listeners: SocketListener[] = [];
  #line: Line | null = null;
  #attempts = 0;
  #heardAt = 0;
  #isEnded = false;
  #cancel = () => {};

  constructor(parts: SocketParts) {
    this.#parts = parts;
  }

  listen(listener: SocketListener): void {
    this.#listeners.push(listener);
  }

  get isOpen(): boolean {
    return this.#line?.readyState === OPEN;
  }

  start(): void {
    this.#cancel();
    if (this.#isEnded || this.#line) return;
    const line = this.#parts.connect();
    line.binaryType = "arraybuffer";
    line.onopen = () => this.#opened(line);
    line.onmessage = (event) => this.#heard(line, event.data);
    line.onclose = (event) => this.#closed(line, event.code, event.reason);
    this.#line = line;
  }

  /** Does not wait any longer for the next attempt. */
  retry(): void {
    this.#attempts = 0;
    this.start();
  }

  /** The connection has proved to be of use: the next break starts with short delays again. */
  praise(): void {
    this.#attempts = 0;
  }

  /** Frames that find no open connection are dropped: the sync after the next opening makes up for them. */
  send(data: Uint8Array | string): void {
    if (this.isOpen) this.#line?.send(data as Uint8Array<ArrayBuffer>);
  }

  /** Ends it from our side. */
  end(): void {
    this.#isEnded = true;
    this.#cancel();
    const line = this.#line;
    this.#line = null;
    line?.close(1000);
  }

  /** Gives this connection up and opens another. */
  renew(): void {
    const line = this.#line;
    if (!line) return;
    this.#closed(line, 1006, "");
    line.close();
  }

  #opened(line: Line): void {
    if (line !== this.#line) return;
    this.#heardAt = this.#parts.clock.now();
    this.#watch();
    for (const listener of this.#listeners) listener.opened();
  }

  #heard(line: Line, data: unknown): void {
    if (line !== this.#line) return;
    this.#heardAt = this.#parts.clock.now();
    for (const listener of this.#listeners) {
      if (typeof data === "string") listener.text(data);
      else listener.frame(new Uint8Array(data as ArrayBuffer));
    }
  }

  #watch(): void {
    const silence = this.#parts.clock.now() - this.#heardAt;
    if (silence >= DEAD_AFTER) {
      this.renew();
      return;
    }
    if (silence >= PROBE_AFTER) this.send(queryAwareness());
    this.#cancel = this.#parts.clock.after(PROBE_AFTER / 3, () => this.#watch());
  }

  #closed(line: Line, code: number, reason: string): void {
    if (line !== this.#line) return;
    this.#line = null;
    this.#cancel();
    const what = verdict(code, reason);
    if (what.kind === "retry") {
      const delay = this.#delay(what.atLeast);
      this.#cancel = this.#parts.clock.after(delay, () => this.start());
      for (const listener of this.#listeners) listener.lost(this.#parts.clock.now() + delay);
    } else {
      this.#isEnded = true;
      for (const listener of this.#listeners) listener.ended(what);
    }
  }

  #delay(atLeast: number): number {
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts);
    this.#attempts += 1;
    return atLeast + this.#parts.random() * longest;
  }
}

/** How a browser connects: the first time it already is. */
export function browserLine(url: string): () => Line {
  return () => takeEarly() ?? new WebSocket(url, [SUBPROTOCOL]);
}
