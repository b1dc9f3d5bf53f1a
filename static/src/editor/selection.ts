/** Where the browser's selection and the editor's meet. */

import type { EditorView } from "@tiptap/pm/view";

/**
 * Takes over a selection that the browser has set and not yet told of. A key such as Home moves it at once and tells a
 * moment later; whatever the editor draws in between puts it back where it was, and the next letters go there.
 * ProseMirror reads the selection in a method that it keeps to itself.
 */
export function readSelection(view: EditorView): void {
  if (view.isDestroyed || view.composing) return;
  (view as unknown as { domObserver: { flush(): void } }).domObserver.flush();
}
