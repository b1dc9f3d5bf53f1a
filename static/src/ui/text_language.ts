/**
 * The language and the direction of the text: what the title's fragment says of them holds for the editing surface, at once
 * for everybody; who may change them does so in a dialog.
 */

import { find } from "./element";

export function keepTextLanguage(place: HTMLElement): void {
  const follow = () => {
    const said = find("#document-title")?.dataset;
    if (!said) return;
    place.lang = said.language ?? "";
    place.dir = said.direction || "auto";
  };
  follow();
  document.addEventListener("htmx:wsAfterMessage", follow);
  offerTextLanguage(place);
}

function offerTextLanguage(place: HTMLElement): void {
  const dialog = find<HTMLDialogElement>("#text-language");
  if (!dialog) return;
  const field = (name: string) => dialog.querySelector<HTMLSelectElement>(`select[name="${name}"]`);
  find("#text-language-button")?.addEventListener("click", () => {
    const [language, direction] = [field("language"), field("direction")];
    if (language) language.value = place.lang;
    if (direction) direction.value = place.dir;
    dialog.showModal();
  });
  dialog.addEventListener("submit", () => dialog.close());
}
