/** Keys that hold on the whole page: who may not write has no focus in the text, and these all the same. */

import type { Request } from "./editor/shortcuts";

/** With Ctrl or Cmd; "A" and "S" stand for Alt and Shift. The keys are those of the place on the keyboard. */
const KEYS: Record<string, Request> = {
  KeyS: "save",
  Slash: "help",
  KeyF: "find",
  KeyH: "replace",
  "A+KeyF": "replace",
  "A+KeyM": "comment",
  "S+KeyC": "counts",
  "S+KeyP": "commands",
  "AS+KeyH": "history",
  "AS+KeyA": "comments-panel",
  "AS+KeyM": "markdown",
  "AS+KeyO": "outline",
  "AS+KeyF": "focus",
  "AS+KeyW": "wide",
};

type Press = Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

export function requestOf({ code, ctrlKey, metaKey, altKey, shiftKey }: Press): Request | null {
  if (!ctrlKey && !metaKey) return null;
  const others = `${altKey ? "A" : ""}${shiftKey ? "S" : ""}`;
  return KEYS[others ? `${others}+${code}` : code] ?? null;
}
