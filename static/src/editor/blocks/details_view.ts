/** A toggle in the editor: open or closed in this page only, for what somebody looks at is no change of the document. */

import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import type { EditorView, NodeView, ViewMutationRecord } from "@tiptap/pm/view";
import { button, element } from "../../ui/element";
import { t } from "../../words";

const OPEN = "is-open";

export class DetailsView implements NodeView {
  readonly dom = element("div", { class: "details" });
  readonly contentDOM = element("div", { class: "details-body" });
  readonly #toggle = button("", { class: "details-toggle", contenteditable: "false" }, () => this.open(!this.#isOpen));
  readonly #type: Node["type"];

  constructor(view: EditorView, getPos: () => number | undefined, node: Node) {
    this.#type = node.type;
    this.dom.append(this.#toggle, this.contentDOM);
    this.#toggle.addEventListener("mousedown", (event) => event.preventDefault());
    const position = getPos() ?? -1;
    const { from } = view.state.selection;
    this.open(from > position && from < position + node.nodeSize);
    views.set(this.dom, this);
  }

  get #isOpen(): boolean {
    return this.dom.classList.contains(OPEN);
  }

  open(isOpen: boolean): void {
    this.dom.classList.toggle(OPEN, isOpen);
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
    this.#toggle.setAttribute("aria-label", isOpen ? t("Close") : t("Open"));
  }

  update(node: Node): boolean {
    return node.type === this.#type;
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

const views = new WeakMap<globalThis.Node, DetailsView>();

/** Opens every toggle that hides the selection. */
export function openAround({ state, view }: Editor): void {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name !== "detailsContent") continue;
    const dom = view.nodeDOM($from.before(depth - 1));
    if (dom) views.get(dom)?.open(true);
  }
}
