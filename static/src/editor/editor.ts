/** The editing surface: a Tiptap editor on the shared document, in place of the text that the server rendered. */

import { Editor, Extension } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { Placeholder } from "@tiptap/extensions";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { Paste } from "../paste/paste";
import { toast } from "../ui/toast";
import { t } from "../words";
import { isSafeAddress } from "./addresses";
import { blockHandle } from "./block_handle";
import { blockKeys } from "./block_moves";
import { caretsPlugin } from "./carets";
import { guard, TOO_LARGE } from "./guard";
import { content } from "./schema";
import { ask, hasProperties, shortcuts } from "./shortcuts";
import { slashMenu } from "./slash";
import { tableHandles } from "./table_handles";
import { typing } from "./typing";
import type { Uploader } from "./uploads/uploader";
import { fileDrops, Uploads } from "./uploads/uploads";

/** The name of the document's root in the CRDT. */
export const ROOT = "default";

export interface Surface {
  readonly element: HTMLElement;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly uploader: Uploader;
  readonly isEditable: boolean;
}

export interface Mounted {
  readonly editor: Editor;
  readonly uploads: Uploads;
}

export function mountEditor({ element, doc, awareness, uploader, isEditable }: Surface): Mounted {
  element.replaceChildren();
  const editor = new Editor({
    element,
    editable: isEditable,
    // The page's stylesheet has these rules: the content security policy forbids style elements.
    injectCSS: false,
    // What is pasted as Markdown is read as a whole (src/paste/), and what is pasted as it is stays as it is.
    enablePasteRules: false,
    extensions: [
      ...content,
      Collaboration.configure({ document: doc, field: ROOT }),
      Placeholder.configure({ placeholder: t("Write something, paste it here, or type / for blocks") }),
      shortcuts,
      typing,
      Paste.configure({ uploadImage: (image: File) => uploader.uploadImage(image) }),
      tableHandles,
      slashMenu,
      blockKeys,
      blockHandle,
      fileDrops(() => uploads),
      surroundings(awareness),
    ],
    editorProps: {
      handleDoubleClick: () => hasProperties(editor.state.selection) && ask(editor, "properties"),
      handleClick: (_view, _position, event) => openLink(event),
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": t("Text of the document") },
    },
  });
  const uploads = new Uploads(editor, uploader);
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
function surroundings(awareness: Awareness): Extension {
  return Extension.create({
    name: "surroundings",
    addProseMirrorPlugins() {
      return [
        guard(
          () => this.editor.isEditable,
          () => toast(TOO_LARGE, "error"),
        ),
        caretsPlugin(awareness),
      ];
    },
  });
}
