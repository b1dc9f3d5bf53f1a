/**
 * Binds the editor to the shared document, both ways. It takes the place of y-tiptap's binding, which reads the whole
 * document with every update that comes in; what others know it by (the keys of plugins, the origin of our own changes) is
 * y-tiptap's.
 */

import { Extension } from "@tiptap/core";
import { Fragment, type Node, type Schema } from "@tiptap/pm/model";
import { EditorState, Plugin, TextSelection, type Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { findAbsolutePositionAfterStructuralChange, ySyncPluginKey, yUndoPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { ancestorsOf, type Bound, bringIn, type Change } from "./incoming";
import type { Holder } from "./known";
import { Writer } from "./outgoing";
import { type Place, placeAt, positionAt } from "./places";
import { Reader } from "./reading";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    collaboration: {
      /** One's own last step; false when there is none. */
      undo: () => ReturnType;
      redo: () => ReturnType;
    };
  }
}

export interface SharedTextOptions {
  readonly bound: Bound;
  readonly undoManager: Y.UndoManager;
}

/** The state of y-tiptap's plugin, as far as somebody asks for it. */
interface Shared extends Bound {
  readonly addToHistory: boolean;
  readonly isChangeOrigin: boolean;
}

/** Null while the editor is not bound. */
export function boundIn(state: EditorState): Bound | null {
  const shared: Shared | undefined = ySyncPluginKey.getState(state);
  return shared?.known.nodeOf(shared.root) ? shared : null;
}

export const SharedText = Extension.create<SharedTextOptions>({
  name: "collaboration",
  priority: 1000,

  addCommands() {
    const { undoManager } = this.options;
    const command = (run: () => unknown, steps: () => readonly unknown[]) => () => {
      return ({ tr, dispatch }: { tr: Transaction; dispatch?: unknown }) => {
        tr.setMeta("preventDispatch", true);
        if (steps().length === 0) return false;
        if (dispatch) run();
        return true;
      };
    };
    return {
      undo: command(
        () => undoManager.undo(),
        () => undoManager.undoStack,
      ),
      redo: command(
        () => undoManager.redo(),
        () => undoManager.redoStack,
      ),
    };
  },

  addKeyboardShortcuts() {
    const { commands } = this.editor;
    return {
      "Mod-z": () => commands.undo(),
      "Mod-y": () => commands.redo(),
      "Shift-Mod-z": () => commands.redo(),
    };
  },

  addProseMirrorPlugins() {
    const { bound, undoManager } = this.options;
    return bindingTo(bound, undoManager);
  },
});

export function bindingTo(bound: Bound, undoManager: Y.UndoManager): Plugin[] {
  return [sharing(bound, undoManager), undoing(undoManager)];
}

/** What an editor begins with that is bound then. Were the text put in as a change, an empty page would be drawn before it. */
export function beginning({ root, known }: Bound, schema: Schema): EditorState {
  const content = Fragment.from(new Reader(schema, known).children(root));
  const type = schema.topNodeType;
  // What does not fit is made to fit when it is bound.
  return EditorState.create(type.validContent(content) ? { doc: type.create(null, content) } : { schema });
}

function undoing(undoManager: Y.UndoManager): Plugin {
  return new Plugin({
    key: yUndoPluginKey,
    state: { init: () => ({ undoManager }), apply: (_, value) => value },
    filterTransaction(transaction) {
      if (transaction.getMeta("inputRule")) undoManager.stopCapturing();
      return true;
    },
    view: () => ({ destroy: () => undoManager.destroy() }),
  });
}

function sharing(bound: Bound, undoManager: Y.UndoManager): Plugin<Shared> {
  return new Plugin<Shared>({
    key: ySyncPluginKey,
    state: {
      init: () => ({ ...bound, addToHistory: true, isChangeOrigin: false }),
      apply: (transaction, old) => ({
        ...old,
        isChangeOrigin: Boolean(transaction.getMeta(ySyncPluginKey)?.isChangeOrigin),
        addToHistory: transaction.docChanged ? transaction.getMeta("addToHistory") !== false : old.addToHistory,
      }),
    },
    view: (view) => new Binding(view, bound, undoManager),
  });
}

