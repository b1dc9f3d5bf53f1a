/** History: looking at a snapshot in place of the text, coming back from it, and giving the text as it is now a name. */

import { enliven } from "../editor/still";
import { setOpen } from "../ui/drawer";
import { toast } from "../ui/toast";
import { t } from "../words";

export interface HistoryParts {
  readonly page: HTMLElement;
  readonly preview: HTMLElement;
  readonly panel: HTMLElement | null;
}

export class HistoryPanel {
  readonly #parts: HistoryParts;
  #open: string | null = null;
  #letGo = () => {};
  /** A name that was sent and has not come back in the list yet. */
  #named = "";

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    const { page, preview, panel } = parts;
    document.addEventListener("htmx:afterSettle", (event) => {
      const { target } = (event as CustomEvent<{ target?: Element }>).detail;
      if (target === preview) this.#filled();
    });
    page.addEventListener("click", (event) => {
      const pressed = event.target as Element;
      const opener = pressed.closest<HTMLElement>(".snapshot-link");
      if (opener) this.#mark(opener.getAttribute("href"));
      if (!pressed.closest("[data-leave-preview]")) return;
      event.preventDefault();
      this.leave();
    });
    // Before the drawers hear of it: the first Esc leaves the preview, the next one closes the list.
    document.addEventListener("keydown", (event) => this.#escaped(event), true);
    document.addEventListener("htmx:wsAfterMessage", () => this.#refreshed());
    panel?.querySelector("#name-snapshot")?.addEventListener("htmx:wsAfterSend", ({ target }) => {
      const form = target as HTMLFormElement;
      this.#named = String(new FormData(form).get("name") ?? "").trim();
      form.reset();
    });
  }

  get isPreviewing(): boolean {
    return this.#parts.page.classList.contains("is-previewing");
  }

  leave(): void {
    const { page, preview } = this.#parts;
    if (!this.isPreviewing) return;
    this.#letGo();
    preview.replaceChildren();
    page.classList.remove("is-previewing");
    document.querySelector<HTMLElement>(".snapshot-link[aria-current]")?.focus({ preventScroll: true });
    this.#mark(null);
  }

  #escaped(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.isPreviewing || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.leave();
  }

  /** Opens the panel with the field for a name, where this person may name the text. */
  offerName(): void {
    const { panel } = this.#parts;
    const field = panel?.querySelector<HTMLInputElement>("#name-snapshot [name=name]");
    if (!panel || !field) return;
    setOpen(panel, true, field);
  }

  #filled(): void {
    const { page, preview } = this.#parts;
    if (preview.childElementCount === 0) {
      this.leave();
      return;
    }
    this.#letGo();
    this.#letGo = enliven(preview);
    page.classList.add("is-previewing");
    preview.focus({ preventScroll: true });
    preview.scrollIntoView({ block: "start" });
  }

  /** The list is a fragment: after each swap the open row is marked again, and a new name may have arrived. */
  #refreshed(): void {
    this.#mark(this.#open);
    if (!this.#named || !document.getElementById("snapshots")?.textContent?.includes(this.#named)) return;
    toast(t("The text as it is now is kept as “{name}”.", { name: this.#named }));
    this.#named = "";
  }

  #mark(href: string | null): void {
    this.#open = href;
    for (const link of document.querySelectorAll(".snapshot-link")) {
      if (href !== null && link.getAttribute("href") === href) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}
