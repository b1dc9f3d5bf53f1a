/** The list of keys, as a dialog. */

import { tell } from "../ui/dialog";
import { element } from "../ui/element";
import { keysHere } from "./toolbar";
import { groups } from "./tools";

const MORE: readonly (readonly [action: string, keys: string])[] = [
  ["Heading 1 to 6", "Ctrl+Alt+1 … 6"],
  ["Plain text", "Ctrl+Alt+0"],
  ["Clear formatting", "Ctrl+\\"],
  ["Indent, outdent in lists and code", "Tab, Shift+Tab"],
  ["Tick a check item", "Ctrl+Enter"],
  ["Is it saved? Name this snapshot", "Ctrl+S"],
  ["History", "Ctrl+Alt+Shift+H"],
  ["Comments", "Ctrl+Alt+Shift+A"],
  ["To the toolbar, and back", "Alt+F10, Esc"],
  ["This list", "Ctrl+/"],
];

export function showShortcuts(): Promise<void> {
  const tools = groups.flatMap(({ tools }) =>
    tools.flatMap(({ label, keys }) => (keys ? [[label, keys] as const] : [])),
  );
  const rows = [...tools, ...MORE].map(([action, keys]) =>
    element("tr", {}, element("td", {}, action), element("td", {}, element("kbd", {}, keysHere(keys)))),
  );
  return tell("Keyboard shortcuts", element("table", { class: "shortcuts" }, element("tbody", {}, ...rows)));
}
