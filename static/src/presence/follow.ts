/**
 * Somebody's caret is followed through the text: the page scrolls when it leaves the middle of the screen, and one's own
 * caret stays where it is. A frame in their colour says so until Esc, a key that writes, or they themselves end it.
 */

import type { Editor } from "@tiptap/core";
import { caretsOf } from "../editor/carets";
import { button, element, find } from "../ui/element";
import { toast } from "../ui/toast";
import { t } from "../words";
import { onOwnEdit } from "./activity";

/** Parts of the screen's height: where a caret is brought to, and between what it may move without that. */
const [AIM, HIGHEST, LOWEST] = [1 / 3, 0.15, 0.75];

export interface Followed {
  readonly principal: string;
  readonly name: string;
  /** The CSS class of their colour. */
  readonly colour: string;
}

export class Follow {
  readonly #editor: Editor;
  readonly #page: HTMLElement;
  readonly #changed: () => void;
  #whom: Followed | null = null;
  #frame: HTMLElement | null = null;

  /** `changed`: it has begun or ended. */
  constructor(page: HTMLElement, editor: Editor, changed: () => void) {
    this.#page = page;
    this.#editor = editor;
    this.#changed = changed;
    caretsOf(editor.view)?.onMoved((principal) => principal === this.#whom?.principal && this.#keepInView());
    // On its way down: the editor takes every Esc for its own. One that closes something does nothing else.
    const isMeant = ({ key }: KeyboardEvent) => key === "Escape" && !find("dialog[open], details.menu[open]");
    document.addEventListener("keydown", (event) => isMeant(event) && this.stop(), { capture: true });
    onOwnEdit(editor, () => this.stop());
  }

  get whom(): string | null {
    return this.#whom?.principal ?? null;
  }

  /** Scrolls to their caret once. False when they have none. */
  goTo(principal: string): boolean {
    const caret = caretsOf(this.#editor.view)?.of(principal);
    if (!caret) return false;
    scrollTo({ top: topOf(caret.dom) + scrollY - innerHeight * AIM, behavior: isCalm() ? "auto" : "smooth" });
    caret.point(Date.now());
    return true;
  }

  start(whom: Followed): void {
    this.stop();
    this.#whom = whom;
    const label = button(t("Following {name} · Esc", { name: whom.name }), { class: "follow-label" }, () =>
      this.stop(),
    );
    this.#frame = element("div", { class: `follow-frame ${whom.colour}`, role: "status" }, label);
    this.#page.append(this.#frame);
    this.goTo(whom.principal);
    this.#changed();
  }

  stop(): void {
    if (!this.#whom) return;
    this.#frame?.remove();
    this.#frame = null;
    this.#whom = null;
    this.#changed();
  }

  /** Who is followed ends it by going away. */
  left(): void {
    if (this.#whom) toast(t("{name} has left.", { name: this.#whom.name }));
    this.stop();
  }

  #keepInView(): void {
    const caret = this.#whom && caretsOf(this.#editor.view)?.of(this.#whom.principal);
    if (!caret) return;
    const part = topOf(caret.dom) / innerHeight;
    if (part < HIGHEST || part > LOWEST) this.goTo(caret.principal);
  }
}

/** Also of a caret that is not shown: it has no box of its own then. */
function topOf(caret: HTMLElement): number {
  const box = caret.getClientRects().length > 0 ? caret : (caret.parentElement ?? caret);
  return box.getBoundingClientRect().top;
}

function isCalm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
