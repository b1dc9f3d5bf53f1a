/** How somebody likes to see documents in this browser: in full width, the text alone, with counts, without others' cursors. */

const NAMES = ["wide", "focus", "counts", "alone"] as const;

export type Mode = (typeof NAMES)[number];

export class Modes {
  readonly #page: HTMLElement;
  readonly #principal: string;
  readonly #changed: (mode: Mode, isOn: boolean) => void;

  constructor(page: HTMLElement, principal: string, changed: (mode: Mode, isOn: boolean) => void) {
    this.#page = page;
    this.#principal = principal;
    this.#changed = changed;
    for (const mode of NAMES) if (this.#isKept(mode)) this.#show(mode, true);
  }

  toggle(mode: Mode): void {
    const isOn = !this.#page.classList.contains(`is-${mode}`);
    this.#show(mode, isOn);
    try {
      if (isOn) localStorage.setItem(this.#key(mode), "yes");
      else localStorage.removeItem(this.#key(mode));
    } catch {
      // The browser keeps nothing: it holds for this page, then.
    }
  }

  #show(mode: Mode, isOn: boolean): void {
    this.#page.classList.toggle(`is-${mode}`, isOn);
    this.#changed(mode, isOn);
  }

  #isKept(mode: Mode): boolean {
    try {
      return localStorage.getItem(this.#key(mode)) === "yes";
    } catch {
      return false;
    }
  }

  #key(mode: Mode): string {
    return `scriptorium/view/${this.#principal}/${mode}`;
  }
}
