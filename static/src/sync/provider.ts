/**
 * A Y.Doc and its awareness on the wire: what is ours goes out, what is theirs comes in, and the server's counts tell how
 * much of ours is on disk. Knows neither sockets nor the page; `send` drops what finds no connection, because every new
 * connection starts with a sync in both directions.
 */

import {
  type Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from "y-protocols/awareness";
import * as Y from "yjs";
import type { Clock } from "./clock";
import * as wire from "./wire";
import { decode, type Hello, type Message, type Rights } from "./wire";

/** The origin of changes that this device has kept: made here, by this tab or another, now or before. */
export const KEPT = Symbol("kept");
/** Carets of one person travel at most this often. */
const AWARENESS_GAP = 60;
/**
 * What others write is shown at most this often: to lay out and paint a long document takes as long for twenty letters as
 * for one, and one's own keys would have to wait for each. Nobody sees the difference.
 */
const SHOWING_GAP = 50;
/** And at most this often while somebody writes here, which is until so long after their last letter. */
const SHOWING_GAP_MEANWHILE = 100;
const WRITING = 500;

export type SyncEvent =
  | { readonly kind: "hello"; readonly hello: Hello }
  | { readonly kind: "rights"; readonly rights: Rights }
  | { readonly kind: "notice"; readonly notice: string; readonly text: string }
  /** Others' changes or carets are about to be shown. */
  | { readonly kind: "incoming" }
  | { readonly kind: "synced" }
  /** `unsaved`: local changes not known to be on disk. `isSettled`: all we ever made is, as the server has told. */
  | { readonly kind: "progress"; readonly unsaved: number; readonly isSettled: boolean }
  /** `bytes`: what waits is larger than one frame may be; it stays here until it has become smaller. */
  | { readonly kind: "oversize"; readonly bytes: number };

export interface ProviderParts {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly clock: Clock;
  readonly send: (frame: Uint8Array) => void;
  readonly tell: (event: SyncEvent) => void;
  /** Decides whether to go on with this server, once for each connection; what it sends meanwhile waits. */
  readonly admit: (hello: Hello) => Promise<boolean>;
}

type Shown = Extract<Message, { kind: "update" | "awareness" }>;

type Stage = "closed" | "waiting" | "admitted";

export class Provider {
  readonly #parts: ProviderParts;
  #stage: Stage = "closed";
  #connection = 0;
  #early: Message[] = [];
  #serverVector: Uint8Array | null = null;
  #pending: Uint8Array[] = [];
  #isOversize = false;
  #frameLimit = Number.POSITIVE_INFINITY;
  #mayWrite = false;
  #made = 0;
  #lastMade = Number.NEGATIVE_INFINITY;
  #saved = 0;
  /** For each counted frame of this connection, how many local changes had been made when it was sent. */
  #marks: number[] = [];
  #acknowledged = 0;
  #isFlushing = false;
  #lastCaret = Number.NEGATIVE_INFINITY;
  #cancelCaret: (() => void) | null = null;
  #gathered: Shown[] = [];
  #lastShown = Number.NEGATIVE_INFINITY;
  #cancelShowing: (() => void) | null = null;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    parts.doc.on("update", this.#changed);
    parts.awareness.on("update", this.#moved);
  }

  get unsaved(): number {
    return this.#made - this.#saved;
  }

  get isSettled(): boolean {
    const isSent = this.#serverVector !== null && this.#pending.length === 0 && !this.#isOversize;
    return isSent && this.#acknowledged >= this.#marks.length && this.unsaved === 0;
  }

  opened(): void {
    this.#connection += 1;
    this.#stage = "waiting";
    this.#early = [];
    this.#marks = [];
    this.#acknowledged = 0;
    this.#serverVector = null;
    this.#pending = [];
  }

  lost(): void {
    this.#show();
    this.#stage = "closed";
    this.#serverVector = null;
    this.#pending = [];
    const { awareness } = this.#parts;
    const others = [...awareness.getStates().keys()].filter((id) => id !== awareness.clientID);
    removeAwarenessStates(awareness, others, this);
    // Others have heard of our going, with a higher clock than our last: step over it before we return.
    awareness.setLocalState(awareness.getLocalState());
    this.#tellProgress();
  }

  /** Takes in what this device has kept; `unsaved` more changes of it are not known to be on the server's disk. */
  bring(updates: Uint8Array[], unsaved: number): void {
    const { doc } = this.#parts;
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update, KEPT);
    }, KEPT);
    this.#made += unsaved;
    if (unsaved === 0) return;
    // They may be there already, as another tab's: then only an answer that brings nothing new tells us so.
    if (this.#serverVector && this.#pending.length === 0) this.#answer(this.#serverVector);
    this.#tellProgress();
  }

  receive(frame: Uint8Array): void {
    const message = decode(frame);
    if (message.kind === "hello") {
      void this.#greeted(message.hello);
    } else if (this.#stage === "admitted") {
      this.#take(message);
    } else {
      this.#early.push(message);
    }
  }

  destroy(): void {
    this.#stage = "closed";
    this.#cancelCaret?.();
    this.#cancelShowing?.();
    this.#parts.doc.off("update", this.#changed);
    this.#parts.awareness.off("update", this.#moved);
  }

  async #greeted(hello: Hello): Promise<void> {
    const connection = this.#connection;
    this.#mayWrite = hello.mayWrite;
    this.#frameLimit = hello.limits.frame;
    if (!(await this.#parts.admit(hello)) || connection !== this.#connection || this.#stage !== "waiting") return;
    this.#stage = "admitted";
    this.#parts.tell({ kind: "hello", hello });
    this.#parts.send(wire.step1(Y.encodeStateVector(this.#parts.doc)));
    for (const message of this.#early.splice(0)) this.#take(message);
    this.#parts.awareness.setLocalState(this.#parts.awareness.getLocalState() ?? {});
  }

  #take(message: Message): void {
    const { doc, tell } = this.#parts;
    switch (message.kind) {
      case "step1":
        this.#answer(message.vector);
        break;
      case "step2":
        tell({ kind: "incoming" });
        Y.applyUpdate(doc, message.update, this);
        tell({ kind: "synced" });
        this.#tellProgress();
        break;
      case "update":
      case "awareness":
        this.#gather(message);
        break;
      case "query":
        this.#sendCaret();
        break;
      case "saved":
        this.#count(message.count);
        break;
      case "level":
        this.#mayWrite = message.rights.mayWrite;
        tell({ kind: "rights", rights: message.rights });
        break;
      case "notice":
        tell({ kind: "notice", notice: message.notice, text: message.text });
        break;
      case "denied":
        tell({ kind: "notice", notice: "refused", text: message.reason });
        break;
    }
  }

  /** The first of what comes is shown at once, what follows soon after together. */
  #gather(message: Shown): void {
    this.#gathered.push(message);
    const { clock } = this.#parts;
    const gap = clock.now() - this.#lastMade < WRITING ? SHOWING_GAP_MEANWHILE : SHOWING_GAP;
    const wait = this.#lastShown + gap - clock.now();
    if (wait <= 0) this.#show();
    else this.#cancelShowing ??= clock.after(wait, () => this.#show());
  }

  #show(): void {
    this.#cancelShowing?.();
    this.#cancelShowing = null;
    if (this.#gathered.length === 0) return;
    const { doc, awareness, clock, tell } = this.#parts;
    const gathered = this.#gathered.splice(0);
    const updates = gathered.flatMap((message) => (message.kind === "update" ? [message.update] : []));
    const payloads = gathered.flatMap((message) => (message.kind === "awareness" ? [message.payload] : []));
    tell({ kind: "incoming" });
    if (updates.length > 0)
      doc.transact(() => updates.forEach((update) => void Y.applyUpdate(doc, update, this)), this);
    for (const payload of payloads) applyAwarenessUpdate(awareness, payload, this);
    this.#lastShown = clock.now();
  }

  /** The server says what it has: everything it lacks goes back in one step 2, also when that is nothing. */
  #answer(vector: Uint8Array): void {
    this.#serverVector = vector;
    this.#pending = [];
    this.#sendCounted(wire.step2(Y.encodeStateAsUpdate(this.#parts.doc, vector)));
  }

  #changed = (update: Uint8Array, origin: unknown): void => {
    // A page that only reads makes no change of its own: Yjs drops marks that others' changes have made redundant.
    const isCleanUp = origin === null && this.#stage === "admitted" && !this.#mayWrite;
    if (origin === this || isCleanUp) return;
    if (origin !== KEPT) {
      this.#made += 1;
      this.#lastMade = this.#parts.clock.now();
    }
    if (this.#serverVector && this.#mayWrite) this.#pending.push(update);
    if (!this.#isFlushing) {
      this.#isFlushing = true;
      queueMicrotask(() => this.#flush());
    }
  };

  /** What one task of the browser has changed goes out as one frame. */
  #flush(): void {
    this.#isFlushing = false;
    const updates = this.#pending.splice(0);
    if (this.#isOversize && this.#serverVector) this.#answer(this.#serverVector);
    else if (updates.length > 0) this.#sendCounted(wire.update(merged(updates)));
    this.#tellProgress();
  }

  #sendCounted(frame: Uint8Array): void {
    this.#isOversize = frame.length > this.#frameLimit;
    if (this.#isOversize) {
      this.#parts.tell({ kind: "oversize", bytes: frame.length });
    } else {
      this.#marks.push(this.#made);
      this.#parts.send(frame);
    }
  }

  /** The first `count` frames of this connection are on disk. */
  #count(count: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, count);
    this.#saved = Math.max(this.#saved, this.#marks[count - 1] ?? 0);
    this.#tellProgress();
  }

  #tellProgress(): void {
    this.#parts.tell({ kind: "progress", unsaved: this.unsaved, isSettled: this.isSettled });
  }

  #moved = ({ removed }: { removed: number[] }, origin: unknown): void => {
    const isOurs = origin === "local" || removed.includes(this.#parts.awareness.clientID);
    if (!isOurs || this.#cancelCaret) return;
    const wait = this.#lastCaret + AWARENESS_GAP - this.#parts.clock.now();
    if (wait <= 0) this.#sendCaret();
    else this.#cancelCaret = this.#parts.clock.after(wait, () => this.#sendCaret());
  };

  #sendCaret(): void {
    this.#cancelCaret?.();
    this.#cancelCaret = null;
    if (this.#stage !== "admitted") return;
    this.#lastCaret = this.#parts.clock.now();
    const { awareness, send } = this.#parts;
    send(wire.awareness(encodeAwarenessUpdate(awareness, [awareness.clientID])));
  }
}

function merged(updates: Uint8Array[]): Uint8Array {
  return updates.length === 1 && updates[0] ? updates[0] : Y.mergeUpdates(updates);
}
