/** Where the browser's selection and the editor's meet. */

import type { EditorView } from "@tiptap/pm/view";

/**
 * Takes over a selection that the browser has set and not yet told of. A key such as Home moves it at once and tells a
 * moment later; whatever the editor draws in between puts it back where it was, and the next letters go there. So this
 * comes before anything is drawn that others have done. ProseMirror reads the selection in methods that it keeps to
 * itself: the first also when it has put that off.
 */
export function readSelection(view: EditorView): void {
  if (view.isDestroyed || view.composing) return;
  const { domObserver } = view as unknown as { domObserver: { forceFlush(): void; flush(): void } };
  domObserver.forceFlush();
  domObserver.flush();
}
