/**
 * Find and replace: a bar below the toolbar. It looks at the text only while it is open, and then again a moment after
 * changes, however many there were.
 */

import type { Editor } from "@tiptap/core";
import { TextSelection } from "@tiptap/pm/state";
import { toast } from "../../ui/toast";
import { t, tn } from "../../words";
import { isTooLarge } from "../guard";
import { asOneStep } from "../one_step";
import { readSelection } from "../selection";
import { drawAll, drawCurrent, drawNone, rangeOf } from "./drawing";
import { type Controls, FindForm } from "./form";
import { type Passage, passagesOf, replacements, textsOf } from "./passages";
import { Seeker } from "./seeker";

/** Milliseconds between a change of the text and looking again. */
const PAUSE = 250;
/** How often the text may change under a search before it is given up. */
const TRIES = 20;
const LONGEST_SELECTION = 200;

export class FindBar implements Controls {
  readonly #editor: Editor;
  readonly #form: FindForm;
  readonly #seeker = new Seeker();
  #passages: readonly Passage[] = [];
  #at = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: HTMLElement, editor: Editor) {
    this.#editor = editor;
    this.#form = new FindForm(this);
    page.querySelector(".desk")?.before(this.#form.root);
    editor.on("transaction", ({ transaction }) => {
      if (transaction.docChanged && this.isOpen) this.#later();
    });
  }

  get isOpen(): boolean {
    return !this.#form.root.hidden;
  }

  open(withReplace: boolean): void {
    readSelection(this.#editor.view);
    const { state, isEditable } = this.#editor;
    const { from, to, $from, $to } = state.selection;
    const isWord = from < to && to - from < LONGEST_SELECTION && $from.sameParent($to);
    this.#form.open(isWord ? state.doc.textBetween(from, to) : null, withReplace && isEditable, isEditable);
    void this.seek();
  }

  /** The caret goes to the match that was looked at. */
  close(): void {
    if (!this.isOpen) return;
    this.#form.root.hidden = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#seeker.close();
    drawNone();
    this.#editor.commands.focus();
  }

  /** Looks again, and begins at the caret. */
  async seek(): Promise<void> {
    const isFound = await this.#look();
    if (!isFound || !this.isOpen) return;
    const { from } = this.#editor.state.selection;
    const next = this.#passages.findIndex((passage) => passage.from >= from);
    this.#go(Math.max(next, 0));
  }

  step(by: 1 | -1): void {
    const count = this.#passages.length;
    if (count > 0) this.#go((this.#at + by + count) % count);
  }

  async replace(): Promise<void> {
    if (!(await this.#look()) || !this.#editor.isEditable) return;
    const passage = this.#passages[this.#at];
    if (!passage) return;
    this.#write([passage]);
    const { tr, doc } = this.#editor.state;
    const end = Math.min(passage.from + passage.instead.length, doc.content.size);
    this.#editor.view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(end))));
    await this.seek();
  }

  async replaceAll(): Promise<void> {
    if (!(await this.#look()) || !this.#editor.isEditable || this.#passages.length === 0) return;
    const count = this.#passages.length;
    if (!this.#write(this.#passages)) return;
    this.#form.say(tn("{n} replaced", "{n} replaced", count));
    toast(tn("One match was replaced.", "{n} matches were replaced.", count));
    await this.#look();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.isOpen) void this.#look();
    }, PAUSE);
  }

  /** Whether what was found is in the text as it is now, which others may be changing. */
  async #look(): Promise<boolean> {
    const { query, replacement } = this.#form;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { doc } = this.#editor.state;
      const { texts, starts } = textsOf(doc);
      const answer = await this.#seeker.seek({ texts, query, replacement });
      if (!answer) return false;
      if ("problem" in answer) {
        this.#found([], answer.problem);
        return false;
      }
      if (doc !== this.#editor.state.doc) continue;
      this.#found(passagesOf(answer.matches, starts), "");
      return true;
    }
    return false;
  }

  #found(passages: readonly Passage[], problem: string): void {
    this.#passages = passages;
    if (!this.isOpen) return;
    // The current match is the selection, which goes along with what others do.
    const { from, to } = this.#editor.state.selection;
    const selected = passages.findIndex((passage) => passage.from === from && passage.to === to);
    this.#at = selected >= 0 ? selected : Math.min(this.#at, passages.length - 1);
    drawAll(this.#editor.view, passages);
    this.#point();
    this.#form.count(this.#at, passages.length, problem);
  }

  #point(): Range | null {
    const passage = this.#passages[this.#at];
    const range = passage ? rangeOf(this.#editor.view, passage) : null;
    drawCurrent(range);
    return range;
  }

  #go(at: number): void {
    const passage = this.#passages[at];
    this.#at = passage ? at : -1;
    this.#form.count(this.#at, this.#passages.length, "");
    if (passage) {
      // A selection opens the toggle that it is in.
      const { tr, doc } = this.#editor.state;
      this.#editor.view.dispatch(tr.setSelection(TextSelection.create(doc, passage.from, passage.to)));
    }
    const range = this.#point();
    if (range) show(range);
  }

  /** False, with a sentence to the person, when it is more than the server takes. */
  #write(passages: readonly Passage[]): boolean {
    const { view } = this.#editor;
    const { tr } = view.state;
    for (const { from, to, instead } of [...passages].reverse()) tr.insertText(instead, from, to);
    if (isTooLarge(tr)) {
      toast(t("That is more than the server takes at once. Replace it in parts."), "error");
      return false;
    }
    asOneStep(view.state, () => {
      for (const replacing of replacements(passages)) view.dispatch(replacing(view.state));
    });
    return true;
  }
}

/** Scrolls only when it is out of sight, or behind one of the bars. */
function show(range: Range): void {
  const { top, bottom } = range.getBoundingClientRect();
  const isSeen = top > innerHeight * 0.25 && bottom < innerHeight * 0.8;
  if (!isSeen) scrollBy({ top: top - innerHeight * 0.4 });
}
