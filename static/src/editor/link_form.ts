/** The form that sets, changes, opens or takes away the link at the selection. */

import type { Editor } from "@tiptap/core";
import { button, element } from "../ui/element";
import { t } from "../words";
import { addressFrom, isSafeAddress } from "./addresses";
import { icon } from "./icons";
import { pend, selectedRange } from "./passage";
import { placeAt } from "./popover";

export class LinkForm {
  readonly #editor: Editor;
  readonly #input = element("input", {
    type: "text",
    name: "href",
    inputmode: "url",
    autocomplete: "off",
    "aria-label": t("Address"),
    placeholder: t("Paste or type an address"),
  });
  readonly #form: HTMLFormElement;

  constructor(page: HTMLElement, editor: Editor) {
    this.#editor = editor;
    const attributes = { class: "popover link-form", "aria-label": t("Link"), hidden: true };
    const apply = element(
      "button",
      { type: "submit", class: "tool", "aria-label": t("Apply"), title: t("Apply") },
      icon("apply"),
    );
    this.#form = element(
      "form",
      attributes,
      this.#input,
      apply,
      this.#tool("remove", t("Remove the link")),
      this.#tool("open", t("Open the link")),
    );
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#apply();
    });
    this.#form.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
    this.#form.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.#form.contains(relatedTarget as Node | null)) this.#hide();
    });
    this.#input.addEventListener("input", () => this.#input.setCustomValidity(""));
    page.append(this.#form);
  }

  open(): void {
    if (!this.#editor.isEditable) return;
    this.#input.value = String(this.#editor.getAttributes("link").href ?? "");
    this.#input.setCustomValidity("");
    pend(selectedRange(this.#editor.view));
    placeAt(this.#form, this.#editor.view, "below");
    this.#input.select();
    this.#input.focus();
  }

  #tool(name: "remove" | "open", label: string): HTMLButtonElement {
    const run = name === "remove" ? () => this.#remove() : () => this.#open();
    const made = button("", { class: "tool", "data-tool": name, "aria-label": label, title: label }, run);
    made.append(icon(name));
    return made;
  }

  #apply(): void {
    if (!this.#input.value.trim()) {
      this.#remove();
      return;
    }
    const href = addressFrom(this.#input.value);
    if (!href) {
      this.#input.setCustomValidity(t("A link goes to a web, mail or telephone address."));
      this.#input.reportValidity();
      return;
    }
    const chain = this.#editor.chain().focus().extendMarkRange("link");
    const isNew = this.#editor.state.selection.empty && !this.#editor.isActive("link");
    const text = this.#input.value.trim();
    if (isNew) chain.insertContent({ type: "text", text, marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
    this.#close();
  }

  #remove(): void {
    this.#editor.chain().focus().extendMarkRange("link").unsetLink().run();
    this.#close();
  }

  #open(): void {
    const href = addressFrom(this.#input.value);
    if (href && isSafeAddress(href)) window.open(href, "_blank", "noopener,noreferrer");
  }

  #hide(): void {
    this.#form.hidden = true;
    pend(null);
  }

  #close(): void {
    this.#hide();
    this.#editor.commands.focus();
  }
}
