/** The editing surface: a Tiptap editor on the shared document, in place of the text that the server rendered. */

import { Editor, Extension } from "@tiptap/core";
import { Placeholder } from "@tiptap/extensions/placeholder";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { Paste } from "../paste/paste";
import { toast } from "../ui/toast";
import { t } from "../words";
import { isSafeAddress } from "./addresses";
import { SharedText } from "./binding/binding";
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
  readonly isEditable: boolean;
}

export interface Mounted {
  readonly editor: Editor;
  readonly uploads: Uploads;
}

export function mountEditor({ element, documentId, doc, awareness, uploader, isEditable }: Surface): Mounted {
  learnNames(element);
  learnTitles(element);
  element.replaceChildren();
  const root = doc.getXmlFragment(ROOT);
  const undo: OwnUndo = new OwnUndo(
    root,
    () => editor.schema,
    () => editor.isEditable,
  );
  const editor: Editor = new Editor({
    element,
    editable: isEditable,
    // The page's stylesheet has these rules: the content security policy forbids style elements.
    injectCSS: false,
    // What is pasted as Markdown is read as a whole (src/paste/), and what is pasted as it is stays as it is.
    enablePasteRules: false,
    extensions: [
      ...content,
      SharedText.configure({ root, undoManager: undo }),
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
  keepTitles();
  element.classList.replace("is-static", "is-live");
  element.removeAttribute("aria-busy");
  return { editor, uploads };
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
