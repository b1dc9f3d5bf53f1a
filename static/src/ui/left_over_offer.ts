/** What stands only in this browser, offered to its author: to be saved apart, copied, downloaded or discarded. */

import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import * as Y from "yjs";
import { ROOT } from "../editor/editor";
import type { LeftOver } from "../kept/keeping";
import { download, holdsMore, nodeOf, saveApart, textOf } from "../sync/left_over";
import { t } from "../words";
import { type BannerAction, showBanner } from "./banner";
import { copyAndSay } from "./copy_link";
import { confirmed } from "./dialog";
import { find } from "./element";
import { toast } from "./toast";

const SENTENCE = t("This browser still has text of this document that the server does not have. It was not mixed in.");

export interface Offer {
  readonly title: string;
  readonly text: Node;
  /** Takes it from this device: its author has it in another document, or does not want it. */
  readonly discard: () => Promise<void>;
  /** Called when its author has it on the clipboard or as a file. */
  readonly taken?: () => Promise<void>;
}

/** Offers each text that says anything which the document, called `title`, does not; the others are dropped. */
export async function offerLeftOver(
  page: HTMLElement,
  editor: Editor,
  title: string,
  found: readonly LeftOver[],
  discard: (name: string) => Promise<void>,
): Promise<void> {
  for (const { name, updates } of found) {
    const text = textIn(updates, editor);
    if (!holdsMore(text, editor.state.doc)) await discard(name);
    else showBanner(page, "left-over", SENTENCE, actionsFor({ title, text, discard: () => discard(name) }));
  }
}

function textIn(updates: Uint8Array[], editor: Editor): Node {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  const text = nodeOf(doc, ROOT, editor.schema);
  doc.destroy();
  return text;
}

/** The ways to take a text away. */
export function actionsFor(offer: Offer): BannerAction[] {
  const form = find<HTMLFormElement>("#save-apart");
  const save = form && { text: t("Save as a new document"), run: () => keepApart(form, offer) };
  return [
    ...(save ? [save] : []),
    { text: t("Copy my text"), run: () => copyOut(offer) },
    { text: t("Download"), run: () => downloadOut(offer) },
    { text: t("Discard"), run: () => discardIfSure(offer) },
  ];
}

async function keepApart(form: HTMLFormElement, { title, text, discard }: Offer): Promise<boolean> {
  const saved = await saveApart(form, t("{title} (kept in a browser)", { title: title.slice(0, 160) }), text);
  if (typeof saved === "string") {
    toast(saved, "error");
    return false;
  }
  await discard();
  location.assign(saved);
  return true;
}

/** Never true: whatever offered it stays open. */
async function copyOut({ text, taken }: Offer): Promise<false> {
  if (await copyAndSay(textOf(text))) await taken?.();
  return false;
}

async function downloadOut({ title, text, taken }: Offer): Promise<false> {
  download(title, textOf(text));
  await taken?.();
  return false;
}

async function discardIfSure({ discard }: Offer): Promise<boolean> {
  const isAgreed = await confirmed({
    title: t("Discard this text for good?"),
    confirm: t("Discard"),
    isDangerous: true,
  });
  if (isAgreed) await discard();
  return isAgreed;
}
