/** A click on somebody's avatar scrolls to their caret; one's own stays where it is. */

import type { Editor } from "@tiptap/core";
import { scrollToCaret } from "../editor/carets";
import { toast } from "../ui/toast";
import { t } from "../words";

const FOLLOWED_FOR = 2000;

export function followAvatars(page: HTMLElement, editor: Editor, principal: string): void {
  page.addEventListener("click", ({ target }) => {
    const avatar = (target as Element).closest<HTMLElement>("#presence [data-principal]");
    if (!avatar) return;
    const who = avatar.dataset.principal ?? "";
    if (scrollToCaret(editor.view, who)) mark(avatar);
    else
      toast(
        who === principal
          ? t("This is you.")
          : t("{name} has no cursor in the text at the moment.", { name: nameOf(avatar) }),
      );
  });
}

function mark(avatar: HTMLElement): void {
  avatar.classList.add("is-followed");
  setTimeout(() => avatar.classList.remove("is-followed"), FOLLOWED_FOR);
}

function nameOf(avatar: HTMLElement): string {
  return avatar.title.split(" · ")[0] || t("This person");
}
