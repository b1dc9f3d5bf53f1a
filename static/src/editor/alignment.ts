/** Where the lines of paragraphs and headings stand: Tiptap's commands and keys, written as `data-align` as the server does. */

import { TextAlign } from "@tiptap/extension-text-align";

const SIDES = ["left", "center", "right", "justify"];

function known(side: unknown): string | null {
  return typeof side === "string" && SIDES.includes(side) ? side : null;
}

export const Alignment = TextAlign.extend({
  addGlobalAttributes() {
    return [
      {
        types: this.options.types,
        attributes: {
          textAlign: {
            default: null,
            parseHTML: ({ dataset, style }: HTMLElement) => known(dataset.align) ?? known(style.textAlign),
            renderHTML: ({ textAlign }) => (known(textAlign) ? { "data-align": textAlign } : {}),
          },
        },
      },
    ];
  },
}).configure({ types: ["heading", "paragraph"] });
