/**
 * What one tab does with the copy of its document on this device: which copy is ours, when it is opened, and what becomes of
 * it in the end. Knows no connection; the session says what the server has said.
 */

import type * as Y from "yjs";
import type { PageConfig } from "../page_config";
import type { Hello } from "../sync/wire";
import { KeptCopy, REFUSED } from "./copy";
import { type CopyKey, nameOf, stemOf, takeDatabase } from "./database";
import { withKeptPages } from "./pages";
import { evict, type Kept, keptCopies, remove, updatesOf } from "./shelf";

/** Text of ours that the server does not have and will not take as it is: the copy's name, and what is in it. */
export interface LeftOver {
  readonly name: string;
  readonly updates: Uint8Array[];
}

export interface KeepingParts {
  readonly config: PageConfig;
  readonly doc: Y.Doc;
  readonly isTheirs: (origin: unknown) => boolean;
  readonly isAway: () => boolean;
  readonly bring: (updates: Uint8Array[], unsaved: number) => void;
  /** "" when changes are kept on this device, else why not. */
  readonly tell: (trouble: string) => void;
}

export class Keeping {
  readonly #parts: KeepingParts;
  readonly #database = takeDatabase();
  #key: CopyKey | null = null;
  #copy: KeptCopy | null = null;
  #opening: Promise<void> | null = null;

  constructor(parts: KeepingParts) {
    this.#parts = parts;
  }

  /** Opens what this person had of the document last; whether there was anything. There has been no server to ask. */
  async openLast(): Promise<boolean> {
    const { principal, documentId, schema, mayWrite } = this.#parts.config;
    const database = await this.#database;
    if (!database || !mayWrite || this.#key) return false;
    const [newest] = (await keptCopies(database, stemOf(principal, documentId))).filter(isOrdinary);
    if (!newest?.copy.isComplete || newest.copy.schema > schema || this.#key) return false;
    this.#key = newest.copy;
    await this.open();
    return true;
  }

  /** Whether this server goes on where our text comes from; else why not. The first server's word is taken. */
  async admit({ principal, epoch, mayWrite }: Hello): Promise<"" | "person" | "past"> {
    this.#key ??= { documentId: this.#parts.config.documentId, principal, epoch };
    if (this.#key.principal !== principal) return "person";
    if (this.#key.epoch !== epoch) {
      await this.#copy?.disown();
      return "past";
    }
    // Readers have nothing that could be lost, and leave nothing behind.
    if (mayWrite || this.#opening) await this.open();
    return "";
  }

  /** Keeps the text from now on. A connection that breaks meanwhile asks again: a copy is opened once. */
  async open(): Promise<void> {
    this.#opening ??= this.#open();
    await this.#opening;
  }

  async #open(): Promise<void> {
    const database = await this.#database;
    if (!database || !this.#key) {
      this.#parts.tell(REFUSED);
      return;
    }
    const { config, ...parts } = this.#parts;
    const row = { ...this.#key, title: config.title, schema: config.schema };
    this.#copy = await KeptCopy.open({ ...parts, database, row });
    await evict(database, config.principal);
  }

  /** The server's text is in the document. */
  async complete(): Promise<void> {
    await this.#copy?.complete();
  }

  async settle(): Promise<void> {
    await this.#copy?.settle();
  }

  /** Without a server, what other tabs of this person write comes here. */
  async meet(): Promise<void> {
    await this.#copy?.meet();
  }

  /** What this person has left of this document: of other pasts, or of a time when they could write in it. */
  async leftOver(): Promise<LeftOver[]> {
    const database = await this.#database;
    if (!database || !this.#key) return [];
    const own = nameOf(this.#key);
    const isLeft = ({ copy, unsaved }: Kept) => (copy.name === own ? !this.#copy && unsaved > 0 : true);
    const found = (await keptCopies(database, stemOf(this.#key.principal, this.#key.documentId))).filter(isLeft);
    return Promise.all(found.map(async ({ copy: { name } }) => ({ name, updates: await updatesOf(database, name) })));
  }

  async discard(name: string): Promise<void> {
    const database = await this.#database;
    if (database) await remove(database, ({ copy }) => copy.name === name);
  }

  /** Nothing more will be kept. `isLost`: what is unsaved will never be taken, and must not be sent again. */
  async end(unsaved: number, isLost: boolean): Promise<void> {
    const copy = this.#copy;
    this.#copy = null;
    copy?.close();
    if (unsaved > 0 && isLost) await copy?.setAside();
    if (unsaved === 0 && this.#key) await this.#removeSaved(nameOf(this.#key));
  }

  /** The document is no longer this person's to read: what was saved of it goes, and what they have taken away. */
  async clear(isTaken: boolean): Promise<void> {
    const { principal, documentId } = this.#parts.config;
    const own = this.#key && nameOf(this.#key);
    this.#copy?.close();
    this.#copy = null;
    if (isTaken && own) await this.discard(own);
    await this.#removeSaved(stemOf(principal, documentId));
    await this.dropPage();
  }

  /** Another tab may still have something unsaved there: that stays. */
  async #removeSaved(stem: string): Promise<void> {
    const database = await this.#database;
    if (database) await remove(database, ({ copy, unsaved }) => unsaved === 0 && copy.name.startsWith(stem));
  }

  /** The page is not opened without the server again, as it is too old or no longer to be read. */
  async dropPage(): Promise<void> {
    await withKeptPages((pages) => pages.drop(location.href.split(/[?#]/)[0] ?? ""));
  }
}

function isOrdinary({ copy }: Kept): boolean {
  return !copy.epoch.startsWith("aside-");
}
