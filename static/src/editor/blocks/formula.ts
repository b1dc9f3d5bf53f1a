/** Shows LaTeX as a formula, once KaTeX is here. What is no formula stays readable, with a sentence that says why. */

import { t } from "../../words";

/** KaTeX's stylesheet, beside this script; build.mjs fills in its name. */
declare const FORMULAS_CSS: string;

type Formulas = typeof import("../../lazy/formulas");

let loaded: Promise<Formulas> | null = null;

function load(): Promise<Formulas> {
  loaded ??= Promise.all([import("../../lazy/formulas"), addStylesheet()]).then(([formulas]) => formulas);
  return loaded;
}

function addStylesheet(): Promise<void> {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(FORMULAS_CSS, import.meta.url).href;
  document.head.append(link);
  // Without it a formula is ugly, but there.
  return new Promise((resolve) => {
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => resolve());
  });
}

/** Until it can be shown, `place` holds the LaTeX. */
export async function showFormula(latex: string, place: HTMLElement, isBlock: boolean): Promise<void> {
  place.textContent = latex;
  place.dataset.latex = latex;
  place.classList.remove("is-broken");
  place.removeAttribute("title");
  if (!latex.trim()) return;
  try {
    const formulas = await load();
    const shown = document.createElement(isBlock ? "div" : "span");
    formulas.show(latex, shown, isBlock);
    // Meanwhile another formula may have been written here.
    if (place.dataset.latex === latex) place.replaceChildren(shown);
  } catch (error) {
    if (place.dataset.latex === latex) sayBroken(place, latex, error, isBlock);
  }
}

function sayBroken(place: HTMLElement, latex: string, error: unknown, isBlock: boolean): void {
  // KaTeX's own words, without where in the formula: that is readable beside them.
  const words = error instanceof Error ? error.message : String(error);
  const reason = words.replace(/^KaTeX parse error: /, "").replace(/ at (position|end of input).*/s, "");
  const sentence = t("This formula cannot be shown: {reason}.", { reason });
  place.classList.add("is-broken");
  place.title = sentence;
  place.textContent = latex;
  if (!isBlock) return;
  const told = document.createElement("p");
  told.className = "formula-problem";
  told.textContent = sentence;
  place.append(told);
}
