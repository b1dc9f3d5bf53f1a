/**
 * What is sent through a form is not yet accepted: the field is emptied, but its text comes back when the server refuses it.
 * (The socket answers a refusal with a message to its sender, and everything else with the fragment that everybody gets.)
 */

import { t } from "../words";
import { toast } from "./toast";

const REFUSAL = /id="notices"[\s\S]*data-kind="error"/;
const AWAITED_FOR = 30_000;

interface Sent {
  readonly formId: string;
  readonly body: string;
  readonly at: number;
}

/** For forms with an id and a textarea named "body" that say something new. `refused` is called with such a form. */
export function keepUntilAccepted(page: HTMLElement, author: string, refused: (form: HTMLFormElement) => void): void {
  let sent: Sent[] = [];
  page.addEventListener("htmx:wsAfterSend", ({ target }) => {
    const form = target as HTMLFormElement;
    form.closest<HTMLDetailsElement>("details.menu")?.removeAttribute("open");
    const field = fieldOf(form);
    if (!form.matches(".reply-form, #comment-form") || !field) return;
    sent.push({ formId: form.id, body: field.value, at: Date.now() });
    field.value = "";
  });
  document.addEventListener("htmx:wsAfterMessage", (event) => {
    const { message } = (event as CustomEvent<{ message: string }>).detail;
    const own = ownComments(page, author);
    sent = sent.filter(({ at, body }) => Date.now() - at < AWAITED_FOR && !own.has(bare(body)));
    if (!REFUSAL.test(message)) return;
    for (const { formId, body } of sent.splice(0)) giveBack(formId, body, refused);
  });
}

/** Without a connection a comment stays in its field, and a new title waits in this page; both are said. */
export function sayWhatWaits(page: HTMLElement, isOpen: () => boolean): void {
  page.addEventListener("htmx:wsConfigSend", (event) => {
    if (isOpen()) return;
    if ((event.target as HTMLElement).matches(".title-form")) {
      toast(t("The title changes when there is a connection again. Keep this page open until then."));
      return;
    }
    event.preventDefault();
    toast(t("There is no connection: this has not been sent. What you wrote stays here."), "error");
  });
}

function giveBack(formId: string, body: string, refused: (form: HTMLFormElement) => void): void {
  const form = document.getElementById(formId);
  const field = form instanceof HTMLFormElement ? fieldOf(form) : null;
  if (!field || field.value) return;
  field.value = body;
  refused(form as HTMLFormElement);
}

function fieldOf(form: HTMLFormElement): HTMLTextAreaElement | null {
  return form.querySelector("textarea[name=body]");
}

function ownComments(page: HTMLElement, author: string): Set<string> {
  const bodies = page.querySelectorAll(`[data-author="${CSS.escape(author)}"] .comment-body`);
  return new Set([...bodies].map((body) => bare(body.textContent ?? "")));
}

function bare(text: string): string {
  return text.replace(/\s+/g, "");
}
