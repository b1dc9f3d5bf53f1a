/** The list of keys, as a dialog: those of the tools, by group, and those that stand in no table. */

import { tell } from "../ui/dialog";
import { element } from "../ui/element";
import { t } from "../words";
import { keysHere } from "./keys";
import { everyGroup } from "./tools";

type Row = readonly [action: string, keys: string];

const MORE: readonly (readonly [label: string, rows: readonly Row[]])[] = [
  [
    t("While writing"),
    [
      [t("Insert a block"), "/"],
      [t("Mention a person, a document or a day"), "@"],
      [t("Put in an emoji"), ":"],
      [t("Indent, outdent in lists and code"), "Tab, Shift+Tab"],
      [t("Tick a check item; a new row in a table"), "Ctrl+Enter"],
      [t("Take back what became of typed Markdown"), "Backspace"],
      [t("Paste without formatting"), "Ctrl+Shift+V"],
      [t("Change what was just pasted"), "Ctrl+Alt+V"],
      [t("Change what is selected"), "Enter"],
    ],
  ],
  [
    t("Getting about"),
    [
      [t("To the toolbar, and back"), "Alt+F10, Esc"],
      [t("Next, previous match"), "Enter, Shift+Enter"],
      [t("Replace, replace all"), "Enter, Ctrl+Enter"],
      [t("Send a comment"), "Ctrl+Enter"],
      [t("Copy the document as Markdown"), "Ctrl+Alt+Shift+M"],
    ],
  ],
];

export function showShortcuts(): Promise<void> {
  const tables = rowsOfKeys().map(([label, rows]) =>
    element(
      "table",
      { class: "shortcuts" },
      element("caption", {}, label),
      element("tbody", {}, ...rows.map(([action, keys]) => rowOf(action, keys))),
    ),
  );
  return tell(t("Keyboard shortcuts"), element("div", { class: "shortcut-tables" }, ...tables));
}

/** All of them, by group. */
export function rowsOfKeys(): (readonly [label: string, rows: readonly Row[]])[] {
  const ofTools = everyGroup()
    .map(({ label, tools }) => {
      const rows = tools.flatMap(({ label, fullLabel, keys }) => (keys ? [[fullLabel ?? label, keys] as const] : []));
      return [label, rows] as const;
    })
    .filter(([, rows]) => rows.length > 0);
  return [...ofTools, ...MORE];
}

function rowOf(action: string, keys: string): HTMLElement {
  return element("tr", {}, element("td", {}, action), element("td", {}, element("kbd", {}, keysHere(keys))));
}
