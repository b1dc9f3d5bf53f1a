/** Questions in the page's own dialogs; the browser's <dialog> keeps the focus inside and gives it back. */

import { t } from "../words";
import { element } from "./element";

export interface Question {
  readonly title: string;
  readonly text?: string;
  readonly confirm: string;
  readonly isDangerous?: boolean;
}

/** Resolves to true when it is confirmed, to false when it is cancelled in any way. */
export async function confirmed(question: Question): Promise<boolean> {
  const primary = question.isDangerous ? "button button-danger" : "button button-primary";
  const answer = await show(question.title, [
    ...(question.text ? [element("p", {}, question.text)] : []),
    element(
      "div",
      { class: "dialog-actions" },
      element("button", { class: "button", value: "" }, t("Cancel")),
      element("button", { class: primary, value: "yes" }, question.confirm),
    ),
  ]);
  return answer === "yes";
}

/** Shows something to read, with a button to close it. */
export async function tell(title: string, ...content: Node[]): Promise<void> {
  const close = element("button", { class: "button button-primary", value: "" }, t("Close"));
  await show(title, [...content, element("div", { class: "dialog-actions" }, close)]);
}

function show(title: string, content: Node[]): Promise<string> {
  const form = element("form", { method: "dialog" }, element("h2", {}, title), ...content);
  const dialog = element("dialog", { class: "dialog", "aria-label": title }, form);
  document.body.append(dialog);
  dialog.showModal();
  dialog.scrollTop = 0; // the focus goes to the button at its end
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** Forms with data-confirm="sentence" are sent only after a yes; so are htmx's requests from such elements. */
export function askBeforeSending(): void {
  const agreed = new WeakSet<HTMLElement>();
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const sentence = form.dataset.confirm;
      if (!sentence || agreed.has(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void confirmed(questionOf(sentence, form, event.submitter)).then((isAgreed) => {
        if (!isAgreed) return;
        agreed.add(form);
        form.requestSubmit(event.submitter);
        agreed.delete(form);
      });
    },
    true,
  );
}

function questionOf(sentence: string, form: HTMLElement, submitter: HTMLElement | null): Question {
  const confirm = submitter?.textContent?.trim() || t("Continue");
  const isDangerous = form.dataset.kind === "danger" || submitter?.matches(".button-danger, .danger") === true;
  return { title: sentence, confirm, isDangerous };
}

/** What htmx swaps takes the focus with it: it goes to the control of the same name, or to the first there is. */
export function keepFocusInDialogs(): void {
  let name = "";
  document.addEventListener("htmx:beforeSwap", () => {
    const at = document.activeElement;
    name = at?.closest("dialog[open]") ? nameOf(at) : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    const dialog = document.querySelector("dialog[open]");
    if (!dialog || !name || dialog.contains(document.activeElement)) return;
    const controls = [...dialog.querySelectorAll<HTMLElement>("button, select, input:not([type=hidden])")];
    const control = controls.find((each) => nameOf(each) === name) ?? controls.find((each) => each.matches("input"));
    control?.focus();
  });
}

function nameOf(element: Element): string {
  return element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
}

/** A <dialog> whose content htmx has just brought is shown; [data-close="id"] closes it. */
export function showFilledDialogs(): void {
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = (event as CustomEvent<{ target?: Element }>).detail.target;
    if (target instanceof HTMLDialogElement && !target.open && target.childElementCount > 0) target.showModal();
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof HTMLDialogElement && target.open && target.id) target.close(); // the backdrop
  });
}