/** Where the selection is, whatever others do; of text only. */
interface Kept {
  readonly ends: readonly [anchor: Place, head: Place];
  readonly blocks: readonly (Y.XmlElement | undefined)[];
}

class Binding {
  readonly #view: EditorView;
  readonly #bound: Bound;
  readonly #undoManager: Y.UndoManager;
  readonly #writer: Writer;
  readonly #blank: Node | null;
  #isBusy = false;
  #kept: Kept | null = null;

  constructor(view: EditorView, bound: Bound, undoManager: Y.UndoManager) {
    this.#view = view;
    this.#bound = bound;
    this.#undoManager = undoManager;
    this.#writer = new Writer(bound);
    this.#blank = view.state.doc.type.createAndFill();
    const { root } = bound;
    root.doc?.on("beforeAllTransactions", this.#remember);
    root.observeDeep(this.#changed);
    this.#bring([{ target: root } as unknown as Change], null);
  }

  update(): void {
    const { root, known } = this.#bound;
    const { doc } = this.#view.state;
    const before = known.nodeOf(root);
    // Where nothing has been written yet nothing is: the block to begin in is the editor's own.
    if (this.#isBusy || !before || doc === before || (root.length === 0 && this.#blank?.eq(doc))) return;
    const { addToHistory } = ySyncPluginKey.getState(this.#view.state) as Shared;
    if (!addToHistory) this.#undoManager.stopCapturing();
    this.#alone(() => {
      root.doc?.transact((transaction) => {
        transaction.meta.set("addToHistory", addToHistory);
        this.#writer.write(before, doc);
      }, ySyncPluginKey);
    });
  }

  destroy(): void {
    const { root } = this.#bound;
    root.doc?.off("beforeAllTransactions", this.#remember);
    root.unobserveDeep(this.#changed);
  }

  #changed = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[], { origin }: Y.Transaction): void => {
    if (!this.#isBusy && events.length > 0) this.#bring(events as unknown as readonly Change[], origin);
  };

  #bring(events: readonly Change[], origin: unknown): void {
    this.#alone(() => {
      const { state } = this.#view;
      const { tr } = state;
      const fresh = bringIn(tr, this.#bound, events);
      if (!tr.docChanged) return;
      this.#keepSelection(tr, state, fresh);
      const isUndoRedoOperation = origin instanceof Y.UndoManager;
      // Bold that has been switched on for the next letter stays on.
      if (!isUndoRedoOperation && state.storedMarks) tr.setStoredMarks(state.storedMarks);
      tr.setMeta(ySyncPluginKey, { isChangeOrigin: true, isUndoRedoOperation }).setMeta("addToHistory", false);
      this.#view.dispatch(tr);
    });
  }

  /** What one side does the other is not told of again. */
  #alone(run: () => void): void {
    this.#isBusy = true;
    try {
      run();
    } finally {
      this.#isBusy = false;
    }
  }

  #remember = (): void => {
    if (this.#isBusy) return;
    this.#kept = null;
    const { selection } = this.#view.state;
    if (!(selection instanceof TextSelection)) return;
    const [anchor, head] = [placeAt(this.#bound, selection.$anchor), placeAt(this.#bound, selection.$head)];
    const blocks = [selection.$anchor, selection.$head].map(({ parent }) => this.#bound.known.elementOf(parent));
    if (anchor && head) this.#kept = { ends: [anchor, head], blocks };
  };

  /** Where a block has been read anew its places tell better than the change does where the selection is. */
  #keepSelection(tr: Transaction, state: EditorState, fresh: ReadonlySet<Holder>): void {
    const kept = this.#kept;
    const isTouched = (block?: Y.XmlElement) => !block || [block, ...ancestorsOf(block)].some((at) => fresh.has(at));
    if (!kept?.blocks.some(isTouched)) return;
    const { anchor, head } = state.selection;
    const [from, to] = kept.ends.map((place, at) => {
      const before = at === 0 ? anchor : head;
      const found = positionAt(this.#bound, tr.doc, place);
      // A block that has been moved is another one in the shared document.
      return found ?? findAbsolutePositionAfterStructuralChange(state.doc, tr.doc, before) ?? tr.mapping.map(before);
    }) as [number, number];
    tr.setSelection(TextSelection.between(tr.doc.resolve(from), tr.doc.resolve(to)));
  }
}
