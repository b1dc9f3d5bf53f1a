/**
 * The service worker's answers. A page is the server's, unless it does not come soon: then it is what was kept of it. The
 * server alone says what may be kept, and for whom (the header Scriptorium-Keep), page by page.
 */

import { openDatabase } from "../kept/database";
import { BUILD, documentOf, KEPT_AT, type KeptPages } from "../kept/pages";
import { keptCopies, MOST } from "../kept/shelf";

export const KEEP = "Scriptorium-Keep";
const STATIC = "scriptorium-static/";
/** So long (milliseconds) the server may take, if there is something else to show. */
const PATIENCE = 4000;

export interface Build {
  /** Of all files below, and of the worker. */
  readonly version: string;
  /** The addresses of what pages are made of. */
  readonly files: readonly string[];
  /** The page that says that there is nothing kept. */
  readonly offline: string;
}

export type Lasting = (work: Promise<unknown>) => void;

export interface AnswersParts {
  readonly caches: CacheStorage;
  readonly pages: KeptPages;
  readonly build: Build;
  readonly fetch: (request: Request | string, options?: RequestInit) => Promise<Response>;
}

export class Answers {
  readonly #parts: AnswersParts;

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  /** Everything that a page needs, so that it opens without the server. */
  async install(): Promise<void> {
    const { caches, build, fetch } = this.#parts;
    const cache = await caches.open(STATIC + build.version);
    const add = async (address: string, options: RequestInit) => {
      const had = address === build.offline ? undefined : await caches.match(address);
      const found = had ?? (await fetch(address, options));
      if (!found.ok) throw new Error(`${address}: ${found.status}`);
      await cache.put(address, found);
    };
    await add(build.offline, { credentials: "omit", cache: "no-store" });
    for (const address of build.files) await add(address, {});
  }

  /** Lets go the files of earlier builds, but for those that kept pages are made of. */
  async tidy(): Promise<void> {
    const { caches, pages, build } = this.#parts;
    const needed = new Set([build.version, ...(await pages.builds())].map((version) => STATIC + version));
    for (const name of await caches.keys()) if (name.startsWith(STATIC) && !needed.has(name)) await caches.delete(name);
  }

  /** `early`: the server's answer, if the browser has asked before us. What `lasting` is given ends after the answer. */
  async page(request: Request, lasting: Lasting, early?: Promise<Response | undefined>): Promise<Response> {
    const address = addressOf(request.url);
    const kept = await this.#parts.pages.find(address);
    const asked = this.#ask(request, early);
    lasting(asked.then((answer) => this.#keep(address, answer?.clone())));
    const answer = await (kept ? Promise.race([asked, late()]) : asked);
    if (!answer || isDown(answer)) return kept ? marked(kept) : (answer ?? (await this.#nothing()));
    const isRefused = answer.status === 403 || answer.status === 404;
    if (!isRefused) return answer;
    // What was typed there can still be taken away: the page itself will say that it is over.
    if (kept && (await hasUnsaved(address))) return marked(kept);
    await this.#parts.pages.drop(address);
    return answer;
  }

  /** Keeps the page that somebody looks at while there was no worker yet. */
  async fetchPage(address: string): Promise<void> {
    await this.#keep(addressOf(address), await this.#ask(new Request(address, { headers: { Accept: "text/html" } })));
  }

  async static(request: Request): Promise<Response> {
    const { caches, build, fetch } = this.#parts;
    const kept = await caches.match(request.url);
    if (kept) return kept;
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(STATIC + build.version)).put(request.url, answer.clone());
    return answer;
  }

  /** The server's, which looks whether it may be read; without it, what the browser itself has of it. */
  async file(request: Request): Promise<Response> {
    const { fetch } = this.#parts;
    return fetch(request).catch(() => fetch(request.url, { cache: "force-cache" }));
  }

  /** The server's answer; undefined when there is none. */
  async #ask(request: Request, early?: Promise<Response | undefined>): Promise<Response | undefined> {
    try {
      return (await early) ?? (await this.#parts.fetch(request));
    } catch {
      return undefined;
    }
  }

  async #keep(address: string, answer: Response | undefined): Promise<void> {
    const { pages, build } = this.#parts;
    const person = answer?.headers.get(KEEP);
    if (!answer?.ok || !person) return;
    const headers = new Headers(answer.headers);
    headers.delete("Content-Encoding"); // the body is no longer encoded
    headers.delete("Content-Length");
    headers.set(KEPT_AT, String(Date.now()));
    headers.set(BUILD, build.version);
    // A device that is full shows the page all the same.
    await pages.keep(person, address, new Response(answer.body, { headers }), MOST).catch(() => {});
  }

  async #nothing(): Promise<Response> {
    const { caches, build } = this.#parts;
    const page = await caches.match(build.offline);
    return page ? new Response(page.body, { status: 503, headers: page.headers }) : Response.error();
  }
}

function addressOf(url: string): string {
  return url.split("#")[0] ?? url;
}

/** What a proxy says while the server behind it is away. */
function isDown({ status }: Response): boolean {
  return status >= 502 && status <= 504;
}

function late(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), PATIENCE));
}

/** The page as it was kept, with the time in it: the page says so. */
async function marked(page: Response): Promise<Response> {
  const text = await page.text();
  const at = page.headers.get(KEPT_AT) ?? "";
  return new Response(text.replace("<html ", `<html data-kept="${at}" `), { headers: page.headers });
}

async function hasUnsaved(address: string): Promise<boolean> {
  const database = await openDatabase();
  if (!database) return false;
  const found = await keptCopies(database);
  database.close();
  return found.some(({ copy, unsaved }) => copy.documentId === documentOf(address) && unsaved > 0);
}
