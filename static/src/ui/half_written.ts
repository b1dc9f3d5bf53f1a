/**
 * A fragment replaces what it shows, also while somebody writes in it: fields that have been changed, the focus and open
 * <details> are put back afterwards. They are known by the nearest id above them and their name, and left alone without.
 */

interface Written {
  readonly key: string;
  /** What was written, null when the field was only looked at: then it takes what the fragment brings. */
  readonly value: string | null;
  /** Where the caret was, null when the field had no focus. */
  readonly caret: readonly [number, number] | null;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

let written: Written[] = [];
let opened: string[] = [];

export function keepHalfWritten(root: HTMLElement): void {
  document.addEventListener("htmx:wsBeforeMessage", () => {
    written = fieldsOf(root).filter(isWorthKeeping).map(remember);
    opened = [...root.querySelectorAll("details[open]")].map(keyOf).filter(Boolean);
  });
  document.addEventListener("htmx:wsAfterMessage", () => restore(root));
}

function fieldsOf(root: HTMLElement): Field[] {
  return [
    ...root.querySelectorAll<Field>("textarea[name], input[name]:not([type=hidden], [type=radio], [type=checkbox])"),
  ];
}

function isWorthKeeping(field: Field): boolean {
  return keyOf(field) !== "" && (field.value !== field.defaultValue || field === document.activeElement);
}

function remember(field: Field): Written {
  const hasFocus = field === document.activeElement;
  const caret = hasFocus ? ([field.selectionStart ?? 0, field.selectionEnd ?? 0] as const) : null;
  return { key: keyOf(field), value: field.value === field.defaultValue ? null : field.value, caret };
}

function restore(root: HTMLElement): void {
  for (const details of root.querySelectorAll("details:not([open])")) {
    if (opened.includes(keyOf(details))) details.setAttribute("open", "");
  }
  const fields = fieldsOf(root);
  for (const { key, value, caret } of written) {
    const field = fields.find((other) => keyOf(other) === key);
    if (!field) continue;
    if (value !== null) field.value = value;
    if (!caret || field === document.activeElement) continue;
    field.focus({ preventScroll: true });
    field.setSelectionRange(...caret);
  }
}

function keyOf(element: Element): string {
  const owner = element.closest("[id]");
  if (!owner) return "";
  const what = element instanceof HTMLDetailsElement ? element.className : (element as Field).name;
  return `${owner.id}/${element.tagName}/${what}`;
}
