/** What has been changed in the editor, written into the shared document: y-tiptap compares, and where one block has changed only that. */

import type { MarkType, Node } from "@tiptap/pm/model";
import { updateYFragment } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import type { Bound } from "./incoming";
import { elementsIn } from "./known";

type Memory = Parameters<typeof updateYFragment>[3];

export class Writer {
  readonly #bound: Bound;
  readonly #overlapping = new Map<MarkType, boolean>();

  constructor(bound: Bound) {
    this.#bound = bound;
  }

  /** To be called within a transaction of the shared document. */
  write(before: Node, after: Node): void {
    const { root, known } = this.#bound;
    const index = onlyChanged(before, after);
    const block = index === null ? null : after.child(index);
    const element = index === null ? null : root.get(index);
    const isHere = element instanceof Y.XmlElement && index !== null && known.nodeOf(element) === before.child(index);
    if (isHere && block && element.nodeName === block.type.name) {
      updateYFragment({ transact: (run: () => void) => run() }, element, block, this.#memory);
      known.adoptWhole(element, block);
      known.set(root, after);
    } else {
      this.#writeAll(before, after);
    }
  }

  #writeAll(before: Node, after: Node): void {
    const { root, known } = this.#bound;
    updateYFragment({ transact: (run: () => void) => run() }, root, after, this.#memory);
    const old = new Set(before.content.content);
    for (const [at, element] of elementsIn(root).entries()) {
      const block = after.maybeChild(at);
      if (block && !(old.has(block) && known.nodeOf(element) === block)) known.adoptWhole(element, block);
    }
  }

  /** What y-tiptap asks of its own maps, ours has. */
  get #memory(): Memory {
    return { mapping: this.#bound.known, isOMark: this.#overlapping } as unknown as Memory;
  }
}

/** The index of the one child that differs, null when more does. */
function onlyChanged(before: Node, after: Node): number | null {
  if (before.childCount !== after.childCount) return null;
  const [old, now] = [before.content.content, after.content.content];
  const index = old.findIndex((child, at) => child !== now[at]);
  return index >= 0 && old.every((child, at) => at <= index || child === now[at]) ? index : null;
}
