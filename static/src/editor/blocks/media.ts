/** Blocks that show something from elsewhere: images and files of this site, and links as cards. Nothing is fetched. */

import { mergeAttributes, Node } from "@tiptap/core";
import { t } from "../../words";
import { isOwnFile, isSafeAddress } from "../addresses";
import { imageAttributes, type Side, sideOf, widthOf, word } from "./attributes";
import { ImageView } from "./image_view";
import { sizeInWords } from "./sizes";

export interface ImageAttributes {
  readonly src: string;
  readonly alt?: string | null;
  readonly title?: string | null;
  /** Pixels. */
  readonly width?: number | null;
  readonly align?: Side | null;
}

export interface FileAttributes {
  readonly src: string;
  readonly name: string;
  /** Bytes. */
  readonly size?: number | null;
}

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    image: { setImage: (attributes: ImageAttributes) => ReturnType };
    file: { setFile: (attributes: FileAttributes) => ReturnType };
    embed: { setEmbed: (attributes: { href: string; title?: string | null }) => ReturnType };
  }
}

const REL = "noopener noreferrer nofollow";

function pictureOf(element: HTMLElement): HTMLElement {
  return element.querySelector("img") ?? element;
}

/** An attribute that is read from the `<img>`, which may be the element or in it. */
const ofPicture = (name: string, read: (value: unknown) => unknown = word) => ({
  default: null,
  parseHTML: (element: HTMLElement) => read(pictureOf(element).getAttribute(name)),
  rendered: false,
});

const isOwnPicture = (element: HTMLElement) => isOwnFile(pictureOf(element).getAttribute("src")) && null;

export const Image = Node.create({
  name: "image",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,

  addAttributes: () => ({
    src: ofPicture("src"),
    alt: ofPicture("alt", (value) => word(value) || null),
    title: ofPicture("title"),
    width: ofPicture("width", widthOf),
    align: { default: null, parseHTML: ({ dataset }) => sideOf(dataset.align), rendered: false },
  }),

  parseHTML: () => [
    {
      tag: "figure.image",
      getAttrs: isOwnPicture,
      contentElement: (figure) =>
        (figure as HTMLElement).querySelector("figcaption") ?? document.createElement("figcaption"),
    },
    { tag: "img[src]", getAttrs: isOwnPicture },
  ],

  renderHTML({ node }) {
    const align = sideOf(node.attrs.align);
    const figure = align ? { class: "image", "data-align": align } : { class: "image" };
    return ["figure", figure, ["img", imageAttributes(node.attrs)], ["figcaption", 0]];
  },

  addNodeView() {
    return ({ node, editor, getPos }) => new ImageView({ node, editor, getPos });
  },

  addKeyboardShortcuts() {
    // A caption is one paragraph: what comes next stands below the image, which must not become two.
    return {
      Enter: ({ editor }) => {
        const { $from } = editor.state.selection;
        if ($from.parent.type.name !== this.name) return false;
        const after = $from.after();
        return editor
          .chain()
          .insertContentAt(after, { type: "paragraph" })
          .setTextSelection(after + 1)
          .run();
      },
    };
  },

  addCommands() {
    return {
      setImage:
        (attrs) =>
        ({ commands }) =>
          isOwnFile(attrs.src) && commands.insertContent({ type: this.name, attrs }),
    };
  },
});

export const File = Node.create({
  name: "file",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes: () => ({
    src: { default: null, parseHTML: (element) => word(linkIn(element)?.getAttribute("href")), rendered: false },
    name: { default: "", parseHTML: (element) => linkIn(element)?.textContent ?? "", rendered: false },
    size: { default: null, parseHTML: ({ dataset }) => Number(dataset.size) || null, rendered: false },
  }),

  parseHTML: () => [
    { tag: "div.file", getAttrs: (element) => isOwnFile(linkIn(element)?.getAttribute("href")) && null },
  ],

  renderHTML({ node, HTMLAttributes }) {
    const { src, size } = node.attrs;
    const name = word(node.attrs.name) || t("File");
    const hasSize = Number.isInteger(size) && size >= 0;
    const known = hasSize ? { "data-size": String(size) } : {};
    const link = isOwnFile(src) ? { href: src, download: name } : {};
    return [
      "div",
      mergeAttributes(HTMLAttributes, { class: "file", ...known }),
      ["a", link, name],
      ["span", {}, hasSize ? sizeInWords(size) : ""],
    ];
  },

  addCommands() {
    return {
      setFile:
        (attrs) =>
        ({ commands }) =>
          isOwnFile(attrs.src) && commands.insertContent({ type: this.name, attrs }),
    };
  },
});

export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes: () => ({
    href: { default: null, parseHTML: (element) => word(linkIn(element)?.getAttribute("href")), rendered: false },
    title: { default: null, parseHTML: titleIn, rendered: false },
  }),

  parseHTML: () => [
    { tag: "div.embed", getAttrs: (element) => isSafeAddress(linkIn(element)?.getAttribute("href") ?? "") && null },
  ],

  renderHTML({ node, HTMLAttributes }) {
    const href = word(node.attrs.href) ?? "";
    const link = isSafeAddress(href) ? { href, rel: REL } : {};
    return [
      "div",
      mergeAttributes(HTMLAttributes, { class: "embed" }),
      ["a", link, word(node.attrs.title) || href],
      ["span", {}, href],
    ];
  },

  addCommands() {
    return {
      setEmbed:
        (attrs) =>
        ({ commands }) =>
          isSafeAddress(attrs.href) && commands.insertContent({ type: this.name, attrs }),
    };
  },
});

function linkIn(element: HTMLElement): HTMLAnchorElement | null {
  return element.querySelector("a");
}

function titleIn(element: HTMLElement): string | null {
  const link = linkIn(element);
  const title = link?.textContent ?? "";
  return title === link?.getAttribute("href") ? null : title || null;
}
