/**
 * Pages that this device can open without a server, as the service worker has put them into the browser's cache: one cache
 * for each person, the page that was opened last at its end. Pages of the site may look into it too.
 */

/** Of all that is cached for the site. */
const SITE = "scriptorium-";
const PREFIX = `${SITE}pages/`;
/** When a page was kept, milliseconds since 1970; and with which build of the site's files. */
export const KEPT_AT = "Scriptorium-Kept-At";
export const BUILD = "Scriptorium-Build";
const DOCUMENT = /^\/d\/([0-9a-f-]{36})\/$/;

/** The document whose page this is, "" for none. */
export function documentOf(address: string): string {
  return DOCUMENT.exec(new URL(address).pathname)?.[1] ?? "";
}

export class KeptPages {
  readonly #caches: CacheStorage;

  constructor(caches: CacheStorage) {
    this.#caches = caches;
  }

  /** Keeps a page for this person, and nobody else's any longer; of documents no more than `most`. */
  async keep(person: string, address: string, page: Response, most: number): Promise<void> {
    await this.leave(person);
    const cache = await this.#caches.open(PREFIX + person);
    await cache.delete(address);
    await cache.put(address, page);
    const documents = (await cache.keys()).filter(({ url }) => documentOf(url));
    for (const old of documents.slice(0, Math.max(0, documents.length - most))) await cache.delete(old);
  }

  async find(address: string): Promise<Response | undefined> {
    for (const name of await this.#names()) {
      const found = await (await this.#caches.open(name)).match(address);
      if (found) return found;
    }
    return undefined;
  }

  async drop(address: string): Promise<void> {
    for (const name of await this.#names()) await (await this.#caches.open(name)).delete(address);
  }

  /** Deletes all but this person's; "" for everybody's. */
  async leave(person: string): Promise<void> {
    for (const name of await this.#names()) if (name !== PREFIX + person) await this.#caches.delete(name);
  }

  /** Deletes all that is cached for the site, files as well. */
  async clear(): Promise<void> {
    for (const name of await this.#caches.keys()) if (name.startsWith(SITE)) await this.#caches.delete(name);
  }

  async addresses(): Promise<string[]> {
    return (await this.#all()).map(([address]) => address);
  }

  /** The builds that kept pages are of. */
  async builds(): Promise<Set<string>> {
    return new Set((await this.#all()).map(([, page]) => page.headers.get(BUILD) ?? ""));
  }

  async #all(): Promise<[string, Response][]> {
    const found: [string, Response][] = [];
    for (const name of await this.#names()) {
      const cache = await this.#caches.open(name);
      for (const request of await cache.keys()) {
        const page = await cache.match(request);
        if (page) found.push([request.url, page]);
      }
    }
    return found;
  }

  async #names(): Promise<string[]> {
    return (await this.#caches.keys()).filter((name) => name.startsWith(PREFIX));
  }
}

/** Undefined where the browser has no such caches (without https) or lets nobody at them. */
export async function withKeptPages<T>(work: (pages: KeptPages) => Promise<T>): Promise<T | undefined> {
  try {
    return await work(new KeptPages(caches));
  } catch {
    return undefined;
  }
}
