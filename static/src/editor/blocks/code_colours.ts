/**
 * Colours code by its grammar, without touching it: named ranges (the CSS Custom Highlight API) are laid over the text. So
 * neither the editor nor the shared document knows of it, and a remote update costs nothing. Only code that is in view is
 * coloured. A browser without such ranges shows it plain.
 */

type Grammars = typeof import("../../lazy/code");

/** highlight.js's names for parts of code, by what they look like here (prose_code.css). */
const LOOKS: Record<string, readonly string[]> = {
  keyword: ["keyword", "built_in", "literal", "selector-tag", "tag", "name", "doctag"],
  string: ["string", "regexp", "addition", "code", "link", "quote"],
  number: ["number", "symbol", "bullet", "variable", "template-variable", "attr", "attribute", "property"],
  title: ["title", "section", "type", "class", "selector-class", "selector-id", "meta"],
  comment: ["comment", "deletion"],
};
const LOOK_OF = new Map(Object.entries(LOOKS).flatMap(([look, kinds]) => kinds.map((kind) => [kind, look] as const)));

let loaded: Promise<Grammars> | null = null;

export class CodeColours {
  readonly #code: HTMLElement;
  readonly #ranges: [look: string, range: Range][] = [];
  readonly #sight: IntersectionObserver | null;
  #language = "";
  #isInSight = false;
  #frame = 0;

  constructor(code: HTMLElement) {
    this.#code = code;
    this.#sight =
      "highlights" in CSS ? new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: "50%" }) : null;
    this.#sight?.observe(code);
  }

  /** To be called when the code or its language has changed. */
  refresh(language: string | null): void {
    this.#language = language ?? "";
    if (this.#frame || !this.#isInSight) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      void this.#colour();
    });
  }

  destroy(): void {
    this.#sight?.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#isInSight = false;
    this.#clear();
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    this.#isInSight = entries.at(-1)?.isIntersecting ?? false;
    if (this.#isInSight) this.refresh(this.#language);
    else this.#clear();
  }

  async #colour(): Promise<void> {
    this.#clear();
    if (!this.#language) return;
    loaded ??= import("../../lazy/code");
    const grammars = await loaded;
    if (!this.#isInSight) return;
    this.#clear();
    const texts = textsIn(this.#code);
    const code = texts.map(({ data }) => data).join("");
    for (const { kind, from, to } of grammars.tokens(code, this.#language)) {
      const look = LOOK_OF.get(kind);
      if (look) this.#paint(look, rangeOver(texts, from, to));
    }
  }

  #paint(look: string, range: Range): void {
    const name = `code-${look}`;
    const painted = CSS.highlights.get(name) ?? new Highlight();
    painted.add(range);
    CSS.highlights.set(name, painted);
    this.#ranges.push([name, range]);
  }

  #clear(): void {
    for (const [name, range] of this.#ranges.splice(0)) CSS.highlights.get(name)?.delete(range);
  }
}

/** The texts of the code, without the labels of carets in it. */
function textsIn(code: HTMLElement): Text[] {
  const accept = (node: Node) =>
    node.parentElement?.closest(".caret") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT, accept);
  const found: Text[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  return found;
}

function rangeOver(texts: readonly Text[], from: number, to: number): Range {
  const range = document.createRange();
  let start = 0;
  for (const text of texts) {
    const end = start + text.length;
    if (from >= start && from < end) range.setStart(text, from - start);
    if (to > start && to <= end) range.setEnd(text, to - start);
    start = end;
  }
  return range;
}
