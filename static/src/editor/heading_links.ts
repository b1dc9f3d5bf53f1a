/** Addresses of headings: the document's own, with what the heading says behind the `#`. */

import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { copy } from "../ui/copy_link";
import { toast } from "../ui/toast";
import { t } from "../words";
import { goTo, headingsOf } from "./blocks/contents";

/** For each heading, in order: its words, and a number from the second time on that the same words come. */
export function anchorsOf(doc: Node): string[] {
  const times = new Map<string, number>();
  return headingsOf(doc).map(({ text }) => {
    const words =
      text
        .toLowerCase()
        .match(/[\p{L}\p{M}\p{N}]+/gu)
        ?.join("-") ?? "heading";
    const time = (times.get(words) ?? 0) + 1;
    times.set(words, time);
    return time === 1 ? words : `${words}-${time}`;
  });
}

/** Of the heading that the caret is in. */
export function copyHeadingLink({ state }: Editor): boolean {
  const { $from } = state.selection;
  const position = $from.depth > 0 ? $from.before() : -1;
  const anchor = anchorsOf(state.doc)[headingsOf(state.doc).findIndex((heading) => heading.position === position)];
  if (!anchor) return false;
  const { origin, pathname } = location;
  void copy(`${origin}${pathname}#${encodeURIComponent(anchor)}`).then((isDone) => {
    if (isDone) toast(t("The link is on the clipboard."));
    else toast(t("The browser did not allow it: copy the address of the page."), "error");
  });
  return true;
}

/** Shows the heading that the page's address names, if there is one. */
export function followAddress({ view }: Editor): void {
  const wanted = named(location.hash.slice(1));
  const index = wanted ? anchorsOf(view.state.doc).indexOf(wanted) : -1;
  if (index >= 0) goTo(view, index);
}

function named(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return ""; // somebody has cut it short
  }
}
