/** Begins a mention, or puts it in the place of what was typed, and a space behind it if there is none. */

import type { Editor } from "@tiptap/core";
import { TextSelection } from "@tiptap/pm/state";
import type { Typed } from "../typed_menu";

export type Mention =
  | { readonly type: "personMention"; readonly attrs: { readonly person: string; readonly name: string } }
  | { readonly type: "documentMention"; readonly attrs: { readonly document: string } }
  | { readonly type: "dateMention"; readonly attrs: { readonly date: string } };

/** As if the sign had been typed: what follows chooses. */
export function beginMention({ state, view }: Editor): boolean {
  const { $from, from, to } = state.selection;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\uFFFC");
  view.dispatch(state.tr.insertText(/(?:^|\s)$/.test(before) ? "@" : " @", from, to).scrollIntoView());
  view.focus();
  return true;
}

export function putMention({ state, view }: Editor, { type, attrs }: Mention, { from, to }: Typed): void {
  const { schema, doc, tr } = state;
  const $to = doc.resolve(to);
  const next = $to.parent.textBetween($to.parentOffset, Math.min($to.parentOffset + 1, $to.parent.content.size));
  const space = /^\s/.test(next) ? [] : [schema.text(" ")];
  tr.replaceWith(from, to, [schema.node(type, attrs), ...space]);
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, from + 2)).scrollIntoView());
  view.focus();
}
