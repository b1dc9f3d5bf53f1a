/** What mentioned people are called now, as the server has written it into the page; a mention has the name of its time. */

import { t } from "../../words";

const names = new Map<string, string>();

export function learnNames(page: HTMLElement): void {
  for (const { dataset, textContent } of page.querySelectorAll<HTMLElement>("span.mention[data-person]"))
    names.set(dataset.person ?? "", (textContent ?? "").replace(/^@/, ""));
}

export function nameOf(person: string, written: string): string {
  return names.get(person) || written || t("Someone");
}
