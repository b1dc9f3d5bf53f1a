/** What needs an answer but no dialog: a bar at the top of the page. */

import { button, element } from "./element";

export interface BannerAction {
  readonly text: string;
  /** The banner goes when this answers true. */
  readonly run: (() => Promise<boolean>) | (() => void);
}

/** `role`: "status" for what may wait until somebody has time for it. */
export function showBanner(
  page: HTMLElement,
  id: string,
  sentence: string,
  actions: readonly BannerAction[],
  role: "alert" | "status" = "alert",
): void {
  document.getElementById(id)?.remove();
  const kind = id === "ended" ? "banner banner-error" : "banner";
  const row = element("div", { class: "banner-actions" });
  const banner = element("div", { id, class: kind, role }, element("p", {}, sentence), row);
  for (const { text, run } of actions) {
    const made = button(text, { class: "button button-slim" }, () => {
      void run()?.then((isDone) => isDone && banner.remove());
    });
    row.append(made);
  }
  page.prepend(banner);
}
