/** A browser's CacheStorage for tests: what the service worker uses of it, in the order in which things were put. */

class MemoryCache {
  readonly #kept = new Map<string, Response>();

  async match(asked: RequestInfo | URL): Promise<Response | undefined> {
    return this.#kept.get(addressOf(asked))?.clone();
  }

  async put(asked: RequestInfo | URL, answer: Response): Promise<void> {
    this.#kept.set(addressOf(asked), answer);
  }

  async delete(asked: RequestInfo | URL): Promise<boolean> {
    return this.#kept.delete(addressOf(asked));
  }

  async keys(): Promise<Request[]> {
    return [...this.#kept.keys()].map((url) => new Request(url));
  }
}

export class MemoryCaches {
  readonly #named = new Map<string, MemoryCache>();

  async open(name: string): Promise<MemoryCache> {
    const cache = this.#named.get(name) ?? new MemoryCache();
    this.#named.set(name, cache);
    return cache;
  }

  async match(asked: RequestInfo | URL): Promise<Response | undefined> {
    for (const cache of this.#named.values()) {
      const found = await cache.match(asked);
      if (found) return found;
    }
    return undefined;
  }

  async delete(name: string): Promise<boolean> {
    return this.#named.delete(name);
  }

  async keys(): Promise<string[]> {
    return [...this.#named.keys()];
  }

  /** As what a browser has. */
  get asCaches(): CacheStorage {
    return this as unknown as CacheStorage;
  }
}

function addressOf(asked: RequestInfo | URL): string {
  return new URL(asked instanceof Request ? asked.url : asked, "http://site.test/").href;
}
