/** Opens the picker, which comes with its emoji when somebody wants one. */

import type { Editor } from "@tiptap/core";
import { toast } from "../../ui/toast";
import { t } from "../../words";
import { loadEmoji } from "./catalogue";

export function pickEmoji(editor: Editor): true {
  Promise.all([loadEmoji(), import("../../lazy/emoji_picker")]).then(
    ([catalogue, { openPicker }]) => openPicker(editor, catalogue),
    () => toast(t("The emoji could not be loaded: try again when there is a connection."), "error"),
  );
  return true;
}
