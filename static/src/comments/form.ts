/** The form that starts a thread on the selected text. What is written in it survives a reload of the tab. */

import type { Editor } from "@tiptap/core";
import { pend, selectedRange } from "../editor/passage";
import { setOpen } from "../ui/drawer";
import { toast } from "../ui/toast";
import { t } from "../words";
import { type Anchor, anchorOf } from "./anchors";
import { isWide } from "./margin";

export interface CommentFormParts {
  readonly form: HTMLFormElement;
  readonly panel: HTMLElement;
  readonly editor: Editor;
  readonly documentId: string;
  /** Called when the form comes, goes or changes its size. */
  readonly moved: () => void;
}

export class CommentForm {
  readonly #parts: CommentFormParts;
  readonly #draftKey: string;
  #range: Range | null = null;

  constructor(parts: CommentFormParts) {
    this.#parts = parts;
    this.#draftKey = `scriptorium/draft/${parts.documentId}`;
    const { form } = parts;
    form.addEventListener("input", () => this.#keepDraft());
    form.addEventListener("keydown", (event) => event.key === "Escape" && this.cancel());
    form.querySelector("[data-cancel]")?.addEventListener("click", () => this.cancel());
    form.addEventListener("htmx:wsAfterSend", () => this.#sent());
  }

  /** The top of the passage in the window, null when nothing is being written. */
  get passageTop(): number | null {
    return this.#range && !this.#parts.form.hidden ? this.#range.getBoundingClientRect().top : null;
  }

  open(): void {
    const { form, editor, panel } = this.#parts;
    const { from, to } = editor.state.selection;
    const anchor = anchorOf(editor.state.doc, from, to);
    if (!anchor) {
      toast(t("Select the text that your comment is about."));
      return;
    }
    this.#fill(anchor);
    this.#range = selectedRange(editor.view);
    pend(this.#range);
    form.hidden = false;
    this.#parts.moved();
    if (!isWide()) {
      setOpen(panel, true, this.#body ?? undefined);
      return;
    }
    this.#body?.focus({ preventScroll: true });
    // Once it stands where it belongs: many cards before it may have pushed it out of the window.
    requestAnimationFrame(() => form.scrollIntoView({ block: "nearest" }));
  }

  /** The server has refused what was sent; it is in the form again. */
  reopen(): void {
    const { form } = this.#parts;
    form.hidden = false;
    this.#keepDraft();
    form.scrollIntoView({ block: "nearest" });
  }

  cancel(): void {
    const hadText = this.#body?.value ?? "";
    this.#close();
    if (!hadText) sessionStorage.removeItem(this.#draftKey);
    this.#parts.editor.commands.focus();
  }

  get #body(): HTMLTextAreaElement | null {
    return this.#parts.form.querySelector("textarea[name=body]");
  }

  #fill(anchor: Anchor): void {
    const { form } = this.#parts;
    for (const [name, value] of Object.entries(anchor)) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value;
    }
    const quote = form.querySelector(".comment-form-quote");
    if (quote) quote.textContent = anchor.quote;
    const body = this.#body;
    if (body) body.value ||= sessionStorage.getItem(this.#draftKey) ?? "";
  }

  #keepDraft(): void {
    sessionStorage.setItem(this.#draftKey, this.#body?.value ?? "");
    this.#parts.moved();
  }

  #sent(): void {
    sessionStorage.removeItem(this.#draftKey);
    this.#close();
    // Not from the sheet of a phone: its keyboard would stay up.
    if (isWide()) this.#parts.editor.commands.focus(null, { scrollIntoView: false });
  }

  #close(): void {
    this.#parts.form.hidden = true;
    pend(null);
    this.#range = null;
    this.#parts.moved();
  }
}
