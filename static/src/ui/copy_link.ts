/** Buttons that copy: data-copy="#id" the value of that field, data-copy-text="…" that text itself. */

import { t } from "../words";
import { toast } from "./toast";

const SAID_FOR = 2000;

export function copyOnClick(): void {
  document.addEventListener("click", (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>("[data-copy], [data-copy-text]");
    if (!pressed) return;
    const field = pressed.dataset.copy ? document.querySelector<HTMLInputElement>(pressed.dataset.copy) : null;
    void copy(pressed.dataset.copyText ?? field?.value ?? "").then((isDone) => say(pressed, field, isDone));
  });
}

/** Whether it is on the clipboard now: a page without HTTPS may not always write there. */
export async function copy(text: string, html = ""): Promise<boolean> {
  try {
    if (html && "ClipboardItem" in window) {
      const types = { "text/plain": text, "text/html": html };
      const blobs = Object.entries(types).map(([type, data]) => [type, new Blob([data], { type })] as const);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } else {
      await navigator.clipboard.writeText(text);
    }
    return true;
  } catch {
    return false;
  }
}

/** Whether it is on the clipboard now, which the person is told as well. */
export async function copyAndSay({ plain, html }: { plain: string; html: string }): Promise<boolean> {
  const isDone = await copy(plain, html);
  if (isDone) toast(t("The text is on the clipboard."));
  else toast(t("The browser did not allow it: select the text and copy it."), "error");
  return isDone;
}

function say(pressed: HTMLElement, field: HTMLInputElement | null, isDone: boolean): void {
  field?.select();
  const label = pressed.querySelector<HTMLElement>("[data-label]") ?? pressed;
  if (label.dataset.was !== undefined) return;
  label.dataset.was = label.textContent ?? "";
  const words = [...label.childNodes].filter((node): node is Text => node instanceof Text && node.data.trim() !== "");
  const before = words.map((node) => node.data);
  for (const [at, node] of words.entries()) node.data = at ? "" : isDone ? t("Copied") : t("Press Ctrl+C");
  setTimeout(() => {
    for (const [at, node] of words.entries()) node.data = before[at] ?? "";
    delete label.dataset.was;
  }, SAID_FOR);
}
