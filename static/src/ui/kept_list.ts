/**
 * What is kept on this device, in the list of documents: which of them open without a connection while there is none, and
 * which have text that is not saved yet. Where nobody is signed in: that somebody's text waits here.
 */

import { forget, keptAt, unsavedHere } from "../kept/device";
import { withKeptPages } from "../kept/pages";
import type { Kept } from "../kept/shelf";
import { locale, t } from "../words";
import { confirmed } from "./dialog";
import { button, element, find } from "./element";
import { changes } from "./sign_out";

export async function showWhatIsKept(): Promise<void> {
  const list = find("#documents");
  if (list && keptAt()) {
    for (const old of document.querySelectorAll("#notices .toast")) old.remove();
    list.before(offlineNote());
    await markMissing(list);
    addEventListener("online", () => location.reload());
  }
  const here = await unsavedHere();
  if (!here || here.kept.length === 0) return;
  if (list && here.person) list.before(unsavedNote(here.kept));
  else if (!here.person) find(".entrance main")?.append(someonesNote(here.kept));
}

function offlineNote(): HTMLElement {
  const at = new Date(keptAt()).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
  const sentence = t("You are offline. This is the list as it was on {at}.", { at });
  const shown = note(sentence);
  shown.append(button(t("Try again"), { class: "button button-slim" }, () => location.reload()));
  return shown;
}

async function markMissing(list: HTMLElement): Promise<void> {
  const here = new Set(await withKeptPages((pages) => pages.addresses()));
  for (const row of list.querySelectorAll<HTMLElement>(".document-row")) {
    if (here.has(row.querySelector<HTMLAnchorElement>("a.title")?.href ?? "")) continue;
    row.classList.add("is-missing");
    row.querySelector(".when")?.replaceChildren(t("Needs a connection"));
  }
}

function unsavedNote(found: readonly Kept[]): HTMLElement {
  const documents = found.map(({ copy, unsaved }) =>
    element(
      "li",
      {},
      element("a", { href: `/d/${copy.documentId}/`, dir: "auto" }, copy.title),
      ` (${changes(unsaved)})`,
    ),
  );
  const shown = note(
    t(
      "Your last changes to these documents are on this device only. They are saved once you open them with a connection.",
    ),
  );
  shown.append(element("ul", {}, ...documents));
  return shown;
}

function someonesNote(found: readonly Kept[]): HTMLElement {
  const sentence = t(
    "This browser keeps text that is not saved yet, of somebody who was signed in. It is saved when they sign in and open it.",
  );
  const shown = note(sentence);
  const discard = button(t("Delete it"), { class: "button button-slim" }, () => {
    const title = t("Delete this text for good?");
    void confirmed({ title, confirm: t("Delete"), isDangerous: true }).then(async (isAgreed) => {
      if (!isAgreed) return;
      for (const { copy } of found) await forget(copy.principal);
      shown.remove();
    });
  });
  shown.append(discard);
  return shown;
}

function note(...words: (Node | string)[]): HTMLElement {
  return element("div", { class: "kept-note", role: "status" }, element("p", {}, ...words));
}
