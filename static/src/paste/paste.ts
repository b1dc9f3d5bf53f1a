/**
 * Pasting: which way a clipboard goes in is decided by `clip`, what it is made into by the readers of `formats/`, and all
 * of it is one step to undo. What is refused leaves the text as it was, with a sentence. Copying is in `copy`.
 */

import { type Editor, Extension } from "@tiptap/core";
import { Plugin, TextSelection, type Transaction } from "@tiptap/pm/state";
import { ySyncPluginKey, yUndoPluginKey } from "@tiptap/y-tiptap";
import { MOST_BYTES, TOO_LARGE } from "../editor/guard";
import { placeOf, positionOf } from "../editor/positions";
import { toast } from "../ui/toast";
import { t, tn } from "../words";
import { PasteChip } from "./chip";
import { addressIn, CHOICES, type Clip, isTooLong, readClip, type Way, wayOf } from "./clip";
import { copiedText } from "./copy";
import type { Cleaned } from "./formats/clean";
import { insertCard, insertCode, insertLink, insertMention } from "./insert";
import { load, preload } from "./load";
import { documentAt } from "./own_document";
import { type UploadImage, uploadAll } from "./uploads";

const MOST_CELLS = 10_000;
const TOO_LONG = t("This is more than 5 MB, and nothing of it was pasted: paste it in parts.");
const TOO_MANY_CELLS = t("This table has more than 10,000 cells, and nothing of it was pasted: paste it in parts.");
const UNREADABLE = t("Without a connection it could only be pasted as plain text.");

/** `uploadImage` is null where nothing can be uploaded: pictures within a paste are then left out. */
export const Paste = Extension.create<{ uploadImage: UploadImage | null }>({
  name: "paste",
  // Before the extensions that have ways of their own with a clipboard.
  priority: 1200,

  addOptions: () => ({ uploadImage: null }),
  addStorage: (): { paster: Paster | null } => ({ paster: null }),

  addKeyboardShortcuts() {
    return { "Mod-Alt-v": () => this.storage.paster?.chip?.focus() ?? false };
  },

  addProseMirrorPlugins() {
    const paster = new Paster(this.editor, this.options.uploadImage);
    this.storage.paster = paster;
    return [
      new Plugin({
        props: {
          clipboardTextSerializer: copiedText,
          handleDOMEvents: {
            focus: preload,
            pointerdown: preload,
            keydown: (_view, event) => paster.heed(event),
            paste: (_view, event) => paster.take(event),
          },
        },
        view: (view) => {
          const chip = new PasteChip(view);
          paster.chip = chip;
          return { destroy: () => chip.destroy() };
        },
      }),
    ];
  },

  onTransaction({ transaction }) {
    this.storage.paster?.see(transaction);
  },
});

class Paster {
  chip: PasteChip | null = null;
  readonly #editor: Editor;
  readonly #upload: UploadImage | null;
  #isPlainWanted = false;
  #isPutting = false;

  constructor(editor: Editor, upload: UploadImage | null) {
    this.#editor = editor;
    this.#upload = upload;
  }

  /** Browsers do not say with the paste which keys it was asked for by. */
  heed({ code, shiftKey, ctrlKey, metaKey }: KeyboardEvent): false {
    this.#isPlainWanted = code === "KeyV" && shiftKey && (ctrlKey || metaKey);
    return false;
  }

  /** The offer to change a paste ends with the next change that is not somebody else's. */
  see(transaction: Transaction): void {
    if (!transaction.docChanged || this.#isPutting) return;
    const { isChangeOrigin, isUndoRedoOperation } = transaction.getMeta(ySyncPluginKey) ?? {};
    if (!isChangeOrigin || isUndoRedoOperation) this.chip?.hide();
  }

  /** False for what is not text: files are for uploads. */
  take(event: ClipboardEvent): boolean {
    const { clipboardData } = event;
    const clip = clipboardData && this.#editor.isEditable ? readClip(clipboardData) : null;
    if (!clip || (!clip.html && !clip.text)) return false;
    // A picture copied in a browser comes as itself, and as HTML that says where it lies.
    if (this.#upload && !clip.text && clipboardData?.files.length) return false;
    event.preventDefault();
    const isPlain = this.#isPlainWanted;
    this.#isPlainWanted = false;
    if (isTooLong(clip)) toast(TOO_LONG, "error");
    else void this.#paste(clip, isPlain && clip.text ? "plain" : wayOf(clip, this.#isInCode));
    return true;
  }

  get #isInCode(): boolean {
    return this.#editor.isActive("codeBlock") || this.#editor.isActive("code");
  }

  async #paste(clip: Clip, way: Way): Promise<void> {
    this.chip?.hide();
    if (!(await this.#put(clip, way))) return;
    const choices = CHOICES[way].filter((choice) => choice !== "plain" || clip.text);
    if (choices.length > 1) this.chip?.show(choices, way, (choice) => void this.#change(clip, choice));
  }

  /** Takes the paste back, which is one step, and puts it in another way. */
  async #change(clip: Clip, way: Way): Promise<void> {
    this.#editor.chain().undo().focus().run();
    await this.#paste(clip, way);
  }

  /** Whether anything came of it. */
  #put(clip: Clip, way: Way): boolean | Promise<boolean> {
    const { view } = this.#editor;
    const href = addressIn(clip);
    if (way === "plain") return this.#step(() => view.pasteText(clip.text));
    if (way === "code") return this.#step(() => view.dispatch(insertCode(view.state, clip)));
    if (way === "card") return this.#step(() => view.dispatch(insertCard(view.state, href)));
    if (way === "link") return this.#link(href);
    return this.#read(clip, way);
  }

  #link(href: string): boolean {
    const { view, commands } = this.#editor;
    const { selection } = view.state;
    if (selection instanceof TextSelection && !selection.empty) return this.#step(() => commands.setLink({ href }));
    const id = documentAt(href);
    return this.#step(() => view.dispatch(id ? insertMention(view.state, id) : insertLink(view.state, href, href)));
  }

