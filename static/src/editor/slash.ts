/**
 * The slash menu: a `/` typed at the beginning of a block or after a space offers the blocks, what follows it filters
 * them. Where the slash is follows from the text before the caret, whatever others do meanwhile; Esc leaves the text.
 */

import { type Editor, Extension } from "@tiptap/core";
import { type EditorState, Plugin, PluginKey } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { element } from "../ui/element";
import { t } from "../words";
import { Choices } from "./choices";
import { ranked } from "./matching";
import { placeAt } from "./popover";
import { blocks, type Tool } from "./tools";

const TYPED = /(?:^|\s)\/([^/\uFFFC]{0,30})$/;
const slashKey = new PluginKey<boolean>("slash");

/** What stands between the slash and the caret; null where there is no slash that could be meant. */
export function lettersAfterSlash({ selection }: EditorState): string | null {
  const { $from, empty } = selection;
  if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\uFFFC");
  return TYPED.exec(before)?.[1] ?? null;
}

class SlashMenu {
  readonly #editor: Editor;
  readonly #box: HTMLElement;
  readonly #choices: Choices;
  #shown: string | null = null;

  constructor(editor: Editor, view: EditorView) {
    this.#editor = editor;
    this.#choices = new Choices(t("Insert a block"), view.dom, (tool) => this.#take(tool));
    this.#box = element("div", { class: "popover slash-menu", hidden: true }, this.#choices.list);
    (view.dom.closest("#document-page") ?? document.body).append(this.#box);
  }

  update(view: EditorView): void {
    const letters = slashKey.getState(view.state) && view.editable ? lettersAfterSlash(view.state) : null;
    if (letters === this.#shown) return;
    this.#shown = letters;
    if (letters !== null) this.#choices.show(this.#offered(letters));
    if (letters === null || this.#choices.isEmpty) this.#hide();
    else placeAt(this.#box, view, "below", "start");
  }

  key(event: KeyboardEvent): boolean {
    if (this.#box.hidden) return false;
    if (event.key !== "Escape") return this.#choices.key(event);
    this.#leave();
    return true;
  }

  destroy(): void {
    this.#box.remove();
  }

  #offered(letters: string) {
    const isPossible = ({ isPossible }: Tool) => isPossible?.(this.#editor) ?? true;
    const groups = blocks.map(({ label, tools }) => ({ label, tools: tools.filter(isPossible) }));
    if (!letters) return groups;
    const tools = ranked(
      groups.flatMap((group) => group.tools),
      letters,
    );
    return [{ label: "", tools }];
  }

  #take(tool: Tool): void {
    const { state, view } = this.#editor;
    const to = state.selection.from;
    const from = to - (this.#shown?.length ?? 0) - 1;
    this.#hide();
    view.dispatch(state.tr.delete(from, to).setMeta(slashKey, false));
    tool.run(this.#editor);
  }

  #leave(): void {
    this.#hide();
    const { state, view } = this.#editor;
    view.dispatch(state.tr.setMeta(slashKey, false));
  }

  #hide(): void {
    this.#box.hidden = true;
    this.#choices.clear();
  }
}

export const slashMenu = Extension.create({
  name: "slashMenu",
  // Before every other use of Enter, Tab and the arrows.
  priority: 1200,

  addProseMirrorPlugins() {
    const { editor } = this;
    let menu: SlashMenu | null = null;
    return [
      new Plugin<boolean>({
        key: slashKey,
        state: {
          init: () => false,
          apply(transaction, isOpen, before, after) {
            const told = transaction.getMeta(slashKey) as boolean | undefined;
            if (told !== undefined) return told;
            if (isOpen) return lettersAfterSlash(after) !== null;
            // Only a slash that has just been typed here, not one that the caret comes across.
            const isTyped = transaction.docChanged && !transaction.getMeta(ySyncPluginKey);
            return isTyped && lettersAfterSlash(after) === "" && lettersAfterSlash(before) === null;
          },
        },
        props: {
          handleKeyDown: (_, event) => menu?.key(event) ?? false,
          handleDOMEvents: { blur: () => void menu?.key(new KeyboardEvent("keydown", { key: "Escape" })) },
        },
        view: (view) => {
          menu = new SlashMenu(editor, view);
          return menu;
        },
      }),
    ];
  },
});
