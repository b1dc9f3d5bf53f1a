/** Check lists, Tiptap's, which also understand how the server writes them. */

import { TaskItem as TiptapTaskItem, TaskList as TiptapTaskList } from "@tiptap/extension-list";

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
