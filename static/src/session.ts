/**
 * One tab's part in one document: the CRDT, its connection, what is kept offline, and what happens when they disagree.
 * Knows no editor: the page is told when there is a text to show, who may write in it, and when it is over.
 */

import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import type { PageConfig } from "./page_config";
import { realClock } from "./sync/clock";
import type { Verdict } from "./sync/closing";
import { type LeftOver, OfflineStore, type StoreKey } from "./sync/offline";
import { Provider, type SyncEvent } from "./sync/provider";
import { browserLine, Socket } from "./sync/socket";
import type { Hello, Rights } from "./sync/wire";
import type { SaveState } from "./ui/save_state";
import { heard, t } from "./words";

export interface SessionListener {
  /** Others' changes or carets are about to be shown. */
  incoming(): void;
  /** The text is the server's now; the first time there is something to show. */
  synced(): void;
  rights(rights: Rights): void;
  /** `sentence` for a banner; nothing can be written any more. */
  ended(sentence: string): void;
  leftOver(found: LeftOver[]): void;
  notice(text: string): void;
}

export class Session {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly socket: Socket;
  readonly #provider: Provider;
  readonly #config: PageConfig;
  readonly #saveState: SaveState;
  readonly #listener: SessionListener;
  #key: StoreKey | null = null;
  #store: OfflineStore | null = null;
  #opening: Promise<OfflineStore | null> | null = null;

  constructor(url: string, config: PageConfig, saveState: SaveState, listener: SessionListener) {
    this.#config = config;
    this.#saveState = saveState;
    this.#listener = listener;
    this.awareness.setLocalState({ cursor: null });
    this.socket = new Socket({ connect: browserLine(url), clock: realClock, random: Math.random });
    this.#provider = new Provider({
      doc: this.doc,
      awareness: this.awareness,
      clock: realClock,
      send: (frame) => this.socket.send(frame),
      tell: (event) => this.#told(event),
      admit: (hello) => this.#admit(hello),
    });
    this.socket.listen({
      opened: () => {
        saveState.tell({ kind: "open" });
        this.#provider.opened();
      },
      frame: (bytes) => this.#provider.receive(bytes),
      text: () => {},
      lost: (retryAt) => {
        saveState.tell({ kind: "waiting", retryAt });
        this.#provider.lost();
      },
      ended: (why) => void this.#closed(why),
    });
    addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.retry());
  }

  retry(): void {
    if (this.socket.isOpen) return;
    this.socket.retry();
  }

  #told(event: SyncEvent): void {
    switch (event.kind) {
      case "hello":
        sessionStorage.removeItem(this.#reloadKey);
        this.socket.praise();
        this.#rights(event.hello);
        break;
      case "rights":
        this.#rights(event.rights);
        if (event.rights.mayWrite && this.#key) void this.#keep(this.#key);
        break;
      case "incoming":
        this.#listener.incoming();
        break;
      case "synced":
        this.#saveState.tell({ kind: "synced" });
        this.#listener.synced();
        void this.#lookForLeftOver();
        break;
      case "progress":
        this.#progress(event.unsaved, event.isSettled);
        break;
      case "oversize":
        // It would not become smaller: Yjs keeps for redo what is undone.
        this.socket.end();
        void this.#closed({ kind: "end", sentence: t("Your changes are larger than the server takes."), isLost: true });
        break;
      case "notice":
        this.#noticed(event.notice, event.text);
        break;
    }
  }

  #rights({ level, mayWrite }: Rights): void {
    this.#saveState.tell({ kind: "rights", level, mayWrite });
    this.#listener.rights({ level, mayWrite });
  }

  #progress(unsaved: number, isSettled: boolean): void {
    this.#saveState.tell({ kind: "progress", unsaved, isSettled });
  }

  #trouble(reason: string): void {
    this.#saveState.tell({ kind: "trouble", reason });
  }

  #noticed(notice: string, english: string): void {
    const text = heard(english);
    if (notice === "refused" || notice === "not-saving") this.#trouble(text);
    else if (notice === "saving-again") this.#trouble("");
    else this.#listener.notice(text);
  }

  /** Only a server with the same past as ours is let in: text of two pasts, merged, would stand there twice. */
  async #admit(hello: Hello): Promise<boolean> {
    if (this.#key && this.#key.epoch !== hello.epoch) {
      this.socket.end();
      this.#provider.lost();
      this.#end(t("The server has come back from a backup. Reload to see the text that it has."));
      return false;
    }
    if (!this.#key) {
      this.#key = { documentId: this.#config.documentId, principal: hello.principal, epoch: hello.epoch };
    }
    if (hello.mayWrite) await this.#keep(this.#key);
    return true;
  }

  /** Keeps the text in this browser. Readers have nothing that could be lost, and leave nothing behind. */
  async #keep(key: StoreKey): Promise<void> {
    if (this.#store) return;
    // A connection that breaks meanwhile asks again: the database must not be opened, and written to, twice.
    this.#opening ??= OfflineStore.open(key, this.doc);
    this.#store = await this.#opening;
    this.#opening = null;
    this.#saveState.tell({ kind: "kept", isKept: this.#store !== null });
  }

  #hasLooked = false;

  async #lookForLeftOver(): Promise<void> {
    if (this.#hasLooked || !this.#key) return;
    this.#hasLooked = true;
    const found = await OfflineStore.leftOver(this.#key);
    if (found.length > 0) this.#listener.leftOver(found);
  }

  async #closed(why: Exclude<Verdict, { kind: "retry" }>): Promise<void> {
    this.#provider.lost();
    if (why.kind === "end") {
      this.#end(why.sentence);
      await this.#tidy(why.isLost);
    } else if (why.kind === "renumber") {
      await this.#tidy(true);
      this.#reload(t("This page could not be given a number of its own. Copy your text and reload."));
    } else {
      this.#reload(
        t("This page is older than the server, and shows the text as it was. Nothing can be written in it."),
      );
    }
  }

  /** `isLost`: what is unsaved will never be taken, and must not be sent again after a reload. */
  async #tidy(isLost: boolean): Promise<void> {
    const store = this.#store;
    this.#store = null;
    if (this.#provider.unsaved === 0) await store?.forget();
    else if (isLost) await store?.setAside();
  }

  /** Reloads once; if that has not helped before, says so and stays. Text that is kept nowhere is never left. */
  #reload(sentence: string): void {
    const isKept = this.#saveState.facts.isKept || this.#provider.unsaved === 0;
    if (!isKept || sessionStorage.getItem(this.#reloadKey)) {
      this.#end(sentence);
      return;
    }
    sessionStorage.setItem(this.#reloadKey, "yes");
    this.#saveState.release();
    location.reload();
  }

  #end(sentence: string): void {
    this.#saveState.tell({ kind: "ended", sentence });
    this.#listener.ended(sentence);
  }

  get #reloadKey(): string {
    return `scriptorium/reloaded/${this.#config.documentId}`;
  }
}
