/** A table in the editor. It may be wider than the page; where nobody writes, so has no caret to move, keys scroll it all the same. */

import { TableView } from "@tiptap/extension-table";
import type { Node } from "@tiptap/pm/model";
import type { EditorView } from "@tiptap/pm/view";

export class ReachableTable extends TableView {
  constructor(node: Node, cellMinWidth: number, view: EditorView, attributes?: Record<string, unknown>) {
    super(node, cellMinWidth, view, attributes);
    if (!view.editable) this.dom.tabIndex = 0;
  }
}
