/** Text that the server rendered and nobody edits, such as a snapshot: its formulas are shown and its code is coloured. */

import { CodeColours } from "./blocks/code_colours";
import { showFormula } from "./blocks/formula";

/** Answers how to let go of it again, before it is taken out of the page. */
export function enliven(root: ParentNode): () => void {
  for (const formula of root.querySelectorAll<HTMLElement>(".math-block, .math-inline")) {
    void showFormula(formula.textContent ?? "", formula, formula.matches(".math-block"));
  }
  const colours = [...root.querySelectorAll<HTMLElement>("pre > code[class^='language-']")].map((code) => {
    const coloured = new CodeColours(code);
    coloured.refresh(code.className.replace("language-", ""));
    return coloured;
  });
  return () => {
    for (const coloured of colours) coloured.destroy();
  };
}
