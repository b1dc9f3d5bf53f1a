/**
 * Pictures. Those of this site stay; those that are in the HTML itself are handed out, to be uploaded; one that lies
 * elsewhere becomes a link to it, for fetching it would tell its owner who reads; the others cannot be reached at all.
 */

import { isOwnFile } from "../../editor/addresses";
import { create } from "./dom";

const LONGEST_WORDS = 8000;
const EMBEDDED = /^data:image\/[\w.+-]+;base64,/i;

export function pictures(body: HTMLElement, origin: string): { pictures: string[]; leftOut: number } {
  const found: string[] = [];
  let leftOut = 0;
  for (const image of body.querySelectorAll("img")) {
    const source = image.getAttribute("src")?.trim() ?? "";
    const own = source.startsWith(`${origin}/files/`) ? source.slice(origin.length) : source;
    image.removeAttribute("data-picture");
    if (isOwnFile(own)) image.setAttribute("src", own);
    else if (EMBEDDED.test(source)) {
      image.removeAttribute("src");
      image.dataset.picture = String(found.push(source) - 1);
    } else {
      leftOut += /^https?:/i.test(source) ? replaceByLink(image, source) : 1;
      image.remove();
    }
    trimWords(image);
  }
  return { pictures: found, leftOut };
}

/** How many are left out by it: none, or the one that has an address nobody could keep. */
function replaceByLink(image: HTMLImageElement, source: string): number {
  if (source.length > LONGEST_WORDS) return 1;
  // A picture of a pixel is there to be fetched, not to be seen.
  if (image.getAttribute("width") === "1" || image.getAttribute("height") === "1") return 0;
  const words = image.getAttribute("alt") || source;
  const around = image.closest("a");
  const link = create(image, around ? "span" : "a");
  if (link instanceof HTMLAnchorElement) link.setAttribute("href", source);
  link.textContent = words;
  image.before(link);
  return 0;
}

function trimWords(image: HTMLImageElement): void {
  for (const name of ["alt", "title"]) {
    const words = image.getAttribute(name) ?? "";
    if (words.length > LONGEST_WORDS) image.setAttribute(name, words.slice(0, LONGEST_WORDS));
  }
}
