/** The slash menu: a `/` offers the blocks. */

import type { Editor } from "@tiptap/core";
import { t } from "../words";
import { ranked } from "./matching";
import { blocks, type Tool, type ToolGroup } from "./tools";
import { typedMenu } from "./typed_menu";

export const slashMenu = typedMenu<Tool>({
  name: "slashMenu",
  label: t("Insert a block"),
  typed: /(?:^|\s)\/([^/\uFFFC]{0,30})$/,
  offer: offered,
  take(editor, tool, { from, to }) {
    editor.view.dispatch(editor.state.tr.delete(from, to));
    tool.run(editor);
  },
});

function offered(editor: Editor, letters: string): ToolGroup[] {
  const isPossible = ({ isPossible }: Tool) => isPossible?.(editor) ?? true;
  const groups = blocks.map(({ label, tools }) => ({ label, tools: tools.filter(isPossible) }));
  if (!letters) return groups;
  const tools = ranked(
    groups.flatMap((group) => group.tools),
    letters,
  );
  return [{ label: "", tools }];
}
