/** Callouts: blocks in a box of a kind. */

import { Node } from "@tiptap/core";
import { t } from "../../words";
import { CALLOUTS, type Callout } from "./attributes";

export { CALLOUTS, type Callout };

export const CALLOUT_NAMES: Readonly<Record<Callout, string>> = {
  note: t("Note"),
  tip: t("Tip"),
  important: t("Important"),
  warning: t("Warning"),
  caution: t("Caution"),
};

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    callout: {
      /** Puts the selected blocks into a callout, or makes the one around them one of this kind. */
      setCallout: (kind: Callout) => ReturnType;
      /** Takes the blocks out of their callout. */
      unsetCallout: () => ReturnType;
    };
  }
}

function calloutKind(value: unknown): Callout {
  return CALLOUTS.find((kind) => kind === value) ?? "note";
}

export const CalloutNode = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,

  addAttributes: () => ({
    kind: { default: "note", parseHTML: ({ dataset }) => calloutKind(dataset.kind), rendered: false },
  }),

  parseHTML: () => [{ tag: "div.callout" }],

  renderHTML({ node }) {
    const kind = calloutKind(node.attrs.kind);
    const label = CALLOUT_NAMES[kind];
    return ["div", { class: "callout", "data-kind": kind, role: "note", "aria-label": label }, 0];
  },

  addCommands() {
    return {
      setCallout:
        (kind) =>
        ({ editor, commands }) =>
          editor.isActive(this.name)
            ? commands.updateAttributes(this.name, { kind })
            : commands.wrapIn(this.name, { kind }),
      unsetCallout:
        () =>
        ({ commands }) =>
          commands.lift(this.name),
    };
  },
});
