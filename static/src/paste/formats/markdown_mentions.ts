/** Mentions in Markdown: `@[Name](user:7)`, `@[Title](/d/…/)` and `@[24 December](date:2026-12-24)`, as the server has them. */

import type StateInline from "markdown-it/lib/rules_inline/state_inline.mjs";
import { dayOf, documentOf, personOf } from "../../editor/blocks/attributes";

const MENTION = /@\[((?:\\[\s\S]|[^\\[\]])*)\]\((?:(user:\d+)|\/d\/([\w-]+)\/|date:([\d-]+))\)/y;

export function mention(state: StateInline, silent: boolean): boolean {
  MENTION.lastIndex = state.pos;
  const [whole, label, ...targets] = MENTION.exec(state.src) ?? [];
  const [person, document, day] = targets;
  if (!whole || !(personOf(person) ?? documentOf(document) ?? dayOf(day))) return false;
  if (!silent) {
    const token = state.push("mention", "", 0);
    token.content = state.md.utils
      .unescapeAll(label ?? "")
      .replace(/\s+/g, " ")
      .trim();
    token.meta = { person, document, day };
  }
  state.pos += whole.length;
  return true;
}

/** The HTML that the schema reads; ids and days need no escape. */
export function writeMention(meta: Record<string, string | undefined>, label: string): string {
  const { person, document, day } = meta;
  if (person) return `<span class="mention" data-person="${person}">@${label}</span>`;
  if (document) return `<a class="mention" href="/d/${document}/" data-document="${document}">${label}</a>`;
  return `<time class="mention" datetime="${day}">${label}</time>`;
}
