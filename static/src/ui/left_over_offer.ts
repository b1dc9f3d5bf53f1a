/** The banner that offers what an earlier epoch has left in this browser: to be saved apart, copied, downloaded. */

import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { ROOT } from "../editor/editor";
import { download, holdsMore, nodeOf, saveApart, textOf } from "../sync/left_over";
import { type LeftOver, OfflineStore } from "../sync/offline";
import { t } from "../words";
import { showBanner } from "./banner";
import { copyAndSay } from "./copy_link";
import { confirmed } from "./dialog";
import { find } from "./element";
import { toast } from "./toast";

const SENTENCE = t("This browser still has text of this document that the server does not have. It was not mixed in.");

/** Offers each text that says anything which the document, called `title`, does not; the others are dropped. */
export async function offerLeftOver(page: HTMLElement, editor: Editor, title: string, found: LeftOver[]) {
  for (const { name, doc } of found) {
    const old = nodeOf(doc, ROOT, editor.schema);
    doc.destroy();
    if (holdsMore(old, editor.state.doc)) offer(page, title, name, old);
    else await OfflineStore.discard(name);
  }
}

function offer(page: HTMLElement, title: string, name: string, old: Node): void {
  const text = textOf(old);
  const form = find<HTMLFormElement>("#save-apart");
  const save = form && { text: t("Save as a new document"), run: () => keepApart(form, title, name, old) };
  showBanner(page, "left-over", SENTENCE, [
    ...(save ? [save] : []),
    { text: t("Copy it"), run: () => copyAndSay(text) },
    { text: t("Download"), run: () => download(title, text) },
    { text: t("Discard"), run: () => discard(name) },
  ]);
}

async function keepApart(form: HTMLFormElement, title: string, name: string, old: Node): Promise<boolean> {
  const saved = await saveApart(form, t("{title} (kept in a browser)", { title: title.slice(0, 160) }), old);
  if (typeof saved === "string") {
    toast(saved, "error");
    return false;
  }
  await OfflineStore.discard(name);
  location.assign(saved);
  return true;
}

async function discard(name: string): Promise<boolean> {
  const isAgreed = await confirmed({
    title: t("Discard this text for good?"),
    confirm: t("Discard"),
    isDangerous: true,
  });
  if (isAgreed) await OfflineStore.discard(name);
  return isAgreed;
}
