/**
 * Markdown that becomes a block or an atom while it is typed, beyond what the extensions themselves have. Tiptap looks at
 * none of it in code or while an input method is composing, and Backspace right after it gives the letters back; so does
 * undo, which would otherwise take back the typing with it.
 */

import { Extension, InputRule, nodeInputRule } from "@tiptap/core";
import { CALLOUTS, type Callout } from "./blocks/callout";

const CALLOUT = new RegExp(`^:::\\s?(${CALLOUTS.join("|")})?\\s$`);

export const typing = Extension.create({
  name: "typing",
  priority: 1100,

  addKeyboardShortcuts() {
    return { "Mod-z": () => this.editor.commands.undoInputRule() };
  },

  addInputRules() {
    const { inlineMath } = this.editor.schema.nodes;
    return [
      new InputRule({
        find: /^\|--$/,
        handler: ({ range, chain }) =>
          void chain().deleteRange(range).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
      }),
      new InputRule({
        find: /^\+\+\+\s$/,
        handler: ({ range, chain }) => void chain().deleteRange(range).setDetails().run(),
      }),
      new InputRule({
        find: CALLOUT,
        handler: ({ range, chain, match }) =>
          void chain()
            .deleteRange(range)
            .setCallout((match[1] as Callout) ?? "note")
            .run(),
      }),
      new InputRule({
        find: /^\$\$\s$/,
        handler: ({ range, chain }) => void chain().deleteRange(range).insertBlockMath("").run(),
      }),
      ...(inlineMath
        ? [
            nodeInputRule({
              find: /(?<!\$)\$\$([^$\n]+)\$\$$/,
              type: inlineMath,
              getAttributes: ([, latex]) => ({ latex: latex?.trim() }),
            }),
          ]
        : []),
    ];
  },
});
