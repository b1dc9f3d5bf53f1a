/** The small toolbar at a selection: marks, a link and another kind of block for writers, and a comment for who may. */

import type { Editor } from "@tiptap/core";
import { isTextSelection } from "@tiptap/core";
import { element } from "../ui/element";
import { t } from "../words";
import { holdsSelection } from "./carets";
import { MenuButton } from "./menu";
import { placeAt } from "./popover";
import { onEveryFrame, rove, show, toolButton } from "./toolbar";
import { comment, marks, turnInto } from "./tools";

export function mountBubble(page: HTMLElement, editor: Editor, mayComment: () => boolean): void {
  const tools = [...marks, comment];
  const buttons = tools.map((tool) => toolButton(tool, editor));
  const turn = new MenuButton(turnInto, editor, page).button;
  const attributes = { class: "popover bubble", role: "toolbar", "aria-label": t("Selection"), hidden: true };
  const box = element("div", attributes, turn, ...buttons);
  page.append(box);
  rove(box, editor);

  const refresh = () => {
    const isWanted = isSelected(editor) && (editor.isEditable || mayComment());
    box.hidden = !isWanted;
    if (!isWanted) return;
    turn.hidden = !editor.isEditable;
    for (const [at, tool] of tools.entries()) {
      const button = buttons[at];
      if (button) button.hidden = tool === comment ? !mayComment() : !editor.isEditable;
      show(box, tool, editor);
    }
    // Above it phones show their own menu, to copy and paste.
    placeAt(box, editor.view, matchMedia("(pointer: coarse)").matches ? "below" : "above");
  };
  onEveryFrame(editor, refresh);
  // A reader's selection is the browser's: the editor hears of it through the document.
  document.addEventListener("selectionchange", () => requestAnimationFrame(refresh));
}

function isSelected(editor: Editor): boolean {
  const { selection, doc } = editor.state;
  if (editor.isDestroyed || !isTextSelection(selection) || selection.empty || !holdsSelection(editor.view))
    return false;
  return doc.textBetween(selection.from, selection.to, " ").trim() !== "";
}
