/** An editor's state bound to a shared document, without a browser: what is dispatched is applied, and nothing is drawn. */

import type { Schema } from "@tiptap/pm/model";
import { EditorState, type Plugin, type PluginView, type Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { ySyncPluginKey, yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { bindingTo, boundIn } from "../editor/binding/binding";
import type { Bound } from "../editor/binding/incoming";
import { elementsIn, type Holder, Known } from "../editor/binding/known";
import { schema } from "./writers";

type Begin = (bound: Bound, schema: Schema) => EditorState;

export class BoundEditor {
  readonly doc = new Y.Doc();
  readonly root = this.doc.getXmlFragment("default");
  readonly undo = new Y.UndoManager(this.root, { trackedOrigins: new Set([ySyncPluginKey]) });
  readonly view: EditorView;
  /** How often something was dispatched. */
  changes = 0;
  readonly #views: PluginView[];

  constructor(
    plugins: readonly Plugin[] = [],
    state?: Uint8Array,
    begin: Begin = () => EditorState.create({ schema }),
  ) {
    if (state) Y.applyUpdate(this.doc, state);
    const bound = { root: this.root, known: new Known() };
    const all = [...bindingTo(bound, this.undo), ...plugins];
    const view = {
      state: begin(bound, schema).reconfigure({ plugins: all }),
      isDestroyed: false,
      dispatch: (tr: Transaction) => {
        this.changes += 1;
        const before = view.state;
        view.state = before.apply(tr);
        for (const each of this.#views ?? []) each.update?.(this.view, before);
      },
    };
    this.view = view as unknown as EditorView;
    this.#views = [];
    for (const plugin of all) if (plugin.spec.view) this.#views.push(plugin.spec.view(this.view));
  }

  get state(): EditorState {
    return this.view.state;
  }

  get bound(): Bound {
    return boundIn(this.state) as Bound;
  }

  /** What the shared document says, read anew from its beginning. Where it says nothing there is a block to begin in. */
  get truth(): unknown {
    if (this.root.length === 0) return schema.topNodeType.createAndFill()?.toJSON();
    return yXmlFragmentToProseMirrorRootNode(this.root, schema).toJSON();
  }

  /** Elements that are not known by the node that shows them. */
  get strangers(): string[] {
    const found: string[] = [];
    const look = (holder: Holder, node: typeof this.state.doc) => {
      if (this.bound.known.nodeOf(holder) !== node) found.push(holder.toString());
      const nodes = node.content.content.filter((child) => !child.isText);
      for (const [at, element] of elementsIn(holder).entries()) look(element, nodes[at] as typeof node);
    };
    look(this.root, this.state.doc);
    return found;
  }

  change(make: (tr: Transaction) => Transaction): this {
    this.view.dispatch(make(this.state.tr));
    return this;
  }

  /** Takes what others have, as one update. */
  take(...others: { readonly doc: Y.Doc }[]): this {
    const mine = Y.encodeStateVector(this.doc);
    for (const { doc } of others) Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(doc, mine), "server");
    return this;
  }

  destroy(): void {
    for (const view of this.#views) view.destroy?.();
    this.doc.destroy();
  }
}
