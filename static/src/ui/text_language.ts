/**
 * The language and the direction of the text: what the title's fragment says of them holds for the editing surface, at once
 * for everybody; who may change them does so in a dialog. They are independent of the page's.
 */

import { find } from "./element";

export function keepTextLanguage(place: HTMLElement): void {
  const follow = () => {
    const said = find("#document-title")?.dataset;
    if (!said) return;
    const direction = said.direction || "auto";
    const shown = direction === "auto" && !hasLetters(place) ? document.documentElement.dir : direction;
    say(place, "lang", said.language ?? "");
    say(place, "dir", shown);
  };
  follow();
  document.addEventListener("htmx:wsAfterMessage", follow);
  followFirstLetters(place, follow);
  offerTextLanguage();
}

/** To say the same again would make the browser style the whole text anew. */
function say(place: HTMLElement, what: "lang" | "dir", value: string): void {
  if (place[what] !== value) place[what] = value;
}

/** Until there are letters to tell by, a text begins where the page of its reader does. */
function followFirstLetters(place: HTMLElement, follow: () => void): void {
  const observer = new MutationObserver(() => {
    if (!hasLetters(place)) return;
    observer.disconnect();
    follow();
  });
  observer.observe(place, { childList: true, characterData: true, subtree: true });
}

function hasLetters(place: HTMLElement): boolean {
  return /\p{L}/u.test(place.textContent ?? "");
}

function offerTextLanguage(): void {
  const dialog = find<HTMLDialogElement>("#text-language");
  if (!dialog) return;
  const field = (name: string) => dialog.querySelector<HTMLSelectElement>(`select[name="${name}"]`);
  find("#text-language-button")?.addEventListener("click", () => {
    const said = find("#document-title")?.dataset;
    const [language, direction] = [field("language"), field("direction")];
    if (language) language.value = said?.language ?? "";
    if (direction) direction.value = said?.direction || "auto";
    dialog.showModal();
  });
  dialog.addEventListener("submit", () => dialog.close());
}
