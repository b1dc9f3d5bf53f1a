/** Which way something reads: from the left, or from the right. The page and the document in it need not agree. */

export function readsFromRight(element: Element): boolean {
  return getComputedStyle(element).direction === "rtl";
}

const TURNED: Readonly<Record<string, string>> = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };

/** The key as it would be in a row that reads from the left: there ArrowRight leads on, and ArrowLeft back. */
export function keyInRow(key: string, row: Element): string {
  return (readsFromRight(row) && TURNED[key]) || key;
}
