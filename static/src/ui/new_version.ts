/** A new build of the site has come while the page was open: it is offered, once nothing is unsaved. */

import { t } from "../words";
import { showBanner } from "./banner";

export function offerNewVersion(page: HTMLElement, whenSaved: () => Promise<void>): void {
  const { serviceWorker } = navigator;
  if (!serviceWorker?.controller) return; // the first worker of this browser is none
  serviceWorker.addEventListener("controllerchange", async () => {
    await whenSaved();
    // What is typed from now on is saved, or asked about, as on any other way out of the page.
    const reload = { text: t("Reload"), run: () => location.reload() };
    const later = { text: t("Later"), run: async () => true };
    showBanner(page, "new-version", t("A new version is ready."), [reload, later], "status");
  });
}
