/** KaTeX, loaded when the first formula is to be shown. Its stylesheet comes by address: see build.mjs. */

import katex from "katex";

/** A formula may take much room and many macros, but neither run for long nor link or fetch anything. */
const LIMITS = { trust: false, maxSize: 20, maxExpand: 200, strict: "ignore", throwOnError: true } as const;

/** Shows the formula in `place`. Throws an Error whose message says what is wrong with it. */
export function show(latex: string, place: HTMLElement, isBlock: boolean): void {
  katex.render(latex, place, { ...LIMITS, displayMode: isBlock });
}
