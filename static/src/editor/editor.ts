/**
 * The editing surface: a Tiptap editor on the shared document, in place of the text that the server rendered. What of it needs
 * no text is made while the text is still on its way.
 */

import { Editor, Extension } from "@tiptap/core";
import { Placeholder } from "@tiptap/extensions/placeholder";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { Paste } from "../paste/paste";
import { toast } from "../ui/toast";
import { t } from "../words";
import { isSafeAddress } from "./addresses";
import { beginning, SharedText } from "./binding/binding";
import type { Bound } from "./binding/incoming";
import { Known } from "./binding/known";
import { blockHandle } from "./block_handle";
import { blockKeys } from "./block_moves";
import { caretsPlugin } from "./carets";
import { emojiMenu } from "./emoji/menu";
import { guard, TOO_LARGE } from "./guard";
import { mentionMenu } from "./mentions/menu";
import { learnNames } from "./mentions/people";
import { keepTitles, learnTitles } from "./mentions/titles";
import { OwnUndo } from "./own_undo";
import { content } from "./schema";
import { ask, hasProperties, shortcuts } from "./shortcuts";
import { slashMenu } from "./slash";
import { tableHandles } from "./table_handles";
import { typing } from "./typing";
import { undoCaret } from "./undo_caret";
import type { Uploader } from "./uploads/uploader";
import { fileDrops, Uploads } from "./uploads/uploads";

/** The name of the document's root in the CRDT. */
export const ROOT = "default";

/** Pixels that the bars on top and, on a phone, the toolbar at the foot take: the caret is kept out from under them. */
const BARS = { top: 120, right: 0, bottom: 72, left: 0 };

export interface Surface {
  readonly element: HTMLElement;
  readonly documentId: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly uploader: Uploader;
}

export interface Prepared {
  readonly editor: Editor;
  readonly uploads: Uploads;
  /** Shows the editor, once the text is in the shared document. */
  readonly mount: (isEditable: boolean) => void;
}

export function prepareEditor({ element, documentId, doc, awareness, uploader }: Surface): Prepared {
  learnNames(element);
  learnTitles(element);
  const root = doc.getXmlFragment(ROOT);
  const bound: Bound = { root, known: new Known() };
  const undo: OwnUndo = new OwnUndo(
    root,
    () => editor.schema,
    () => editor.isEditable,
  );
  const editor: Editor = new Editor({
    element: null,
    // The page's stylesheet has these rules: the content security policy forbids style elements.
    injectCSS: false,
    // What is pasted as Markdown is read as a whole (src/paste/), and what is pasted as it is stays as it is.
    enablePasteRules: false,
    extensions: [
      ...content,
      SharedText.configure({ bound, undoManager: undo }),
      Placeholder.configure({ placeholder: t("Write something, paste it here, or type / for blocks") }),
      shortcuts,
      typing,
      Paste.configure({ uploadImage: (image: File) => uploader.uploadImage(image) }),
      tableHandles,
      slashMenu,
      mentionMenu(documentId),
      emojiMenu,
      blockKeys,
      blockHandle,
      fileDrops(() => uploads),
      surroundings(awareness, undo),
    ],
    editorProps: {
      scrollThreshold: BARS,
      scrollMargin: BARS,
      handleDoubleClick: () => hasProperties(editor.state.selection) && ask(editor, "properties"),
      handleClick: (_view, _position, event) => openLink(event),
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": t("Text of the document") },
    },
  });
  const uploads = new Uploads(editor, uploader);
  const mount = (isEditable: boolean) => {
    editor.setEditable(isEditable, false);
    editor.view.updateState(beginning(bound, editor.schema));
    replaceServed(element, (place) => editor.mount({ mount: place }));
    keepTitles();
  };
  return { editor, uploads, mount };
}

/** What is put into the text, and looked at, while it is mounted would have it laid out again each time, if it were shown. */
function replaceServed(element: HTMLElement, mount: (place: HTMLElement) => void): void {
  const served = document.createRange();
  served.selectNodeContents(element);
  const place = document.createElement("div");
  place.hidden = true;
  element.append(place);
  mount(place);
  served.deleteContents();
  element.classList.replace("is-static", "is-live");
  element.removeAttribute("aria-busy");
  place.hidden = false;
}

/** A click moves the caret into a link; with Ctrl or Cmd it follows it. */
function openLink(event: MouseEvent): boolean {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
  if (!link || !(event.ctrlKey || event.metaKey) || !isSafeAddress(link.getAttribute("href") ?? "")) return false;
  window.open(link.href, "_blank", "noopener,noreferrer");
  return true;
}

/** What belongs to the live editor, but not to the schema. */
function surroundings(awareness: Awareness, undo: OwnUndo): Extension {
  return Extension.create({
    name: "surroundings",
    addProseMirrorPlugins() {
      return [
        guard(
          () => this.editor.isEditable,
          () => toast(TOO_LARGE, "error"),
        ),
        caretsPlugin(awareness),
        undoCaret(undo, awareness),
      ];
    },
  });
}
