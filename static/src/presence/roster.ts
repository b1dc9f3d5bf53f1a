/**
 * What everybody does, by person and not by tab: of several tabs of one person the busiest counts. It is told of the people
 * for whom that has changed, and what a message costs depends on the people in it.
 */

import type { Awareness } from "y-protocols/awareness";

const DOINGS = ["editing", "viewing", "idle"] as const;

export type Doing = (typeof DOINGS)[number];

interface Told {
  readonly doing?: unknown;
  readonly user?: { readonly principal?: unknown };
}

interface Tab {
  readonly principal: string;
  readonly doing: Doing;
}

export class Roster {
  readonly #awareness: Awareness;
  readonly #self: string;
  readonly #tabs = new Map<number, Tab>();
  readonly #tabsOf = new Map<string, Set<number>>();

  /** `self`: our own principal, which the server tells others alone. */
  constructor(awareness: Awareness, self: string, changed: (principals: ReadonlySet<string>) => void) {
    this.#awareness = awareness;
    this.#self = self;
    this.#take([...awareness.getStates().keys()]);
    awareness.on("change", ({ added, updated, removed }: Record<"added" | "updated" | "removed", number[]>) => {
      const principals = this.#take([...added, ...updated, ...removed]);
      if (principals.size > 0) changed(principals);
    });
  }

  /** A client that tells nothing of it, such as a program, is there to read. */
  doing(principal: string): Doing {
    const doings = new Set([...(this.#tabsOf.get(principal) ?? [])].map((client) => this.#tabs.get(client)?.doing));
    return DOINGS.find((doing) => doings.has(doing)) ?? "viewing";
  }

  #take(clients: number[]): Set<string> {
    const changed = new Set<string>();
    for (const client of clients) {
      const before = this.#tabs.get(client);
      const now = this.#read(client);
      if (before?.principal === now?.principal && before?.doing === now?.doing) continue;
      if (before) this.#tabsOf.get(before.principal)?.delete(client);
      this.#tabs.delete(client);
      if (now) this.#put(client, now);
      for (const tab of [before, now]) if (tab) changed.add(tab.principal);
    }
    return changed;
  }

  #put(client: number, tab: Tab): void {
    this.#tabs.set(client, tab);
    const tabs = this.#tabsOf.get(tab.principal) ?? new Set();
    this.#tabsOf.set(tab.principal, tabs.add(client));
  }

  #read(client: number): Tab | null {
    const state = this.#awareness.getStates().get(client) as Told | undefined;
    if (!state) return null;
    const principal = client === this.#awareness.clientID ? this.#self : String(state.user?.principal ?? "");
    return { principal, doing: DOINGS.find((doing) => doing === state.doing) ?? "viewing" };
  }
}
