/** #save-state: what sync/status says, drawn; and the question before leaving while something is unsaved. */

import {
  type Action,
  begin,
  type Facts,
  holdsUnsaved,
  indicator,
  isTold,
  next,
  type StatusEvent,
} from "../sync/status";
import { locale, t } from "../words";
import { button, element } from "./element";

const ACTIONS: Readonly<Record<Exclude<Action, "">, string>> = {
  retry: t("Retry"),
  copy: t("Copy my text"),
  reload: t("Reload"),
};

export interface SaveStateParts {
  readonly root: HTMLElement | null;
  readonly page: HTMLElement;
  readonly level: number;
  readonly mayWrite: boolean;
  readonly act: (action: Exclude<Action, "">) => void;
}

export class SaveState {
  readonly #parts: SaveStateParts;
  readonly #text = element("span", { class: "save-text" });
  #facts: Facts;
  #shown = "";
  #told = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #savedAt: Date | null = null;
  #isReleased = false;
  #waiting: (() => void)[] = [];

  constructor(parts: SaveStateParts) {
    this.#parts = parts;
    this.#facts = begin(parts.level, parts.mayWrite, Date.now());
    parts.root?.replaceChildren(this.#text);
    this.#draw();
    addEventListener("beforeunload", (event) => {
      if (holdsUnsaved(this.#facts) && !this.#isReleased) event.preventDefault();
    });
  }

  get facts(): Facts {
    return this.#facts;
  }

  get text(): string {
    return this.#text.textContent || t("Saving…");
  }

  /** Once nothing is unsaved. */
  whenSaved(): Promise<void> {
    if (!holdsUnsaved(this.#facts)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The page leaves by itself, and what is unsaved is kept elsewhere. */
  release(): void {
    this.#isReleased = true;
  }

  #title(): string {
    const saved = this.#savedAt ? t("Last saved at {time}", { time: this.#savedAt.toLocaleTimeString(locale) }) : "";
    const { keepTrouble } = this.#facts;
    if (!keepTrouble) return saved;
    return [saved, t("Without a connection changes stay in this tab only."), keepTrouble].join("\n").trim();
  }

  tell(event: StatusEvent): void {
    this.#facts = next(this.#facts, event, Date.now());
    if (!holdsUnsaved(this.#facts)) for (const resolve of this.#waiting.splice(0)) resolve();
    this.#draw();
  }

  #draw(): void {
    const now = Date.now();
    const { state, text, action, until } = indicator(this.#facts, now);
    clearTimeout(this.#timer);
    if (Number.isFinite(until)) this.#timer = setTimeout(() => this.#draw(), Math.max(10, until - now));
    const shown = `${state} ${action} ${text}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { root, page, act } = this.#parts;
    page.dataset.state = state;
    if (!root) return;
    root.dataset.state = state;
    const isNews = isTold(state, this.#told);
    root.setAttribute("aria-live", isNews ? "polite" : "off");
    if (isNews) this.#told = state;
    if (state === "saved") this.#savedAt = new Date();
    root.title = this.#title();
    this.#text.textContent = text;
    root.replaceChildren(this.#text);
    if (action) root.append(button(ACTIONS[action], { class: "save-action" }, () => act(action)));
  }
}
