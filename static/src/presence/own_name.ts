/** A guest's own name, which they may change while they are here. */

import { find } from "../ui/element";

export function offerOwnName(): void {
  const dialog = find<HTMLDialogElement>("#own-name");
  const opener = find("#own-name-button");
  const field = dialog?.querySelector<HTMLInputElement>("[name=name]");
  opener?.addEventListener("click", () => {
    const menu = opener.closest("details");
    if (menu) menu.open = false;
    // Where the focus goes back to once the dialog is closed.
    menu?.querySelector("summary")?.focus();
    if (field) field.value = opener.querySelector(".own-name")?.textContent ?? field.value;
    dialog?.showModal();
    field?.select();
  });
  dialog?.addEventListener("htmx:wsAfterSend", () => dialog.close());
}
