/** Signing out leaves nothing on this device; whoever has text here that is saved nowhere else is asked first. */

import { beginToLeave, keptAt, unsavedHere } from "../kept/device";
import { listed, t, tn } from "../words";
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
    toast(t("You are offline: sign out when there is a connection again."), "error");
    return false;
  }
  const found = (await unsavedHere())?.kept ?? [];
  if (found.length === 0) return true;
  const titles = found.map(({ copy, unsaved }) =>
    t("“{title}” ({changes})", { title: copy.title, changes: changes(unsaved) }),
  );
  return confirmed({
    title: t("Sign out and delete what is not saved?"),
    text: t("Only this device has your last changes to {documents}. Open these documents first to save them.", {
      documents: listed(titles),
    }),
    confirm: t("Sign out and delete"),
    isDangerous: true,
  });
}

export function changes(count: number): string {
  return tn("{n} change", "{n} changes", count);
}
