/** How strongly the text of each thread is marked. The editor's DOM is not touched: it would take that for typing. */

import { Rules } from "../ui/rules";

const PENDING = "pending-comment";

export class CommentHighlight {
  readonly #rules = new Rules();

  show(active: string | null, resolved: Iterable<string>): void {
    const rules = [...resolved].map((thread) => rule(thread, "0%"));
    if (active) rules.push(rule(active, "45%"));
    this.#rules.write(rules);
  }

  /** Marks a passage as long as the focus is elsewhere, in the form; null for none. */
  pend(range: Range | null): void {
    if (!("highlights" in CSS)) return; // an older browser shows the quote in the form only
    if (range) CSS.highlights.set(PENDING, new Highlight(range));
    else CSS.highlights.delete(PENDING);
  }
}

function rule(thread: string, strength: string): string {
  return `.comment[data-thread="${CSS.escape(thread)}"] { --comment-strength: ${strength} }`;
}
