/** Check lists, Tiptap's, which also understand how the server writes them. */

import { TaskItem as TiptapTaskItem, TaskList as TiptapTaskList } from "@tiptap/extension-list";
import type { Node } from "@tiptap/pm/model";
import { t } from "../../words";

// Before the rules of other lists.
const FIRST = { priority: 52 };

export const TaskList = TiptapTaskList.extend({
  parseHTML() {
    return [...(this.parent?.() ?? []), { tag: "ul.task-list", ...FIRST }];
  },
});

export const TaskItem = TiptapTaskItem.extend({
  addAttributes() {
    const parent = this.parent?.() ?? {};
    const parseHTML = (item: HTMLElement) =>
      item.matches(".task-item") ? item.querySelector("input")?.checked : parent.checked?.parseHTML?.(item);
    return { ...parent, checked: { ...parent.checked, parseHTML } };
  },

  parseHTML() {
    return [...(this.parent?.() ?? []), { tag: "li.task-item", ...FIRST }];
  },
});

/** What a screen reader calls the item's box, without the items below it. */
export function nameOfItem(item: Node): string {
  return item.firstChild?.textContent || t("Empty item");
}
