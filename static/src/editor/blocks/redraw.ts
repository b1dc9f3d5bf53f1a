/** What is drawn from the whole document is drawn after changes of it, at most once a frame, and only while it is there. */

import { Plugin } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";

export function afterChanges(isUsed: () => boolean, draw: (view: EditorView) => void): Plugin {
  return new Plugin({
    view(view) {
      let frame = 0;
      const later = () => {
        if (frame || !isUsed()) return;
        frame = requestAnimationFrame(() => {
          frame = 0;
          if (!view.isDestroyed) draw(view);
        });
      };
      later();
      return {
        update: (_, before) => before.doc !== view.state.doc && later(),
        destroy: () => cancelAnimationFrame(frame),
      };
    },
  });
}
