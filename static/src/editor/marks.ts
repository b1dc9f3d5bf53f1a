/** Marks that Tiptap's starter kit lacks: highlight and text colour (of the palette), superscript and subscript. */

import { Mark, markInputRule } from "@tiptap/core";
import { type Colour, isColour } from "./palette";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    highlight: {
      /** Null is the plain highlight. */
      setHighlight: (color: Colour | null) => ReturnType;
    };
    textColor: { setTextColor: (color: Colour) => ReturnType };
    superscript: { toggleSuperscript: () => ReturnType };
    subscript: { toggleSubscript: () => ReturnType };
  }
}

const color = {
  default: null,
  parseHTML: ({ dataset }: HTMLElement) => (isColour(dataset.color) ? dataset.color : null),
  renderHTML: (attributes: Record<string, unknown>) =>
    isColour(attributes.color) ? { "data-color": attributes.color } : {},
};

export const Highlight = Mark.create({
  name: "highlight",
  addAttributes: () => ({ color }),
  parseHTML: () => [{ tag: "mark" }],
  renderHTML: ({ HTMLAttributes }) => ["mark", HTMLAttributes, 0],

  addCommands() {
    return {
      setHighlight:
        (color) =>
        ({ commands }) =>
          commands.setMark(this.name, { color }),
    };
  },

  addKeyboardShortcuts() {
    return { "Mod-Shift-h": () => this.editor.commands.toggleMark(this.name) };
  },

  addInputRules() {
    return [markInputRule({ find: /(?:^|\s)(==(?!\s)([^=]+)(?<!\s)==)$/, type: this.type })];
  },
});

export const TextColor = Mark.create({
  name: "textColor",
  addAttributes: () => ({ color }),
  parseHTML: () => [{ tag: "span[data-color]", getAttrs: ({ dataset }) => isColour(dataset.color) && null }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],

  addCommands() {
    return {
      setTextColor:
        (color) =>
        ({ commands }) =>
          commands.setMark(this.name, { color }),
    };
  },
});

export const Superscript = Mark.create({
  name: "superscript",
  parseHTML: () => [{ tag: "sup" }],
  renderHTML: () => ["sup", 0],

  addCommands() {
    return {
      toggleSuperscript:
        () =>
        ({ chain }) =>
          chain().unsetMark("subscript").toggleMark(this.name).run(),
    };
  },

  addKeyboardShortcuts() {
    return { "Mod-.": () => this.editor.commands.toggleSuperscript() };
  },
});

export const Subscript = Mark.create({
  name: "subscript",
  parseHTML: () => [{ tag: "sub" }],
  renderHTML: () => ["sub", 0],

  addCommands() {
    return {
      toggleSubscript:
        () =>
        ({ chain }) =>
          chain().unsetMark("superscript").toggleMark(this.name).run(),
    };
  },

  addKeyboardShortcuts() {
    return { "Mod-,": () => this.editor.commands.toggleSubscript() };
  },
});
