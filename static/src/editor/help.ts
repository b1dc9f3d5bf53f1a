/** The list of keys, as a dialog. */

import { tell } from "../ui/dialog";
import { element } from "../ui/element";
import { keysHere } from "./keys";
import { everyTool } from "./tools";

const MORE: readonly (readonly [action: string, keys: string])[] = [
  ["Indent, outdent in lists and code", "Tab, Shift+Tab"],
  ["Tick a check item", "Ctrl+Enter"],
  ["Is it saved? Name this snapshot", "Ctrl+S"],
  ["History", "Ctrl+Alt+Shift+H"],
  ["Comments", "Ctrl+Alt+Shift+A"],
  ["To the toolbar, and back", "Alt+F10, Esc"],
  ["Paste without formatting", "Ctrl+Shift+V"],
  ["Change what was just pasted", "Ctrl+Alt+V"],
  ["Copy the document as Markdown", "Ctrl+Alt+Shift+M"],
  ["This list", "Ctrl+/"],
];

export function showShortcuts(): Promise<void> {
  const tools = everyTool().flatMap(({ label, keys, swatch }) =>
    keys ? [[swatch ? "Highlight" : label, keys] as const] : [],
  );
  const rows = [...tools, ...MORE].map(([action, keys]) =>
    element("tr", {}, element("td", {}, action), element("td", {}, element("kbd", {}, keysHere(keys)))),
  );
  return tell("Keyboard shortcuts", element("table", { class: "shortcuts" }, element("tbody", {}, ...rows)));
}
