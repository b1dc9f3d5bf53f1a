/** What can be done with a block as a whole. */

import { deleteBlock, duplicateBlock, moveBlock } from "../block_moves";
import { copyHeadingLink } from "../heading_links";
import type { ToolGroup } from "../tools";

export const moves: ToolGroup = {
  label: "Block",
  tools: [
    {
      name: "move-up",
      icon: "moveUp",
      label: "Move up",
      keys: "Alt+Shift+↑",
      words: "block above",
      run: (editor) => moveBlock(editor, -1),
    },
    {
      name: "move-down",
      icon: "moveDown",
      label: "Move down",
      keys: "Alt+Shift+↓",
      words: "block below",
      run: (editor) => moveBlock(editor, 1),
    },
    {
      name: "duplicate",
      icon: "duplicate",
      label: "Duplicate",
      keys: "Ctrl+D",
      words: "block copy again",
      run: duplicateBlock,
    },
    { name: "delete-block", icon: "bin", label: "Delete block", words: "remove", run: deleteBlock },
    {
      name: "copy-heading-link",
      icon: "link",
      label: "Copy link to heading",
      words: "anchor address section",
      run: copyHeadingLink,
      isPossible: (editor) => editor.isActive("heading"),
    },
  ],
};
