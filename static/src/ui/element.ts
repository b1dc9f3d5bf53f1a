/** Elements from script, in one expression. Text is always set as text. */

export type Attributes = Readonly<Record<string, string | boolean>>;

/** A boolean attribute is set when true and left out when false. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "string") made.setAttribute(name, value);
    else if (value) made.setAttribute(name, "");
  }
  made.append(...children);
  return made;
}

/** A plain button; `run` is called when it is used. */
export function button(text: string, attributes: Attributes, run: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", run);
  return made;
}

export function find<T extends HTMLElement = HTMLElement>(selector: string): T | null {
  return document.querySelector<T>(selector);
}