  async #read(clip: Clip, way: Way): Promise<boolean> {
    const { view } = this.#editor;
    const back = this.#remember();
    const cleaned = await this.#clean(clip, way);
    if (cleaned === null) {
      toast(UNREADABLE, "error");
      back();
      return this.#step(() => view.pasteText(clip.text));
    }
    const refusal = refusalOf(cleaned);
    if (refusal) {
      toast(refusal, "error");
      return false;
    }
    const html = await this.#withPictures(cleaned);
    back();
    return this.#step(() => this.#insert(html));
  }

  /** What claims to be cut out of a ProseMirror document may lie about its surroundings, which then do not fit. */
  #insert(html: string): void {
    const { view } = this.#editor;
    const { doc } = view.state;
    try {
      view.pasteHTML(html);
    } catch (error) {
      if (view.state.doc !== doc || !html.includes("data-pm-slice")) throw error;
      view.pasteHTML(html.replaceAll("data-pm-slice", "data-was"));
    }
  }

  /** Null when the readers cannot be loaded. */
  async #clean(clip: Clip, way: Way): Promise<Cleaned | null> {
    const formats = await load().catch(() => null);
    if (!formats) return null;
    const html = way === "markdown" ? formats.fromMarkdown(clip.text) : clip.html;
    return formats.clean(html, { keepsLooks: way === "keep", origin: location.origin });
  }

  async #withPictures({ html, pictures, leftOut }: Cleaned): Promise<string> {
    if (pictures.length && this.#upload) toast(t("The pictures are being uploaded; the text comes with them."));
    const sources = this.#upload ? await uploadAll(pictures, this.#upload) : pictures.map(() => null);
    sayLeftOut(leftOut + sources.filter((source) => source === null).length);
    if (pictures.length === 0) return html;
    const { body } = new DOMParser().parseFromString(html, "text/html");
    for (const image of body.querySelectorAll<HTMLElement>("img[data-picture]")) {
      const source = sources[Number(image.dataset.picture)];
      if (source) image.setAttribute("src", source);
      else image.remove();
    }
    return body.innerHTML;
  }

  /** How to select again what is selected now, wherever it is by then. */
  #remember(): () => void {
    const { view } = this.#editor;
    const { state } = view;
    const places = [state.selection.from, state.selection.to].map((position) => placeOf(state, position));
    return () => {
      if (view.state === state) return;
      const [from, to] = places.map((place) => positionOf(view.state, place));
      if (typeof from !== "number" || typeof to !== "number") return;
      const { doc, tr } = view.state;
      view.dispatch(tr.setSelection(TextSelection.between(doc.resolve(from), doc.resolve(to))));
    };
  }

  /** One step of the history, neither joined to what was typed before nor to what is typed next. */
  #step(change: () => unknown): boolean {
    const { doc } = this.#editor.state;
    const history = yUndoPluginKey.getState(this.#editor.state)?.undoManager;
    history?.stopCapturing();
    this.#isPutting = true;
    try {
      change();
    } finally {
      this.#isPutting = false;
    }
    history?.stopCapturing();
    return doc !== this.#editor.state.doc;
  }
}

function refusalOf({ cells, length }: Cleaned): string | null {
  if (cells > MOST_CELLS) return TOO_MANY_CELLS;
  // Before the editor reads it, which would take seconds only to refuse it.
  return length > MOST_BYTES ? TOO_LARGE : null;
}

function sayLeftOut(count: number): void {
  if (count === 0) return;
  const sentence = tn(
    "A picture was left out, for what was copied does not hold it in a form that can be kept here.",
    "{n} pictures were left out, for what was copied does not hold them in a form that can be kept here.",
    count,
  );
  toast(sentence, "error");
}
