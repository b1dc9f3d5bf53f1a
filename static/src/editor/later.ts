/** What is told from the whole text is told a while after a change, once for however many changes there were. */

/** Milliseconds. */
const PAUSE = 400;

export class Later {
  readonly #run: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: () => void) {
    this.#run = run;
  }

  ask(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, PAUSE);
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
