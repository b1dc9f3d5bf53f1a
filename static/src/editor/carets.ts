/**
 * The others' carets and selections in the text, from awareness, and our own for them. A state's `cursor` is that of
 * y-prosemirror ({anchor, head}: relative positions), its `user` is the server's word. What one person's move costs depends
 * on them alone: it is drawn beside the transactions, so that nothing else in the page looks at a text that is as it was.
 */

import type { Node } from "@tiptap/pm/model";
import { type EditorState, Plugin, PluginKey, type Transaction } from "@tiptap/pm/state";
import { type Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";
import type { Awareness } from "y-protocols/awareness";
import { Caret, type Room, type Told } from "./caret";
import { placeOf } from "./positions";
import { readSelection } from "./selection";

const key = new PluginKey<DecorationSet>("carets");
const drawings = new WeakMap<EditorView, Carets>();

/** Called after somebody's caret has been drawn at another place. */
export type Moved = (principal: string) => void;

/** The awareness of one editor, drawn. */
export class Carets {
  readonly #awareness: Awareness;
  readonly #known = new Map<number, Caret>();
  readonly #changed = new Set<number>();
  readonly #doubtful = new Set<number>();
  readonly #listeners = new Set<Moved>();
  /** What has been drawn since the last transaction, and in which text. */
  #late: { readonly doc: Node; readonly set: DecorationSet } | null = null;
  #frame = 0;

  constructor(awareness: Awareness) {
    this.#awareness = awareness;
  }

  in(state: EditorState): DecorationSet {
    return this.#late?.doc === state.doc ? this.#late.set : (key.getState(state) ?? DecorationSet.empty);
  }

  /**
   * What has been drawn, in the text as a transaction has made it. A caret where others have written goes along with what
   * they wrote, as if it were the writer's own: mostly it is, and they tell in a moment. With the next beat it is looked for
   * again, for it may be a bystander's.
   */
  after({ mapping, doc, docChanged }: Transaction, before: EditorState): DecorationSet {
    const drawn = this.in(before);
    if (!docChanged || drawn === DecorationSet.empty) return drawn;
    for (const [at, map] of mapping.maps.entries()) {
      const back = mapping.slice(0, at).invert();
      map.forEach((from, to) => {
        for (const { spec } of drawn.find(back.map(from), back.map(to))) this.#doubtful.add(spec.client);
      });
    }
    return drawn.map(mapping, doc);
  }

  /** The caret of this person that moved last and is in the text. */
  of(principal: string): Caret | null {
    let found: Caret | null = null;
    for (const caret of this.#known.values()) {
      if (caret.principal !== principal || !caret.dom.isConnected) continue;
      if (!found || caret.movedAt > found.movedAt) found = caret;
    }
    return found;
  }

  onMoved(listener: Moved): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows awareness until what it answers is called. */
  attend(view: EditorView): () => void {
    const take = (clients: Iterable<number>) => {
      for (const client of clients) if (client !== this.#awareness.clientID) this.#changed.add(client);
      if (this.#changed.size > 0) this.#frame ||= requestAnimationFrame(() => this.#draw(view));
    };
    const changed = ({ added, updated, removed }: Record<"added" | "updated" | "removed", number[]>) =>
      take([...added, ...updated, ...removed]);
    const timer = setInterval(() => {
      take([...this.#age(Date.now()), ...this.#doubtful]);
      this.#doubtful.clear();
    }, 1000);
    this.#awareness.on("change", changed);
    take(this.#awareness.getStates().keys());
    return () => {
      clearInterval(timer);
      cancelAnimationFrame(this.#frame);
      this.#awareness.off("change", changed);
    };
  }

  #draw(view: EditorView): void {
    this.#frame = 0;
    if (view.isDestroyed) return;
    readSelection(view);
    const { state } = view;
    const clients = new Set(this.#changed);
    this.#changed.clear();
    const moved = [...clients].filter((client) => this.#hear(client));
    const changes = [...clients].map((client) => this.#change(client, state)).filter((change) => change !== null);
    if (changes.length > 0) {
      const set = this.in(state).remove(changes.flatMap(({ gone }) => gone));
      const come = changes.flatMap(({ come }) => come);
      this.#late = { doc: state.doc, set: set.add(state.doc, come) };
      view.updateState(state);
    }
    this.#turnLabels(view, moved);
    for (const client of moved) for (const tell of this.#listeners) tell(this.#known.get(client)?.principal ?? "");
  }

  /** Null where everything stands as it should. */
  #change(client: number, state: EditorState): { gone: Decoration[]; come: Decoration[] } | null {
    const gone = this.in(state).find(undefined, undefined, (spec) => spec.client === client);
    const caret = this.#known.get(client);
    const come = caret?.drawn(state) ?? [];
    // What it stands behind may still be on its way: a caret, unlike what is written, does not wait for the disk.
    if (come.length === 0 && caret?.isSomewhere) this.#doubtful.add(client);
    return gone.length === come.length && come.every((each, at) => isSame(each, gone[at])) ? null : { gone, come };
  }

  /** Whether the client's caret has moved. */
  #hear(client: number): boolean {
    const told = this.#awareness.getStates().get(client) as Told | undefined;
    if (!told) {
      this.#known.delete(client);
      return false;
    }
    const caret = this.#known.get(client) ?? new Caret(client);
    this.#known.set(client, caret);
    const now = Date.now();
    const hasMoved = caret.hear(told, now);
    caret.grow(now);
    return hasMoved;
  }

  /** The clients whose carets are to be taken away. */
  #age(now: number): number[] {
    return [...this.#known].filter(([, caret]) => caret.grow(now) === "gone").map(([client]) => client);
  }

  /** To where there is room: all are measured, then all are turned. */
  #turnLabels(view: EditorView, clients: number[]): void {
    const carets = clients.map((client) => this.#known.get(client)).filter((caret) => caret?.dom.isConnected);
    if (carets.length === 0) return;
    const top = view.dom.getBoundingClientRect().top;
    const rooms = carets.map((caret) => caret?.measure(top));
    carets.forEach((caret, index) => void caret?.turn(rooms[index] as Room));
  }
}

/** ProseMirror keeps the comparison to itself. */
function isSame(one: Decoration, other: Decoration | undefined): boolean {
  return other !== undefined && (one as Decoration & { eq(other: Decoration): boolean }).eq(other);
}

/** The others' carets and selections, as decorations of this state. */
export function caretsIn(view: EditorView): DecorationSet {
  return drawings.get(view)?.in(view.state) ?? DecorationSet.empty;
}

export function caretsOf(view: EditorView): Carets | null {
  return drawings.get(view) ?? null;
}

export function caretsPlugin(awareness: Awareness): Plugin<DecorationSet> {
  const carets = new Carets(awareness);
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (transaction, _, before) => carets.after(transaction, before),
    },
    props: { decorations: (state) => carets.in(state) },
    view: (view) => {
      drawings.set(view, carets);
      const leave = carets.attend(view);
      return { update: (_, before) => announce(view, before, awareness), destroy: leave };
    },
  });
}

/** Whether the browser's selection is in the text. What may not be edited has no focus, but can be selected. */
export function holdsSelection(view: EditorView): boolean {
  return view.editable ? view.hasFocus() : view.dom.contains(getSelection()?.anchorNode ?? null);
}

function announce(view: EditorView, before: EditorState, awareness: Awareness): void {
  const mine = awareness.getLocalState();
  const { state } = view;
  if (!mine || (mine.cursor && state.doc === before.doc && state.selection.eq(before.selection))) return;
  if (!holdsSelection(view)) return;
  const { anchor, head } = state.selection;
  const [from, to] = [placeOf(state, anchor), placeOf(state, head)];
  if (!from || !to) return;
  const cursor = { anchor: from, head: to };
  if (JSON.stringify(cursor) !== JSON.stringify(mine.cursor)) awareness.setLocalStateField("cursor", cursor);
}
