/**
 * The styles of what is pasted, read as text. The page's own policy forbids inline styles, in documents that are never shown
 * too: the browser would not read them, and would complain of each. So they are parsed under other names.
 */

const CSS = "data-css";

/** Holds characters as they are, as `<style>` does. */
export const SHEET = "xmp";

/** The HTML without `style` attributes, which are `data-css` from now on, and with its style sheets in other elements. */
export function withoutStyles(html: string): string {
  const renamed = html.replace(/<(\/?)style\b/gi, `<$1${SHEET}`);
  return renamed.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'/])style(?=\s*=)/gi, `$1${CSS}`));
}

/** What an element declares, by lower-case name; values are lower-case, too. */
export type Declared = ReadonlyMap<string, string>;

export function declared(element: Element): Declared {
  const found = new Map<string, string>();
  for (const declaration of (element.getAttribute(CSS) ?? "").split(";")) {
    const colon = declaration.indexOf(":");
    if (colon > 0)
      found.set(
        declaration.slice(0, colon).trim().toLowerCase(),
        declaration
          .slice(colon + 1)
          .trim()
          .toLowerCase(),
      );
  }
  return found;
}

/** What stands in the attribute itself. */
export function cssOf(element: Element): string {
  return element.getAttribute(CSS) ?? "";
}

export function addCss(element: Element, css: string): void {
  element.setAttribute(CSS, `${css};${cssOf(element)}`);
}

export function dropCss(element: Element): void {
  element.removeAttribute(CSS);
  element.removeAttribute("style");
}

export function isBold(weight: string | undefined): boolean {
  return weight === "bold" || weight === "bolder" || Number(weight) >= 600;
}
