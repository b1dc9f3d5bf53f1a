/**
 * The others' carets and selections in the text, from awareness, and our own for them. A state's `cursor` is that of
 * y-prosemirror ({anchor, head}: relative positions), its `user` is the server's word. Styles are set by script (CSSOM),
 * as the content security policy asks.
 */

import type { EditorState } from "@tiptap/pm/state";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import type { Awareness } from "y-protocols/awareness";
import { placeOf, positionOf } from "./positions";
import { readSelection } from "./selection";

const ACTIVE = 3_000;
const IDLE = 60_000;
const GONE = 300_000;

export const caretsKey = new PluginKey<DecorationSet>("carets");

interface Caret {
  readonly dom: HTMLElement;
  readonly label: HTMLElement;
  principal: string;
  colour: string;
  cursor: string;
  movedAt: number;
}

/** The awareness of one editor, drawn. */
class Carets {
  readonly #known = new Map<number, Caret>();

  constructor(readonly awareness: Awareness) {}

  get size(): number {
    return this.#known.size;
  }

  draw(state: EditorState): DecorationSet {
    const decorations: Decoration[] = [];
    for (const [client, { cursor, user }] of this.awareness.getStates()) {
      if (client === this.awareness.clientID || !cursor) continue;
      const anchor = positionOf(state, cursor.anchor);
      const head = positionOf(state, cursor.head);
      if (anchor === null || head === null) continue;
      const caret = this.#caret(client, cursor, user ?? {});
      if (Date.now() - caret.movedAt < GONE) decorations.push(...drawn(client, caret, anchor, head));
    }
    return DecorationSet.create(state.doc, decorations);
  }

  forget(clients: number[]): void {
    for (const client of clients) this.#known.delete(client);
  }

  /** Labels come and go with time alone. */
  age(view: EditorView): void {
    const top = view.dom.getBoundingClientRect().top;
    for (const { dom, movedAt } of this.#known.values()) {
      const age = Date.now() - movedAt;
      dom.classList.toggle("is-active", age < ACTIVE);
      dom.classList.toggle("is-idle", age >= IDLE);
      if (age < ACTIVE) dom.classList.toggle("is-below", dom.getBoundingClientRect().top - top < 20);
    }
  }

  /** The caret of this person that moved last. */
  of(principal: string): HTMLElement | null {
    const theirs = [...this.#known.values()].filter((caret) => caret.principal === principal && caret.dom.isConnected);
    return theirs.sort((a, b) => b.movedAt - a.movedAt)[0]?.dom ?? null;
  }

  #caret(client: number, cursor: object, user: { name?: unknown; color?: unknown; principal?: unknown }): Caret {
    let caret = this.#known.get(client);
    if (!caret) {
      caret = { ...build(), principal: "", colour: "", cursor: "", movedAt: 0 };
      this.#known.set(client, caret);
    }
    const now = JSON.stringify(cursor);
    if (caret.cursor !== now) Object.assign(caret, { cursor: now, movedAt: Date.now() });
    caret.principal = String(user.principal ?? "");
    caret.dom.dataset.principal = caret.principal;
    caret.label.textContent = String(user.name ?? "");
    caret.colour = /^#[0-9a-f]{6}$/i.test(String(user.color)) ? String(user.color) : "#555555";
    caret.dom.style.setProperty("--caret", caret.colour);
    caret.dom.style.setProperty("--caret-ink", isLight(caret.colour) ? "#000000" : "#ffffff");
    return caret;
  }
}

function build(): { dom: HTMLElement; label: HTMLElement } {
  const dom = document.createElement("span");
  const label = document.createElement("span");
  dom.className = "caret";
  label.className = "caret-label";
  // Screen readers are told who is here by the presence list, not in the middle of the text.
  dom.setAttribute("aria-hidden", "true");
  dom.append(label);
  return { dom, label };
}

function drawn(client: number, caret: Caret, anchor: number, head: number): Decoration[] {
  const widget = Decoration.widget(head, caret.dom, { key: String(client), side: 10, ignoreSelection: true });
  if (anchor === head) return [widget];
  const attrs = { class: "caret-selection", style: `background-color: ${caret.colour}33` };
  const selection = Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), attrs, { inclusiveEnd: true });
  return [selection, widget];
}

function isLight(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150;
}

/** Scrolls to the caret of a person, a third from the top, without moving our own. False when they have none. */
export function scrollToCaret(view: EditorView, principal: string): boolean {
  const caret = carets.get(view)?.of(principal);
  if (!caret) return false;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const top = caret.getBoundingClientRect().top + scrollY - innerHeight / 3;
  scrollTo({ top, behavior: isCalm ? "auto" : "smooth" });
  caret.classList.add("is-active");
  return true;
}

const carets = new WeakMap<EditorView, Carets>();

export function caretsPlugin(awareness: Awareness): Plugin<DecorationSet> {
  const drawing = new Carets(awareness);
  return new Plugin<DecorationSet>({
    key: caretsKey,
    state: {
      init: () => DecorationSet.empty,
      apply(transaction, old, _, state) {
        // A change from the shared document replaces everything: nothing can be mapped through it.
        const isNew = transaction.getMeta(caretsKey) || transaction.getMeta(ySyncPluginKey);
        return isNew ? drawing.draw(state) : old.map(transaction.mapping, transaction.doc);
      },
    },
    props: { decorations: (state) => caretsKey.getState(state) },
    view: (view) => follow(view, awareness, drawing),
  });
}

/** Keeps the drawing up to date with awareness, and awareness with our own selection. */
function follow(view: EditorView, awareness: Awareness, drawing: Carets) {
  let frame = 0;
  carets.set(view, drawing);
  const redraw = () => {
    frame = 0;
    if (view.isDestroyed) return;
    readSelection(view);
    view.dispatch(view.state.tr.setMeta(caretsKey, true).setMeta("addToHistory", false));
    drawing.age(view);
  };
  const changed = ({ removed }: { removed: number[] }, origin: unknown) => {
    drawing.forget(removed);
    if (origin !== "local" && !frame) frame = requestAnimationFrame(redraw);
  };
  const timer = setInterval(() => drawing.size > 0 && drawing.age(view), 1000);
  awareness.on("change", changed);
  return {
    update: () => announce(view, awareness),
    destroy: () => {
      clearInterval(timer);
      cancelAnimationFrame(frame);
      awareness.off("change", changed);
    },
  };
}

/** Whether the browser's selection is in the text. What may not be edited has no focus, but can be selected. */
export function holdsSelection(view: EditorView): boolean {
  return view.editable ? view.hasFocus() : view.dom.contains(getSelection()?.anchorNode ?? null);
}

function announce(view: EditorView, awareness: Awareness): void {
  const mine = awareness.getLocalState();
  if (!mine || !holdsSelection(view)) return;
  const { anchor, head } = view.state.selection;
  const [from, to] = [placeOf(view.state, anchor), placeOf(view.state, head)];
  if (!from || !to) return;
  const cursor = { anchor: from, head: to };
  if (JSON.stringify(cursor) !== JSON.stringify(mine.cursor)) awareness.setLocalStateField("cursor", cursor);
}
