/** The binding of the editor to the shared document (Tiptap's Collaboration, y-tiptap), with our own undo. */

import { Collaboration } from "@tiptap/extension-collaboration";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import type * as Y from "yjs";
import type { OwnUndo } from "./own_undo";

export function shared(root: Y.XmlFragment, undo: OwnUndo) {
  return quiet.configure({ fragment: root, yUndoOptions: { undoManager: undo } });
}

/** The binding compares the whole text with the shared one at each update of the view, also when somebody's caret moved. */
const quiet = Collaboration.extend({
  addProseMirrorPlugins() {
    const plugins = this.parent?.() ?? [];
    const { spec } = plugins.find((plugin) => plugin.spec.key === ySyncPluginKey) ?? {};
    const { view } = spec ?? {};
    if (!spec || !view) throw new Error("Tiptap's Collaboration has no binding.");
    spec.view = (editorView) => {
      const made = view(editorView);
      const update: typeof made.update = (shown, before) => {
        if (shown.state !== before) made.update?.(shown, before);
      };
      return { ...made, update };
    };
    return plugins;
  },
});
