/** Signing out leaves nothing on this device; whoever has text here that is saved nowhere else is asked first. */

import { beginToLeave, keptAt, unsavedHere } from "../kept/device";
import { confirmed } from "./dialog";
import { toast } from "./toast";

/** For forms with data-sign-out. */
export function askBeforeSignOut(): void {
  let isAgreed = false;
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-sign-out]") || isAgreed) return;
    event.preventDefault();
    void maySignOut().then((may) => {
      if (!may) return;
      beginToLeave();
      isAgreed = true;
      form.requestSubmit();
      isAgreed = false;
    });
  });
}

async function maySignOut(): Promise<boolean> {
  if (keptAt()) {
    toast("You are offline: sign out when there is a connection again.", "error");
    return false;
  }
  const found = (await unsavedHere())?.kept ?? [];
  if (found.length === 0) return true;
  const titles = found.map(({ copy, unsaved }) => `“${copy.title}” (${changes(unsaved)})`);
  return confirmed({
    title: "Sign out and delete what is not saved?",
    text: `Only this device has your last changes to ${titles.join(", ")}. Open these documents first to save them.`,
    confirm: "Sign out and delete",
    isDangerous: true,
  });
}

export function changes(count: number): string {
  return count === 1 ? "1 change" : `${count} changes`;
}
