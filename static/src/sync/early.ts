/**
 * The page's first connection, opened while the page still loads: the server looks up who is there, and greets, meanwhile.
 * What comes before somebody listens is kept, and told then. The script that opens it is not the one that takes it.
 */

export const SUBPROTOCOL = "scriptorium.v1";
/** A page whose scripts have not come by then (milliseconds) does not stand among those who are here. */
const PATIENCE = 30_000;

declare global {
  var earlyLine: EarlyLine | undefined;
}

/** The part of a browser's WebSocket that is used. */
export type Line = Pick<WebSocket, "readyState" | "binaryType" | "send" | "close" | "onopen" | "onmessage" | "onclose">;

export class EarlyLine {
  readonly #line: Line;
  #kept: (() => void)[] = [];

  constructor(line: Line) {
    this.#line = line;
    line.binaryType = "arraybuffer";
    line.onopen = (event) => this.#kept.push(() => line.onopen?.call(line as WebSocket, event));
    line.onmessage = (event) => this.#kept.push(() => line.onmessage?.call(line as WebSocket, event));
    line.onclose = (event) => this.#kept.push(() => line.onclose?.call(line as WebSocket, event));
  }

  /** For whoever listens to it at once: in a moment all is told that has come. */
  take(): Line {
    queueMicrotask(() => {
      for (const tell of this.#kept.splice(0)) tell();
    });
    return this.#line;
  }
}

/** `address` is that of the site's own server, as #document-page has it too. */
export function openEarly(address: string): void {
  const line = new WebSocket(socketAddress(address), [SUBPROTOCOL]);
  globalThis.earlyLine = new EarlyLine(line);
  setTimeout(() => globalThis.earlyLine && line.close(), PATIENCE);
}

/** Null when there is none, or when somebody has it. */
export function takeEarly(): Line | null {
  const line = globalThis.earlyLine?.take() ?? null;
  globalThis.earlyLine = undefined;
  return line;
}

export function socketAddress(address: string): string {
  const url = new URL(address, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
