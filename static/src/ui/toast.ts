/** Short messages that need no answer, at #notices (role=status). */

import { t } from "../words";
import { button, element } from "./element";

const STAYS = { info: 6000, error: 12_000 } as const;

export type ToastKind = keyof typeof STAYS;

export function toast(text: string, kind: ToastKind = "info"): void {
  const made = element("p", { class: "toast", "data-kind": kind }, text);
  const shown = place();
  for (const other of shown.querySelectorAll(".toast")) if (other.firstChild?.textContent === text) other.remove();
  shown.append(made);
  attend(made);
}

/** Gives a message its close button and its end, also one that the server has rendered. */
export function attend(message: HTMLElement): void {
  if (message.querySelector(".toast-close")) return;
  const kind = message.dataset.kind === "error" ? "error" : "info";
  message.append(button("×", { class: "toast-close", "aria-label": t("Close this message") }, () => message.remove()));
  setTimeout(() => message.remove(), STAYS[kind]);
}

/** Messages come with the page and with fragments: all of them, now and later, are attended to. */
export function attendToNotices(): void {
  const all = () => {
    for (const message of document.querySelectorAll<HTMLElement>("#notices .toast")) attend(message);
  };
  all();
  document.addEventListener("htmx:wsAfterMessage", all);
  document.addEventListener("htmx:afterSettle", all);
  document.addEventListener("htmx:sendError", () => toast(t("There is no connection: try again later."), "error"));
}

function place(): HTMLElement {
  const existing = document.getElementById("notices");
  if (existing) return existing;
  const made = element("div", { id: "notices", role: "status", "aria-live": "polite" });
  document.body.append(made);
  return made;
}
