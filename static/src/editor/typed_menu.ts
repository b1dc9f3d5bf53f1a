/**
 * A menu that opens while somebody types: a sign at the beginning of a block or after a space opens it, what follows
 * filters it. Where the sign is follows from the text before the caret, whatever others do meanwhile; Esc leaves the text.
 */

import { type Editor, Extension } from "@tiptap/core";
import { type EditorState, Plugin, PluginKey } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { element } from "../ui/element";
import { type Choice, type ChoiceGroup, Choices } from "./choices";
import { placeAt } from "./popover";

type Groups<C extends Choice> = readonly ChoiceGroup<C>[];

/** What is typed, for `take` to put something in its place: from the sign to the caret. */
export interface Typed {
  readonly from: number;
  readonly to: number;
}

export interface TypedMenuKind<C extends Choice> {
  readonly name: string;
  readonly label: string;
  /** Matches the text before the caret where the menu may be open; its one group is the letters behind the sign. */
  readonly typed: RegExp;
  /** The likeliest first. What comes later, or fails, is nothing to wait for: the old list stands until then. */
  readonly offer: (editor: Editor, letters: string) => Groups<C> | Promise<Groups<C>>;
  readonly take: (editor: Editor, choice: C, typed: Typed) => void;
}

function lettersIn({ selection }: EditorState, typed: RegExp): string | null {
  const { $from, empty } = selection;
  if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return null;
  if ($from.marks().some(({ type }) => type.spec.code)) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\uFFFC");
  return typed.exec(before)?.[1] ?? null;
}

class TypedMenu<C extends Choice> {
  readonly #kind: TypedMenuKind<C>;
  readonly #key: PluginKey<boolean>;
  readonly #editor: Editor;
  readonly #box: HTMLElement;
  readonly #choices: Choices<C>;
  #letters: string | null = null;
  /** Whether the choices for these letters have not come yet, and whether the first of them is wanted as soon as they do. */
  #isWaiting = false;
  #isWanted = false;

  constructor(kind: TypedMenuKind<C>, key: PluginKey<boolean>, editor: Editor, view: EditorView) {
    this.#kind = kind;
    this.#key = key;
    this.#editor = editor;
    this.#choices = new Choices(kind.label, view.dom, (choice) => this.#take(choice));
    this.#box = element("div", { class: "popover slash-menu", hidden: true }, this.#choices.list);
    (view.dom.closest("#document-page") ?? document.body).append(this.#box);
  }

  update(view: EditorView): void {
    const isOpen = this.#key.getState(view.state) && view.editable;
    const letters = isOpen ? lettersIn(view.state, this.#kind.typed) : null;
    if (letters === this.#letters) return;
    this.#letters = letters;
    this.#isWaiting = this.#isWanted = false;
    if (letters === null) this.#hide();
    else void this.#ask(letters);
  }

  key(event: KeyboardEvent): boolean {
    if (this.#box.hidden) return false;
    if (event.key === "Escape") {
      this.#leave();
      return true;
    }
    // What is chosen blindly is what the letters mean, not what the list still shows.
    this.#isWanted ||= this.#isWaiting && event.key === "Enter" && !event.isComposing;
    return this.#isWanted || this.#choices.key(event);
  }

  destroy(): void {
    this.#box.remove();
  }

  #ask(letters: string): void | Promise<void> {
    const groups = this.#kind.offer(this.#editor, letters);
    if (!(groups instanceof Promise)) return this.#show(groups);
    this.#isWaiting = true;
    return groups
      .catch((): Groups<C> => [])
      .then((come) => {
        if (this.#letters === letters) this.#show(come);
      });
  }

  #show(groups: Groups<C>): void {
    const isWanted = this.#isWanted;
    this.#isWaiting = this.#isWanted = false;
    this.#choices.show(groups);
    if (this.#choices.isEmpty) this.#hide();
    else placeAt(this.#box, this.#editor.view, "below", "start");
    if (isWanted) this.#choices.take();
  }

  #take(choice: C): void {
    const { state } = this.#editor;
    const to = state.selection.from;
    const from = to - (this.#letters?.length ?? 0) - 1;
    this.#leave();
    this.#kind.take(this.#editor, choice, { from, to });
  }

  #leave(): void {
    this.#hide();
    const { state, view } = this.#editor;
    view.dispatch(state.tr.setMeta(this.#key, false));
  }

  #hide(): void {
    this.#box.hidden = true;
    this.#choices.clear();
  }
}

export function typedMenu<C extends Choice>(kind: TypedMenuKind<C>): Extension {
  const key = new PluginKey<boolean>(kind.name);
  return Extension.create({
    name: kind.name,
    // Before every other use of Enter, Tab and the arrows.
    priority: 1200,

    addProseMirrorPlugins() {
      const { editor } = this;
      let menu: TypedMenu<C> | null = null;
      return [
        new Plugin<boolean>({
          key,
          state: {
            init: () => false,
            apply(transaction, isOpen, before, after) {
              const told = transaction.getMeta(key) as boolean | undefined;
              if (told !== undefined) return told;
              if (isOpen) return lettersIn(after, kind.typed) !== null;
              // Only a sign that has just been typed here, not one that the caret comes across.
              const hasGrown = after.doc.content.size > before.doc.content.size;
              const isTyped = hasGrown && !transaction.getMeta(ySyncPluginKey);
              return isTyped && lettersIn(after, kind.typed) === "" && lettersIn(before, kind.typed) !== "";
            },
          },
          props: {
            handleKeyDown: (_, event) => menu?.key(event) ?? false,
            handleDOMEvents: { blur: () => void menu?.key(new KeyboardEvent("keydown", { key: "Escape" })) },
          },
          view: (view) => {
            menu = new TypedMenu(kind, key, editor, view);
            return menu;
          },
        }),
      ];
    },
  });
}
