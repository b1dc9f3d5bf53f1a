/**
 * The threads in the margin and their text: which is active, which are one's own, where the cards stand. The cards are the
 * server's (#comments is a fragment that is swapped whole), so everything is found anew after each swap.
 */

import type { Editor } from "@tiptap/core";
import { threadsAt } from "../editor/comment_mark";
import { onEveryFrame } from "../editor/toolbar";
import { setOpen } from "../ui/drawer";
import type { CommentForm } from "./form";
import type { CommentHighlight } from "./highlight";
import { isWide, Margin } from "./margin";

export interface CardsParts {
  readonly panel: HTMLElement;
  readonly editor: Editor;
  readonly highlight: CommentHighlight;
  readonly principal: string;
}

export class Cards {
  readonly #parts: CardsParts;
  readonly #margin: Margin;
  #form: CommentForm | null = null;
  #active: string | null = null;
  #hovered: string | null = null;
  #frame = 0;
  #isBare = false;

  constructor(parts: CardsParts) {
    this.#parts = parts;
    this.#margin = new Margin(parts.panel);
    const { panel, editor } = parts;
    const text = editor.view.dom;
    document.addEventListener("htmx:wsAfterMessage", () => this.refresh());
    addEventListener("resize", () => this.align());
    addEventListener("hashchange", () => this.#followLink());
    new ResizeObserver(() => this.align()).observe(text);
    panel.addEventListener("input", () => this.align());
    panel.addEventListener("toggle", () => this.align(), true);
    panel.addEventListener("click", (event) => this.#pressed(event));
    panel.addEventListener("focusin", ({ target }) => this.#activate(threadOf(target)));
    panel.addEventListener("pointerover", ({ target }) => this.#hover(threadOf(target)));
    text.addEventListener("pointerover", ({ target }) => this.#hover(commentOf(target)));
    for (const side of [panel, text]) side.addEventListener("pointerleave", () => this.#hover(null));
    text.addEventListener("click", ({ target }) => this.#cycle(target));
    onEveryFrame(editor, () => this.#selected());
    this.refresh();
    this.#followLink();
  }

  set form(form: CommentForm) {
    this.#form = form;
  }

  /** After the fragment has been swapped. */
  refresh(): void {
    for (const item of this.#parts.panel.querySelectorAll<HTMLElement>("[data-author]")) {
      item.classList.toggle("is-own", item.dataset.author === this.#parts.principal);
    }
    const open = this.#open().length;
    const button = document.getElementById("comments-button");
    if (open) button?.setAttribute("data-count", String(open));
    else button?.removeAttribute("data-count");
    this.#isBare = false;
    this.#show();
  }

  /** Puts the cards beside their text, where there is a margin to put them in. */
  align(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#place();
    });
  }

  #open(): HTMLElement[] {
    return [...this.#parts.panel.querySelectorAll<HTMLElement>("#comments > .thread")];
  }

  #place(): void {
    const form = this.#parts.panel.querySelector<HTMLElement>("#comment-form");
    const passage = this.#form?.passageTop ?? null;
    // With every key of anybody: where there is nothing to put anywhere, nothing is measured.
    const isBare = passage === null && !this.#parts.panel.querySelector(".thread[data-thread]");
    if (isBare && this.#isBare) return;
    this.#isBare = isBare;
    this.#markLost();
    const cards = this.#open().map((card) => ({ card, text: this.#textOf(card.dataset.thread ?? "") }));
    this.#margin.place({
      cards: cards.map(({ card, text }) => ({ card, top: text?.getBoundingClientRect().top ?? null })),
      form: form && passage !== null ? { card: form, top: passage } : null,
      active: this.#active,
    });
  }

  /** Says of each thread whether its text is still there: the page knows it at once, the fragment when it is drawn next. */
  #markLost(): void {
    if (!this.#parts.editor.view.dom.closest(".is-live")) return;
    for (const card of this.#parts.panel.querySelectorAll<HTMLElement>(".thread[data-thread]")) {
      const isLost = this.#textOf(card.dataset.thread ?? "") === null;
      card.dataset.lost = String(isLost);
      card.classList.toggle("is-lost", isLost);
    }
  }

  #textOf(thread: string): HTMLElement | null {
    return this.#parts.editor.view.dom.querySelector(`.comment[data-thread="${CSS.escape(thread)}"]`);
  }

  #activate(thread: string | null): void {
    if (thread === this.#active) return;
    this.#active = thread;
    this.#show();
  }

  #hover(thread: string | null): void {
    if (thread === this.#hovered) return;
    this.#hovered = thread;
    this.#show();
  }

  #show(): void {
    const { panel, highlight } = this.#parts;
    const shown = this.#hovered ?? this.#active;
    for (const card of panel.querySelectorAll<HTMLElement>(".thread[data-thread]")) {
      card.classList.toggle("is-active", card.dataset.thread === shown);
    }
    const resolved = [...panel.querySelectorAll<HTMLElement>("#comments details .thread[data-thread]")];
    highlight.show(
      shown,
      resolved.map((card) => card.dataset.thread ?? "").filter((thread) => thread !== shown),
    );
    this.align();
  }

  /** The thread whose text holds the caret is active. */
  #selected(): void {
    const { editor, panel } = this.#parts;
    const { selection, doc } = editor.state;
    if (editor.view.hasFocus()) {
      const threads = threadsAt(doc, selection.head).filter((thread) => isOpen(panel, thread));
      if (!threads.includes(this.#active ?? "")) this.#activate(threads.at(-1) ?? null);
    }
    this.align();
  }

  #pressed({ target }: MouseEvent): void {
    const thread = threadOf(target);
    const isControl = (target as Element).closest("button, a, textarea, input, summary, form");
    if (!thread || isControl) return;
    this.#activate(thread);
    this.#textOf(thread)?.scrollIntoView({ block: "center", behavior: calm() });
  }

  /** A click on text with several threads goes from one to the next. */
  #cycle(target: EventTarget | null): void {
    const { panel } = this.#parts;
    const threads = commentsAround(target).filter((thread) => isOpen(panel, thread));
    if (threads.length === 0) return;
    const at = threads.indexOf(this.#active ?? "");
    this.#activate(threads[(at + 1) % threads.length] ?? null);
    // Where the cards are a sheet over the text, it does not come up under the fingers of somebody who types.
    if (!isWide() && !this.#parts.editor.isEditable) setOpen(panel, true);
    cardOf(panel, this.#active)?.scrollIntoView({ block: "nearest", behavior: calm() });
  }

  /** #comment-<id> or #thread-<id> in the address leads to that card and its text. */
  #followLink(): void {
    const wanted = /^#(comment|thread)-[\w-]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    const thread = wanted ? threadOf(wanted) : null;
    if (!wanted || !thread) return;
    wanted.closest("details.resolved")?.setAttribute("open", "");
    if (!isWide()) setOpen(this.#parts.panel, true);
    this.#activate(thread);
    (this.#textOf(thread) ?? wanted).scrollIntoView({ block: "center" });
  }
}

function threadOf(target: EventTarget | null): string | null {
  return (target as Element | null)?.closest<HTMLElement>(".thread[data-thread]")?.dataset.thread ?? null;
}

function commentOf(target: EventTarget | null): string | null {
  return commentsAround(target)[0] ?? null;
}

/** The threads of the text at an element, the innermost first. */
function commentsAround(target: EventTarget | null): string[] {
  const threads: string[] = [];
  for (let at = (target as Element | null)?.closest<HTMLElement>(".comment"); at; ) {
    threads.push(at.dataset.thread ?? "");
    at = at.parentElement?.closest<HTMLElement>(".comment");
  }
  return threads;
}

function cardOf(panel: HTMLElement, thread: string | null): HTMLElement | null {
  return thread ? panel.querySelector(`.thread[data-thread="${CSS.escape(thread)}"]`) : null;
}

function isOpen(panel: HTMLElement, thread: string): boolean {
  return cardOf(panel, thread)?.parentElement?.id === "comments";
}

function calm(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
