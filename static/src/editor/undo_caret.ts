/**
 * Where the caret goes with undo and redo: to where it was before the step that is taken back, or after the one that is done
 * again. Places are relative, so it is there also when others have written around it since.
 */

import { type EditorState, Plugin, TextSelection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import type { Awareness } from "y-protocols/awareness";
import type { OwnUndo, Step } from "./own_undo";
import { type Place, positionOf } from "./positions";
import { readSelection } from "./selection";

/** A selection, as awareness has it. */
interface Span {
  readonly anchor: Place;
  readonly head: Place;
}

interface Ends {
  before: Span | null;
  after: Span | null;
}

export function undoCaret(undo: OwnUndo, awareness: Awareness): Plugin {
  return new Plugin({ view: (view) => new UndoCaret(view, undo, awareness) });
}

/** Stands after the carets' plugin, which has told awareness of our selection once an update is drawn. */
class UndoCaret {
  readonly #ends = new WeakMap<Step, Ends>();
  #latest: Step | null = null;
  #taken: Ends | null = null;

  constructor(
    readonly view: EditorView,
    readonly undo: OwnUndo,
    readonly awareness: Awareness,
  ) {
    undo.on("stack-item-added", this.#added);
    undo.on("stack-item-updated", this.#updated);
    undo.taking = () => readSelection(view);
    undo.taken = this.#go;
  }

  update({ state }: EditorView, before: EditorState): void {
    // What is typed at another place is another step, however soon; but not within what is meant as one (one_step.ts).
    const hasGone = state.doc === before.doc && !state.selection.eq(before.selection);
    if (hasGone && Number.isFinite(this.undo.captureTimeout)) this.undo.stopCapturing();
    const ends = this.#latest && this.#ends.get(this.#latest);
    if (ends) ends.after = this.#here();
    this.#latest = null;
  }

  destroy(): void {
    this.undo.off("stack-item-added", this.#added);
    this.undo.off("stack-item-updated", this.#updated);
  }

  /** A step of writing; or, while one is taken back, the step that would do it again. */
  #added = ({ stackItem }: { stackItem: Step }): void => {
    stackItem.meta.clear(); // the binding's own memory, which it would use for whatever comes in next
    if (this.undo.undoing || this.undo.redoing) {
      this.#taken = { before: null, after: null };
      this.#ends.set(stackItem, this.#taken);
    } else {
      this.#ends.set(stackItem, { before: this.#here(), after: null });
      this.#latest = stackItem;
    }
  };

  #updated = ({ stackItem }: { stackItem: Step }): void => {
    this.#latest = stackItem;
  };

  #go = (step: Step): void => {
    const ends = this.#ends.get(step);
    if (this.#taken && ends) Object.assign(this.#taken, { before: ends.after, after: ends.before });
    this.#taken = null;
    const { state } = this.view;
    const { tr } = state;
    const anchor = ends?.before ? positionOf(state, ends.before.anchor) : null;
    const head = ends?.before ? positionOf(state, ends.before.head) : null;
    if (anchor !== null && head !== null)
      tr.setSelection(TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head)));
    this.view.dispatch(tr.setMeta("addToHistory", false).scrollIntoView());
  };

  #here(): Span | null {
    return (this.awareness.getLocalState()?.cursor as Span | null | undefined) ?? null;
  }
}
