/**
 * One tab's part in one document: the CRDT, its connection, what is kept offline, and what happens when they disagree.
 * Knows no editor: the page is told when there is a text to show, who may write in it, and when it is over.
 */

import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { Keeping, type LeftOver } from "./kept/keeping";
import type { PageConfig } from "./page_config";
import { realClock } from "./sync/clock";
import type { Verdict } from "./sync/closing";
import { Provider, type SyncEvent } from "./sync/provider";
import { browserLine, Socket } from "./sync/socket";
import type { Hello, Rights } from "./sync/wire";
import type { SaveState } from "./ui/save_state";
import { heard, t } from "./words";

const TOO_LARGE = t("Your changes are larger than the server takes.");
/** So long (milliseconds) the server may keep us waiting before what this device has is shown. */
const PATIENCE = 3000;

export interface SessionListener {
  /** Others' changes or carets are about to be shown. */
  incoming(): void;
  /** There is a text to show: the server's, or what this device has of it. */
  shown(): void;
  rights(rights: Rights): void;
  /** `sentence` for a banner; nothing can be written any more. `isGone`: nor may it be read. */
  ended(sentence: string, isGone: boolean): void;
  leftOver(found: LeftOver[]): void;
  notice(text: string): void;
}

export class Session {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly socket: Socket;
  readonly keeping: Keeping;
  readonly #provider: Provider;
  readonly #config: PageConfig;
  readonly #saveState: SaveState;
  readonly #listener: SessionListener;
  #hasLooked = false;

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
    this.keeping = new Keeping({
      config,
      doc: this.doc,
      isTheirs: (origin) => origin === this.#provider,
      isAway: () => !this.socket.isOpen,
      bring: (updates, unsaved) => this.#provider.bring(updates, unsaved),
      tell: (trouble) => saveState.tell({ kind: "kept", trouble }),
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
        void this.#showKept();
        void this.keeping.meet();
      },
      ended: (why) => void this.#closed(why),
    });
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.socket.renew()); // it would be half a minute before the silence is noticed
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.retry());
  }

  start(): void {
    this.socket.start();
    realClock.after(PATIENCE, () => void this.#showKept());
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
        if (event.rights.mayWrite) void this.#keepFromNowOn();
        break;
      case "incoming":
        this.#listener.incoming();
        break;
      case "synced":
        this.#saveState.tell({ kind: "synced" });
        this.#listener.shown();
        void this.keeping.complete();
        void this.#lookForLeftOver();
        break;
      case "progress":
        this.#progress(event.unsaved, event.isSettled);
        break;
      case "oversize":
        // It would not become smaller: Yjs keeps for redo what is undone.
        this.socket.end();
        void this.#closed({ kind: "end", sentence: TOO_LARGE, isLost: true, isGone: false });
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
    if (isSettled) void this.keeping.settle();
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
    const objection = await this.keeping.admit(hello);
    if (!objection) return true;
    this.socket.end();
    this.#provider.lost();
    this.#end(
      objection === "past"
        ? t("The server has come back from a backup. Reload to see the text that it has.")
        : t("Somebody else is signed in in this browser now. What you wrote is kept until you sign in again."),
    );
    return false;
  }

  /** Somebody may write here who only read before. */
  async #keepFromNowOn(): Promise<void> {
    await this.keeping.open();
    if (this.#saveState.facts.isSynced) await this.keeping.complete();
  }

  /** What this device has, while there is no server to ask. */
  async #showKept(): Promise<void> {
    if (await this.keeping.openLast()) this.#listener.shown();
  }

  async #lookForLeftOver(): Promise<void> {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    const found = await this.keeping.leftOver();
    if (found.length > 0) this.#listener.leftOver(found);
  }

  async #closed(why: Exclude<Verdict, { kind: "retry" }>): Promise<void> {
    this.#provider.lost();
    if (why.kind === "end") {
      await this.#showKept(); // also what was typed before this page was opened can be taken away
      this.#end(why.sentence, why.isGone);
      if (why.isGone && this.#provider.unsaved === 0) await this.keeping.clear(false);
      else await this.keeping.end(this.#provider.unsaved, why.isLost);
    } else if (why.kind === "renumber") {
      await this.keeping.end(this.#provider.unsaved, true);
      this.#reload(t("This page could not be given a number of its own. Copy your text and reload."));
    } else {
      await this.keeping.dropPage();
      this.#reload(
        t("This page is older than the server, and shows the text as it was. Nothing can be written in it."),
      );
    }
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

  #end(sentence: string, isGone = false): void {
    this.#saveState.tell({ kind: "ended", sentence });
    this.#listener.ended(sentence, isGone);
  }

  get #reloadKey(): string {
    return `scriptorium/reloaded/${this.#config.documentId}`;
  }
}
