/** Small steps on a document that is being cleaned. */

export function remove(root: ParentNode, selector: string): void {
  for (const found of root.querySelectorAll(selector)) found.remove();
}

/** Takes an element away and leaves what is in it. */
export function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

/** The element under another name, with what is in it and nothing else. */
export function rename(element: Element, tag: string): HTMLElement {
  const made = element.ownerDocument.createElement(tag);
  made.append(...element.childNodes);
  element.replaceWith(made);
  return made;
}

export function create<K extends keyof HTMLElementTagNameMap>(near: Node, tag: K): HTMLElementTagNameMap[K] {
  return (near.ownerDocument as Document).createElement(tag);
}

export function isBlank(node: Node): boolean {
  return (node.textContent ?? "").replace(/[\s\u00a0\u200b]/g, "") === "";
}

/** Puts a new element between this one and what is in it. */
export function wrapInside(element: Element, tag: keyof HTMLElementTagNameMap): HTMLElement {
  const made = create(element, tag);
  made.append(...element.childNodes);
  element.append(made);
  return made;
}
