/** What the site says about whom and what one may mention here. Knows no editor. */

import { t } from "../../words";

export interface Person {
  /** The principal, as a mention has it. */
  readonly id: string;
  readonly name: string;
  /** `#rrggbb`. */
  readonly colour: string;
}

export interface Mentionable {
  readonly people: readonly Person[];
  readonly documents: readonly { readonly id: string; readonly title: string }[];
  /** Who has just this username or address, and no access yet; only for who may share. */
  readonly stranger: Person | null;
  /** The levels that the stranger may be given, with their names. */
  readonly roles: readonly (readonly [level: number, label: string])[];
}

const NOTHING: Mentionable = { people: [], documents: [], stranger: null, roles: [] };

export class Site {
  readonly #address: string;
  /** Letters with a space in them that meant nothing: nor do longer ones. */
  #barren: string | null = null;

  constructor(documentId: string) {
    this.#address = `/d/${documentId}/mentionable/`;
  }

  /** Nothing while the site cannot be reached. */
  async mentionable(letters: string): Promise<Mentionable> {
    if (this.#barren !== null && letters.startsWith(this.#barren)) return NOTHING;
    this.#barren = null;
    const answer = await fetch(`${this.#address}?q=${encodeURIComponent(letters)}`).catch(() => null);
    if (!answer?.ok) return NOTHING;
    const told = (await answer.json()) as Mentionable;
    const isNothing = !told.stranger && told.people.length + told.documents.length === 0;
    if (isNothing && letters.includes(" ")) this.#barren = letters;
    return told;
  }

  /** Gives somebody a role, found by their whole username or address. Rejects with a sentence for whoever asked. */
  async letIn(who: string, level: string): Promise<Person> {
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const body = new URLSearchParams({ who, level });
    const answer = await fetch(`${this.#address}let-in/`, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token },
    }).catch(() => null);
    if (!answer) throw new Error(t("The site could not be reached: nothing was shared."));
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 201) return told;
    throw new Error(told.sentence ?? t("The site did not take it: reload the page, and try again."));
  }
}
