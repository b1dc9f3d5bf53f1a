/** Puts into the text what is no HTML: code, links, cards. Each is one transaction. */

import type { Node } from "@tiptap/pm/model";
import { type EditorState, TextSelection, type Transaction } from "@tiptap/pm/state";
import { type Clip, languageOf } from "./clip";

/** Code of one line within a text is a code span, and else a block. */
export function insertCode(state: EditorState, { text, mode }: Clip): Transaction {
  const { schema, selection } = state;
  const code = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const isSpan = !code.includes("\n") && selection.$from.parent.content.size > 0;
  if (isSpan) return insertText(state, code, schema.mark("code"));
  const content = code ? [schema.text(code)] : [];
  return insertBlock(state, schema.node("codeBlock", { language: mode && languageOf(mode) }, content));
}

export function insertLink(state: EditorState, href: string, words: string): Transaction {
  return insertText(state, words, state.schema.mark("link", { href }));
}

/** Of a document. */
export function insertMention({ schema, tr }: EditorState, document: string): Transaction {
  return tr.replaceSelectionWith(schema.node("documentMention", { document }), false).scrollIntoView();
}

export function insertCard(state: EditorState, href: string): Transaction {
  return insertBlock(state, state.schema.node("embed", { href }));
}

/** What is typed next is not part of it. */
function insertText({ schema, selection, tr }: EditorState, words: string, mark: Node["marks"][number]): Transaction {
  const marks = mark.addToSet(selection.$from.marks());
  tr.replaceSelectionWith(schema.text(words, marks), false);
  return tr.removeStoredMark(mark.type).scrollIntoView();
}

/** In place of an empty paragraph, else after what is selected has gone. */
function insertBlock({ selection, tr }: EditorState, block: Node): Transaction {
  const { $from, empty } = selection;
  const isBlank = empty && $from.parent.type.name === "paragraph" && $from.parent.content.size === 0;
  const isAllowed = $from.depth > 0 && $from.node(-1).canReplaceWith($from.index(-1), $from.indexAfter(-1), block.type);
  if (isBlank && isAllowed) tr.replaceWith($from.before(), $from.after(), block);
  else tr.replaceSelectionWith(block);
  const end = tr.mapping.map(selection.to);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(end, tr.doc.content.size)), -1)).scrollIntoView();
}
