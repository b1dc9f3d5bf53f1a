/**
 * Files that come into the text, by a button, by dropping or by pasting: sent one after the other, with their progress
 * shown where they will be, and put in once the site has them. What fails is said; what only failed to arrive can be tried
 * again.
 */

import { type Editor, Extension } from "@tiptap/core";
import { Fragment, type Node, Slice } from "@tiptap/pm/model";
import { NodeSelection, Plugin, type Transaction } from "@tiptap/pm/state";
import { dropPoint } from "@tiptap/pm/transform";
import type { EditorView } from "@tiptap/pm/view";
import { toast } from "../../ui/toast";
import { t } from "../../words";
import { ask } from "../shortcuts";
import { Progress } from "./progress";
import { UploadError, type Uploader } from "./uploader";
import { Gap, gaps } from "./waiting";

/** What browsers call the kinds that the site shows as images. It looks for itself: this only tells which way to send. */
const IMAGES = ["image/jpeg", "image/png", "image/gif", "image/webp"];

export type UploadKind = "image" | "file";

export class Uploads {
  readonly #editor: Editor;
  readonly #uploader: Uploader;
  #pending = 0;

  constructor(editor: Editor, uploader: Uploader) {
    this.#editor = editor;
    this.#uploader = uploader;
    addEventListener("beforeunload", (event) => this.#pending > 0 && event.preventDefault());
  }

  /** Ask for files, and put them after the block in which the caret is. */
  choose(kind: UploadKind): void {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    if (kind === "image") input.accept = IMAGES.join(",");
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])];
      const isAlone = kind === "image" && files.length === 1;
      void this.take(files, this.#behindCaret(), kind).then((kept) => isAlone && kept && this.#describe(kept));
    });
    input.click();
  }

  /**
   * Send files and put them into the text at a position, in their order. Without `kind`, images are shown and all else is
   * attached. Resolves with the last one's address, null if it has not been taken.
   */
  async take(files: readonly File[], position: number, kind?: UploadKind): Promise<string | null> {
    let last: string | null = null;
    const progress = new Progress();
    const gap = new Gap(this.#editor.view, position, progress.dom);
    this.#pending += 1;
    for (const [index, file] of files.entries()) {
      progress.begin(file.name, index + 1, files.length);
      last = await this.#takeOne(file, kind ?? kindOf(file), gap, progress);
      if (progress.isCancelled) break;
    }
    this.#pending -= 1;
    gap.close();
    return last;
  }

  async #takeOne(file: File, kind: UploadKind, gap: Gap, progress: Progress): Promise<string | null> {
    for (;;) {
      try {
        const node = await this.#send(file, kind, progress);
        return this.#insert(node, gap) ? node.attrs.src : null;
      } catch (error) {
        if (!(await this.#isTriedAgain(error, file, progress))) return null;
      }
    }
  }

  /** Says what has failed, and where it may work another time lets whoever sent it decide. */
  async #isTriedAgain(error: unknown, { name }: File, progress: Progress): Promise<boolean> {
    if (!(error instanceof UploadError)) throw error;
    if (progress.isCancelled) return false;
    if (error.isPassing) return progress.offerAgain(error.message);
    toast(`${name}: ${error.message}`, "error");
    return false;
  }

  async #send(file: File, kind: UploadKind, progress: Progress): Promise<Node> {
    const { nodes } = this.#editor.schema;
    const options = { progress: (part: number) => progress.show(part), signal: progress.signal };
    if (kind === "image") {
      const { src } = await this.#uploader.uploadImage(file, options);
      return (nodes.image as typeof nodes.image & {}).create({ src });
    }
    const { src, name, size } = await this.#uploader.uploadFile(file, options);
    return (nodes.file as typeof nodes.file & {}).create({ src, name, size });
  }

  /** False, with a sentence, where nothing may be written any more or there is no place. */
  #insert(node: Node, gap: Gap): boolean {
    const { state, view, isEditable } = this.#editor;
    const end = state.doc.content.size;
    const { tr } = state;
    const after = put(tr, node, gap.position ?? end) ?? put(tr, node, end);
    if (!isEditable || after === null) {
      toast(t("The file has arrived, but you may not write here any more."), "error");
      return false;
    }
    view.dispatch(tr);
    gap.move(after);
    return true;
  }

  /** The form for an image's description, unless whoever sent it is already writing somewhere else. */
  #describe(src: string): void {
    const { state, view } = this.#editor;
    if (!view.hasFocus() && document.activeElement !== document.body) return;
    state.doc.descendants((node, position) => {
      if (node.type.name !== "image" || node.attrs.src !== src) return true;
      view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, position)).scrollIntoView());
      ask(this.#editor, "properties");
      return false;
    });
  }

  #behindCaret(): number {
    const { $to } = this.#editor.state.selection;
    return $to.parent.isTextblock ? $to.end() : $to.pos;
  }
}

/** Puts a block at or near a position, in the place of an empty paragraph that is not the last. Answers where it ends. */
function put(tr: Transaction, node: Node, position: number): number | null {
  const $at = tr.doc.resolve(position);
  const isEmpty = $at.parent.type.name === "paragraph" && $at.parent.content.size === 0;
  if (isEmpty && $at.node(-1).canReplaceWith($at.index(-1), $at.index(-1), node.type)) {
    const isLast = $at.index(-1) === $at.node(-1).childCount - 1;
    tr.replaceWith($at.before(), isLast ? $at.before() : $at.after(), node);
    return $at.before() + node.nodeSize;
  }
  const at = dropPoint(tr.doc, position, new Slice(Fragment.from(node), 0, 0));
  if (at === null) return null;
  tr.insert(at, node);
  return at + node.nodeSize;
}

function kindOf(file: File): UploadKind {
  return IMAGES.includes(file.type) ? "image" : "file";
}

/** The files that are pasted or dropped as files, and not as a picture of the text that comes with them. */
export function filesIn(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])];
  if (files.length === 0 || !data) return [];
  const html = data.getData("text/html");
  if (!html) return data.getData("text/plain") ? [] : files;
  // "Copy image" in a browser comes as an <img> too; what a word processor copies comes as a picture too.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  return body.querySelectorAll("img").length === 1 && !body.textContent?.trim() ? files : [];
}

/** Lets files be dropped and pasted; `uploads` is there once the editor is. */
export function fileDrops(uploads: () => Uploads): Extension {
  const take = (view: EditorView, files: File[], position: number) => {
    if (files.length > 0 && view.editable) void uploads().take(files, position);
    return files.length > 0;
  };
  return Extension.create({
    name: "uploads",
    addProseMirrorPlugins: () => [
      gaps(),
      new Plugin({
        props: {
          handlePaste: (view, { clipboardData }) => take(view, filesIn(clipboardData), view.state.selection.$to.end()),
          handleDrop(view, event, _, isMoved) {
            if (isMoved || view.dragging) return false;
            const { pos } = view.posAtCoords({ left: event.clientX, top: event.clientY }) ?? {};
            return take(view, [...(event.dataTransfer?.files ?? [])], pos ?? view.state.doc.content.size);
          },
        },
      }),
    ],
  });
}

/** A file that is dropped beside the text, or by who may not write, does not take the place of the page. */
export function keepFilesOut(): void {
  for (const name of ["dragover", "drop"] as const)
    document.addEventListener(name, (event) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
}
