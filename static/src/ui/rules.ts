/**
 * A stylesheet that script writes: for styles that depend on data. Not style attributes: htmx copies those when it swaps an
 * element, which the content security policy forbids, and the editor takes them for typing.
 */

export class Rules {
  readonly #sheet = new CSSStyleSheet();
  #written = "";

  constructor() {
    document.adoptedStyleSheets.push(this.#sheet);
  }

  /** Replaces all rules. Writing the same again costs nothing: a new sheet makes the browser style the whole page anew. */
  write(rules: readonly string[]): void {
    const text = rules.join("\n");
    if (text === this.#written) return;
    this.#written = text;
    this.#sheet.replaceSync(text);
  }
}
