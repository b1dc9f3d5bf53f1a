/** How strongly the text of each thread is marked. The editor's DOM is not touched: it would take that for typing. */

import { Rules } from "../ui/rules";

export class CommentHighlight {
  readonly #rules = new Rules();

  show(active: string | null, resolved: Iterable<string>): void {
    const rules = [...resolved].map((thread) => rule(thread, "0%"));
    if (active) rules.push(rule(active, "var(--comment-active)"));
    this.#rules.write(rules);
  }
}

function rule(thread: string, strength: string): string {
  return `.comment[data-thread="${CSS.escape(thread)}"] { --comment-strength: ${strength} }`;
}
