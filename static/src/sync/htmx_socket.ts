/**
 * The page's socket as htmx's ws extension wants to see it: a WebSocket that carries text only and never closes.
 * (The extension would open a second connection of its own after a close; coming back is the Socket's business. What is
 * sent while there is no connection waits in the extension's queue and goes out when `onopen` is called again.)
 */

import type { Socket } from "./socket";

export class HtmxSocket extends EventTarget {
  readonly OPEN = 1;
  onopen: ((event: Event) => void) | null = null;
  onclose: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.listen({
      opened: () => this.onopen?.(new Event("open")),
      frame: () => {},
      text: (html) => this.dispatchEvent(new MessageEvent("message", { data: html })),
      lost: () => {},
      ended: () => {},
    });
  }

  get readyState(): number {
    return this.#socket.isOpen ? this.OPEN : 0;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  close(): void {
    this.#socket.end();
  }
}
