/**
 * A server for provider tests that keeps its frames until told to deliver them: it commits, counts and shows as the real
 * one does (collab/room.py), over a Y.Doc of its own.
 */

import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { Provider, type SyncEvent } from "../sync/provider";
import * as wire from "../sync/wire";
import { decode, type Hello } from "../sync/wire";
import { helloFrame, savedFrame } from "./frames";
import { ManualClock } from "./manual_clock";

export class FakeServer {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly clients = new Set<FakeClient>();
  /** Whether an author hears its own updates again. Both happen. */
  echoes = true;

  constructor() {
    this.awareness.setLocalState(null);
  }

  join(client: FakeClient, hello: Hello): void {
    this.clients.add(client);
    client.hear(helloFrame(hello));
    client.hear(wire.step1(Y.encodeStateVector(this.doc)));
  }

  take(client: FakeClient, frame: Uint8Array): void {
    const message = decode(frame);
    if (message.kind === "step1") {
      client.hear(wire.step2(Y.encodeStateAsUpdate(this.doc, message.vector)));
    } else if (message.kind === "step2" || message.kind === "update") {
      Y.applyUpdate(this.doc, message.update);
      client.counted += 1;
      client.hear(savedFrame(client.counted, 1));
      this.#showAll(wire.update(message.update), client);
    } else if (message.kind === "awareness") {
      applyAwarenessUpdate(this.awareness, message.payload, client);
      this.#showAll(frame, client);
    } else if (message.kind === "query") {
      client.hear(wire.awareness(encodeAwarenessUpdate(this.awareness, [...this.awareness.getStates().keys()])));
    }
  }

  #showAll(frame: Uint8Array, author: FakeClient): void {
    for (const client of this.clients) {
      if (client !== author || this.echoes) client.hear(frame);
    }
  }
}

export const HELLO: Hello = {
  epoch: "one",
  schema: 1,
  level: 40,
  mayWrite: true,
  principal: "user:1",
  name: "Ada",
  colour: "#123456",
  limits: { frame: 1024 * 1024 },
};

export class FakeClient {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly clock = new ManualClock();
  readonly events: SyncEvent[] = [];
  readonly sent: Uint8Array[] = [];
  readonly provider: Provider;
  counted = 0;
  isOpen = false;
  #toServer: Uint8Array[] = [];
  #toPage: Uint8Array[] = [];

  constructor(readonly server: FakeServer) {
    this.provider = new Provider({
      doc: this.doc,
      awareness: this.awareness,
      clock: this.clock,
      send: (frame) => this.#send(frame),
      tell: (event) => this.events.push(event),
      admit: async () => true,
    });
  }

  get text(): Y.Text {
    return this.doc.getText("t");
  }

  open(hello: Hello = HELLO): void {
    this.isOpen = true;
    this.counted = 0;
    this.provider.opened();
    this.server.join(this, hello);
  }

  /** The connection breaks; what was under way is lost. */
  cut(): void {
    this.server.clients.delete(this);
    this.isOpen = false;
    this.#toServer = [];
    this.#toPage = [];
    this.provider.lost();
  }

  hear(frame: Uint8Array): void {
    this.#toPage.push(frame);
  }

  /** Lets the oldest frame to the server arrive. */
  deliverUp(): boolean {
    const frame = this.#toServer.shift();
    if (frame) this.server.take(this, frame);
    return frame !== undefined;
  }

  deliverDown(): boolean {
    const frame = this.#toPage.shift();
    if (frame) this.provider.receive(frame);
    return frame !== undefined;
  }

  /** Lets everything arrive, in both directions, and be shown. */
  async settle(): Promise<void> {
    do {
      await tasks();
      this.clock.advance(100);
    } while (this.deliverUp() || this.deliverDown());
  }

  last<K extends SyncEvent["kind"]>(kind: K): Extract<SyncEvent, { kind: K }> | undefined {
    return this.events.filter((event): event is Extract<SyncEvent, { kind: K }> => event.kind === kind).at(-1);
  }

  destroy(): void {
    this.provider.destroy();
    this.awareness.destroy();
    this.doc.destroy();
  }

  #send(frame: Uint8Array): void {
    if (!this.isOpen) return;
    this.sent.push(frame);
    this.#toServer.push(frame);
  }
}

/** Lets the microtasks of the current task run. */
export function tasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
