/** What can be done with a block as a whole. */

import { t } from "../../words";
import { deleteBlock, duplicateBlock, moveBlock } from "../block_moves";
import { copyHeadingLink } from "../heading_links";
import type { ToolGroup } from "../tools";

export const moves: ToolGroup = {
  label: t("Block"),
  tools: [
    {
      name: "move-up",
      icon: "moveUp",
      label: t("Move up"),
      keys: "Alt+Shift+↑",
      words: t("block above"),
      run: (editor) => moveBlock(editor, -1),
    },
    {
      name: "move-down",
      icon: "moveDown",
      label: t("Move down"),
      keys: "Alt+Shift+↓",
      words: t("block below"),
      run: (editor) => moveBlock(editor, 1),
    },
    {
      name: "duplicate",
      icon: "duplicate",
      label: t("Duplicate"),
      keys: "Ctrl+D",
      words: t("block copy again"),
      run: duplicateBlock,
    },
    { name: "delete-block", icon: "bin", label: t("Delete block"), words: t("remove"), run: deleteBlock },
    {
      name: "copy-heading-link",
      icon: "link",
      label: t("Copy link to heading"),
      words: t("anchor address section"),
      run: copyHeadingLink,
      isPossible: (editor) => editor.isActive("heading"),
    },
  ],
};
