/**
 * What mentioned documents are called, as the site tells this reader: the text has their ids only. Asked for together, soon
 * after a mention is first shown, and again while the page is looked at, so that a new title follows.
 */

import { t } from "../../words";

/** What a document is called for whoever may not be told its title; as the server has it. */
export const UNTITLED = t("A document");

/** Milliseconds. */
const SOON = 50;
const AGAIN = 60_000;
/** Ids in one question; the server answers no more. */
const MOST = 100;

type Listener = () => void;
type Ask = (ids: readonly string[]) => Promise<Record<string, string>>;

export class Titles {
  readonly #ask: Ask;
  readonly #titles = new Map<string, string>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #wanted = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** The title if it is known. */
  of(id: string): string {
    return this.#titles.get(id) ?? UNTITLED;
  }

  /** Remembers a title that the site has told by another way. */
  learn(id: string, title: string): void {
    if (this.#titles.get(id) === title) return;
    this.#titles.set(id, title);
    for (const listener of this.#listeners.get(id) ?? []) listener();
  }

  /** Calls `listener` when the title changes. The answer ends that. */
  watch(id: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    this.#wanted.add(id);
    this.#timer ??= setTimeout(() => this.#refresh(), SOON);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /** Asks again for all that are shown. */
  async refresh(): Promise<void> {
    for (const id of this.#listeners.keys()) this.#wanted.add(id);
    await this.#refresh();
  }

  async #refresh(): Promise<void> {
    this.#timer = null;
    const ids = [...this.#wanted];
    this.#wanted.clear();
    for (let from = 0; from < ids.length; from += MOST) await this.#learnAll(ids.slice(from, from + MOST));
  }

  async #learnAll(ids: readonly string[]): Promise<void> {
    const told = await this.#ask(ids).catch(() => null); // without a connection the titles stay as they were
    if (told) for (const id of ids) this.learn(id, told[id] ?? UNTITLED);
  }
}

async function askSite(ids: readonly string[]): Promise<Record<string, string>> {
  const answer = await fetch(`/documents/titles/?of=${ids.join()}`);
  if (!answer.ok) throw new Error(`The site answers ${answer.status}.`);
  return answer.json();
}

/** Those of this page. */
export const titles = new Titles(askSite);

/** Takes the titles that the server has written into the page, before the editor takes their place. */
export function learnTitles(page: HTMLElement): void {
  for (const { dataset, textContent } of page.querySelectorAll<HTMLElement>("a.mention[data-document]"))
    titles.learn(dataset.document ?? "", textContent ?? "");
}

/** While somebody looks. */
export function keepTitles(): void {
  const refresh = () => void (document.visibilityState === "visible" && titles.refresh());
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, AGAIN);
}
