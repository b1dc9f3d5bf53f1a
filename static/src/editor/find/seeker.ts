/**
 * Searches in a worker, so that a pattern which would run for hours, such as `(a+)+b`, can be stopped. No pattern is judged
 * by its looks.
 */

import { heard, t } from "../../words";
import type { Match, Query } from "./query";

/** The worker's script, beside this one; build.mjs fills in its name. */
declare const SEARCH_JS: string;

/** Milliseconds. A plain search of 100,000 characters takes two. */
const PATIENCE = 2000;

export interface Task {
  readonly texts: readonly string[];
  readonly query: Query;
  readonly replacement: string;
}

export type Answer = { readonly matches: Match[] } | { readonly problem: string };

export class Seeker {
  #worker: Worker | null = null;
  #stop: (() => void) | null = null;

  /** Null when a later search has taken its place. */
  seek(task: Task): Promise<Answer | null> {
    this.#stop?.();
    this.#worker ??= new Worker(new URL(SEARCH_JS, import.meta.url), { type: "module" });
    const worker = this.#worker;
    return new Promise((resolve) => {
      const settle = (answer: Answer | null, isOver: boolean) => {
        clearTimeout(timer);
        this.#stop = null;
        if (isOver) this.close();
        resolve(answer);
      };
      const tooLong = { problem: t("This pattern takes too long. Make it simpler.") };
      const timer = setTimeout(() => settle(tooLong, true), PATIENCE);
      this.#stop = () => settle(null, true);
      // The worker has no catalogue.
      worker.onmessage = ({ data }: MessageEvent<Answer>) =>
        settle("problem" in data ? { problem: heard(data.problem) } : data, false);
      worker.onerror = () => settle({ problem: t("The search could not be started. Reload the page.") }, true);
      worker.postMessage(task);
    });
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
