/** The words that stand in style sheets, in the language of the page. Without a script they are English. */

import { t } from "../words";
import { Rules } from "./rules";

const WORDS: Readonly<Record<string, string>> = {
  "--word-caption": t("Caption"),
  "--word-contents": t("Contents"),
  "--word-empty-formula": t("Empty formula"),
  "--word-no-image": t("This image is not there (any more)."),
  "--word-summary": t("Summary"),
  // What the server has rendered has the kinds of its callouts in English.
  "--word-note": t("Note"),
  "--word-tip": t("Tip"),
  "--word-important": t("Important"),
  "--word-warning": t("Warning"),
  "--word-caution": t("Caution"),
};

export function sayInStyles(): void {
  // The style sheets have them in English: to say so again would make the browser style the whole page anew.
  if (!globalThis.catalogue) return;
  const said = Object.entries(WORDS).map(([name, word]) => `${name}: ${JSON.stringify(word)};`);
  new Rules().write([`:root { ${said.join(" ")} }`]);
}
