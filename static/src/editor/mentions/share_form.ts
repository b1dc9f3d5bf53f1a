/** Asks what role somebody gets who is to be mentioned and cannot open the document yet. What was typed stays until then. */

import type { Editor } from "@tiptap/core";
import { COMMENT_LEVEL } from "../../levels";
import { button, element } from "../../ui/element";
import { t } from "../../words";
import { placeAt } from "../popover";
import { type Place, placeOf, positionOf } from "../positions";
import type { Typed } from "../typed_menu";
import { putMention } from "./put";
import type { Mentionable, Person, Site } from "./site";

/** What most are let in for. */
const USUAL = COMMENT_LEVEL;

export interface Invitation {
  readonly person: Person;
  /** What they were found by. */
  readonly who: string;
  readonly roles: Mentionable["roles"];
  readonly typed: Typed;
}

export class ShareForm {
  readonly #editor: Editor;
  readonly #site: Site;
  readonly #invitation: Invitation;
  /** Where what was typed is, whatever others write meanwhile. */
  readonly #places: readonly (Place | null)[];
  readonly #role: HTMLSelectElement;
  readonly #problem = element("p", { class: "problem small", role: "alert" });
  readonly #form: HTMLFormElement;

  constructor(editor: Editor, site: Site, invitation: Invitation) {
    this.#editor = editor;
    this.#site = site;
    this.#invitation = invitation;
    const { person, roles, typed } = invitation;
    this.#places = [typed.from, typed.to].map((position) => placeOf(editor.state, position));
    const options = roles.map(([level, label]) =>
      element("option", { value: String(level), selected: level === USUAL }, label),
    );
    this.#role = element("select", { "aria-label": t("Role of {name}", { name: person.name }) }, ...options);
    const attributes = {
      class: "popover block-form",
      role: "dialog",
      "aria-label": t("Share with {name}", { name: person.name }),
    };
    const said = t("{name} cannot open this document yet.", { name: person.name });
    this.#form = element("form", attributes, element("p", {}, said), this.#role, this.#problem, this.#end());
    this.#attend();
  }

  open(): void {
    const { view } = this.#editor;
    (view.dom.closest("#document-page") ?? document.body).append(this.#form);
    placeAt(this.#form, view, "below");
    this.#role.focus();
  }

  #end(): HTMLElement {
    const quiet = { class: "button button-quiet button-slim" };
    return element(
      "div",
      { class: "form-end" },
      button(t("Cancel"), quiet, () => this.#close()),
      button(t("Only mention"), quiet, () => this.#mention(this.#invitation.person)),
      element("button", { type: "submit", class: "button button-primary button-slim" }, t("Share and mention")),
    );
  }

  #attend(): void {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#share();
    });
    this.#form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    });
  }

  async #share(): Promise<void> {
    this.#problem.textContent = "";
    try {
      this.#mention(await this.#site.letIn(this.#invitation.who, this.#role.value));
    } catch (error) {
      this.#problem.textContent = (error as Error).message;
    }
  }

  #mention({ id, name }: Person): void {
    const [from, to] = this.#places.map((place) => positionOf(this.#editor.state, place));
    this.#close();
    if (typeof from !== "number" || typeof to !== "number") return;
    putMention(this.#editor, { type: "personMention", attrs: { person: id, name } }, { from, to });
  }

  #close(): void {
    this.#form.remove();
    this.#editor.commands.focus();
  }
}
