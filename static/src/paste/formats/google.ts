/** Google Docs wraps everything in a `<b>` that is none, hangs lists into lists, and sends links by way of itself. */

import { create, remove, unwrap } from "./dom";

export function google(body: HTMLElement): void {
  const wrapper = body.querySelector("b[id^='docs-internal-guid']");
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) hang(list);
  if (!wrapper) return;
  remove(wrapper, ":scope > br");
  unwrap(wrapper);
  for (const box of body.querySelectorAll("li[role=checkbox]")) tick(box);
  for (const link of body.querySelectorAll("a[href]"))
    link.setAttribute("href", direct(link.getAttribute("href") ?? ""));
}

/** A list belongs to the item before it. */
function hang(list: Element): void {
  const above = list.previousElementSibling;
  if (above?.tagName === "LI") above.append(list);
  else {
    const item = create(list, "li");
    list.replaceWith(item);
    item.append(list);
  }
}

/** A check list is drawn: each box is an image. */
function tick(item: Element): void {
  item.classList.add("task-item");
  remove(item, "img");
  const box = create(item, "input");
  box.type = "checkbox";
  if (item.getAttribute("aria-checked") === "true") box.setAttribute("checked", "");
  item.prepend(box);
  item.parentElement?.classList.add("task-list");
}

function direct(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.hostname !== "www.google.com" || url.pathname !== "/url") return address;
  return url.searchParams.get("q") ?? address;
}
