/** Links to where a link may go, and none to a place in the page that the text came from. */

import { isSafeAddress } from "../../editor/addresses";
import { unwrap } from "./dom";

/** UTF-16 units; the server keeps no more of an address (docs_app/content/attributes.py). */
const LONGEST = 8000;

export function links(body: HTMLElement, isOurs: boolean): void {
  for (const link of body.querySelectorAll("a")) {
    const href = link.getAttribute("href") ?? "";
    const isElsewhere = !isOurs && href.startsWith("#");
    if (isElsewhere || href.length > LONGEST || !isSafeAddress(href)) unwrap(link);
    else if ((link.getAttribute("title") ?? "").length > LONGEST) link.removeAttribute("title");
  }
}
