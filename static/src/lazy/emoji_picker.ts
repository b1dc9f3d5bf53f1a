/** The dialog with all emoji, loaded when somebody opens it. */

export { openPicker } from "../editor/emoji/picker";
