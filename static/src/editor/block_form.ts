/** The form for what stands in a node's attributes: a formula's LaTeX, an image's description, a card's link, a file's name. */

import type { Editor } from "@tiptap/core";
import { button, element } from "../ui/element";
import { t } from "../words";
import { addressFrom } from "./addresses";
import { NARROWEST, WIDEST } from "./blocks/attributes";
import { showFormula } from "./blocks/formula";
import { placeAt } from "./popover";
import { type Creation, hasProperties } from "./shortcuts";

type Values = Record<string, unknown>;
type Field = HTMLInputElement | HTMLTextAreaElement;

interface FieldKind {
  readonly name: string;
  readonly label: string;
  readonly kind: "line" | "lines" | "number";
  /** The attribute's value, or a sentence that says what is wrong with what was typed. */
  readonly read?: (typed: string) => { value: unknown } | { problem: string };
}

/** As long as the server keeps (docs_app/content/attributes.py). */
const LONGEST = 8000;

const latex: FieldKind = { name: "latex", label: t("Formula, in LaTeX"), kind: "lines" };
const FORMS: Record<string, readonly FieldKind[]> = {
  inlineMath: [latex],
  blockMath: [latex],
  image: [
    { name: "alt", label: t("Description, for those who do not see the image"), kind: "line" },
    { name: "width", label: t("Width in pixels"), kind: "number", read: readWidth },
  ],
  file: [{ name: "name", label: t("Name"), kind: "line" }],
  embed: [
    { name: "href", label: t("Address"), kind: "line", read: readAddress },
    { name: "title", label: t("Title"), kind: "line", read: (typed) => ({ value: typed || null }) },
  ],
};

function readAddress(typed: string): { value: unknown } | { problem: string } {
  const value = addressFrom(typed);
  return value ? { value } : { problem: t("A card leads to a web, mail or telephone address.") };
}

function readWidth(typed: string): { value: unknown } | { problem: string } {
  if (!typed) return { value: null };
  const value = Math.round(Number(typed));
  const isFit = value >= NARROWEST && value <= WIDEST;
  return isFit
    ? { value }
    : { problem: t("An image is {least} to {most} pixels wide.", { least: NARROWEST, most: WIDEST }) };
}

export class BlockForm {
  readonly #editor: Editor;
  readonly #form = element("form", {
    class: "popover block-form",
    "aria-label": t("Change"),
    hidden: true,
  });
  #fields: readonly [FieldKind, Field][] = [];
  #type = "";
  /** Where the node is that is changed; null for one that is not there yet. */
  #position: number | null = null;

  constructor(page: HTMLElement, editor: Editor) {
    this.#editor = editor;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#apply();
    });
    this.#form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#close();
      // In a field of several lines Enter is a new line.
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.#form.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.#form.contains(relatedTarget as Node | null)) this.#form.hidden = true;
    });
    // What others do meanwhile moves the node.
    editor.on("transaction", ({ transaction }) => {
      if (this.#position !== null) this.#position = transaction.mapping.map(this.#position);
    });
    page.append(this.#form);
  }

  /** Of the node that is selected. */
  change(): void {
    const { selection } = this.#editor.state;
    if (hasProperties(selection)) this.#open(selection.node.type.name, selection.node.attrs, selection.from);
    else this.#changeAround("image");
  }

  create(type: Creation): void {
    const { from, to } = this.#editor.state.selection;
    const words = this.#editor.state.doc.textBetween(from, to, " ");
    this.#open(type, type === "embed" ? {} : { latex: words }, null);
  }

  /** Of the image in whose caption the caret is. */
  #changeAround(type: string): void {
    const { $from } = this.#editor.state.selection;
    if ($from.parent.type.name === type) this.#open(type, $from.parent.attrs, $from.before());
  }

  #open(type: string, values: Values, position: number | null): void {
    if (!this.#editor.isEditable) return;
    this.#type = type;
    this.#position = position;
    this.#fields = (FORMS[type] ?? []).map((kind) => [kind, fieldOf(kind, values[kind.name])]);
    const labels = this.#fields.map(([{ label }, field]) => element("label", {}, element("span", {}, label), field));
    const preview = FORMS[type]?.[0] === latex ? [this.#preview()] : [];
    const end = element(
      "div",
      { class: "form-end" },
      button(t("Cancel"), { class: "button button-quiet button-slim" }, () => this.#close()),
      element(
        "button",
        { type: "submit", class: "button button-primary button-slim" },
        position === null ? t("Insert") : t("Apply"),
      ),
    );
    this.#form.replaceChildren(...labels, ...preview, end);
    placeAt(this.#form, this.#editor.view, "below");
    this.#fields[0]?.[1].focus();
    this.#fields[0]?.[1].select();
  }

  #preview(): HTMLElement {
    const isBlock = this.#type === "blockMath";
    const shown = element("div", { class: "math-block formula-preview", "aria-live": "polite" });
    const field = this.#fields[0]?.[1];
    const show = () => void showFormula(field?.value ?? "", shown, isBlock);
    field?.addEventListener("input", show);
    show();
    return shown;
  }

  #apply(): void {
    const values: Values = {};
    for (const [{ name, read }, field] of this.#fields) {
      const typed = field.value.trim();
      const found = read ? read(typed) : { value: typed };
      field.setCustomValidity("problem" in found ? found.problem : "");
      if ("problem" in found) {
        field.reportValidity();
        return;
      }
      values[name] = found.value;
    }
    this.#write(values);
    this.#close();
  }

  #write(values: Values): void {
    const { state, view } = this.#editor;
    if (this.#position === null) {
      if (values.latex !== "") this.#editor.chain().insertContent({ type: this.#type, attrs: values }).run();
      return;
    }
    const node = state.doc.nodeAt(this.#position);
    // Somebody may have deleted it.
    if (node?.type.name !== this.#type) return;
    const { tr } = state;
    for (const [name, value] of Object.entries(values)) tr.setNodeAttribute(this.#position, name, value);
    view.dispatch(tr);
  }

  #close(): void {
    this.#form.hidden = true;
    this.#position = null;
    this.#editor.commands.focus();
  }
}

function fieldOf({ name, kind }: FieldKind, value: unknown): Field {
  const attributes = { name, maxlength: String(LONGEST), autocomplete: "off", spellcheck: "false" };
  const field =
    kind === "lines"
      ? element("textarea", { ...attributes, rows: "3" })
      : element("input", { ...attributes, type: "text", ...(kind === "number" ? { inputmode: "numeric" } : {}) });
  field.value = value === null || value === undefined ? "" : String(value);
  field.addEventListener("input", () => field.setCustomValidity(""));
  return field;
}
