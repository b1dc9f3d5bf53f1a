/**
 * Uploads that are under way, each shown where its block will be: a decoration of this page alone, so that the shared
 * document never has a block without its file, and nobody else sees what may still fail.
 */

import { type EditorState, Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { type Place, placeOf, positionOf } from "../positions";

interface Waiting {
  readonly key: string;
  readonly dom: HTMLElement;
  /** Null while the view is not bound to the shared document. */
  readonly place: Place | null;
}

interface Shown {
  readonly all: ReadonlySet<Waiting>;
  readonly drawn: DecorationSet;
}

type Change = { readonly add: Waiting; readonly at: number } | { readonly remove: Waiting };

const key = new PluginKey<Shown>("uploads");
let counted = 0;

/** A place in the text that is held open. */
export class Gap {
  readonly #view: EditorView;
  #waiting: Waiting;

  constructor(view: EditorView, position: number, dom: HTMLElement) {
    this.#view = view;
    this.#waiting = this.#open(position, { key: `upload-${counted++}`, dom });
  }

  /** Where it is now; null when it is nowhere any more. */
  get position(): number | null {
    return key.getState(this.#view.state)?.drawn.find(undefined, undefined, this.#isOurs)[0]?.from ?? null;
  }

  move(position: number): void {
    this.close();
    this.#waiting = this.#open(position, this.#waiting);
  }

  close(): void {
    this.#tell({ remove: this.#waiting });
  }

  #open(position: number, { key, dom }: Omit<Waiting, "place">): Waiting {
    const waiting = { key, dom, place: placeOf(this.#view.state, position) };
    this.#tell({ add: waiting, at: position });
    return waiting;
  }

  readonly #isOurs = (spec: { waiting?: Waiting }) => spec.waiting === this.#waiting;

  #tell(change: Change): void {
    if (this.#view.isDestroyed) return;
    this.#view.dispatch(this.#view.state.tr.setMeta(key, change).setMeta("addToHistory", false));
  }
}

export function gaps(): Plugin<Shown> {
  return new Plugin<Shown>({
    key,
    state: {
      init: () => ({ all: new Set(), drawn: DecorationSet.empty }),
      apply(transaction, old, _, state) {
        const change = transaction.getMeta(key) as Change | undefined;
        if (!change && old.all.size === 0) return old;
        // A change from the shared document replaces everything: nothing can be mapped through it.
        const isReplaced = transaction.docChanged && transaction.getMeta(ySyncPluginKey);
        const drawn = isReplaced ? drawAll(state, old.all) : old.drawn.map(transaction.mapping, transaction.doc);
        return change ? changed(state, { all: old.all, drawn }, change) : { all: old.all, drawn };
      },
    },
    props: { decorations: (state) => key.getState(state)?.drawn },
  });
}

function drawAll(state: EditorState, all: Shown["all"]): DecorationSet {
  const places = [...all].map((waiting) => ({ waiting, at: waiting.place && positionOf(state, waiting.place) }));
  return DecorationSet.create(
    state.doc,
    places.flatMap(({ waiting, at }) => (at === null ? [] : [widget(waiting, at)])),
  );
}

function changed(state: EditorState, { all, drawn }: Shown, change: Change): Shown {
  if ("add" in change) {
    return { all: new Set([...all, change.add]), drawn: drawn.add(state.doc, [widget(change.add, change.at)]) };
  }
  const gone = drawn.find(undefined, undefined, (spec) => spec.waiting === change.remove);
  return { all: new Set([...all].filter((each) => each !== change.remove)), drawn: drawn.remove(gone) };
}

function widget(waiting: Waiting, position: number): Decoration {
  // It has buttons of its own, which are not the editor's business.
  const spec = { waiting, key: waiting.key, side: 1, ignoreSelection: true, stopEvent: () => true };
  return Decoration.widget(position, waiting.dom, spec);
}
