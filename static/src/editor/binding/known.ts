/**
 * Which node shows which element of the shared document. The rule that everything here rests on: of each element that the
 * editor shows, the very node is known that is in its document now.
 */

import type { Node } from "@tiptap/pm/model";
import * as Y from "yjs";

/** What holds blocks: an element, or the document itself. */
export type Holder = Y.XmlElement | Y.XmlFragment;

type Shown = Node | readonly Node[];

export class Known {
  readonly #nodes = new WeakMap<object, Shown>();
  readonly #elements = new WeakMap<Node, Y.XmlElement>();
  /** Nodes that stand in the document more than once, as a block does that was duplicated. */
  readonly #shared = new WeakSet<Node>();

  /** Of a text: its pieces, as y-tiptap remembers them. */
  get(type: object): Shown | undefined {
    return this.#nodes.get(type);
  }

  set(type: object, shown: Shown): void {
    if (type instanceof Y.XmlElement && !Array.isArray(shown)) {
      const other = this.#elements.get(shown as Node);
      if (other && other !== type && this.#nodes.get(other) === shown) this.#shared.add(shown as Node);
      this.#elements.set(shown as Node, type);
    }
    this.#nodes.set(type, shown);
  }

  delete(type: object): boolean {
    return this.#nodes.delete(type);
  }

  nodeOf(holder: Holder): Node | undefined {
    return this.#nodes.get(holder) as Node | undefined;
  }

  /** Undefined also when several show the same node. */
  elementOf(node: Node): Y.XmlElement | undefined {
    const element = this.#shared.has(node) ? undefined : this.#elements.get(node);
    return element && this.#nodes.get(element) === node ? element : undefined;
  }

  /** `node` shows the holder: so do its children the holder's, in order. Goes down only where something is new. */
  adopt(holder: Holder, node: Node): void {
    this.set(holder, node);
    const elements = elementsIn(holder);
    const nodes = node.content.content.filter((child) => !child.isText);
    for (const [at, element] of elements.entries()) {
      const child = nodes[at];
      if (child?.type.name !== element.nodeName) this.delete(element);
      else if (this.get(element) !== child) this.adopt(element, child);
    }
  }

  /** The same, looking at everything below. */
  adoptWhole(holder: Holder, node: Node): void {
    for (const element of elementsIn(holder)) this.#forgetWhole(element);
    this.adopt(holder, node);
  }

  #forgetWhole(element: Y.XmlElement): void {
    this.delete(element);
    for (const child of elementsIn(element)) this.#forgetWhole(child);
  }

  /** Where an element begins in the document that `root` is shown by; null when it is not in it. */
  positionOf(element: Y.XmlElement, root: Y.XmlFragment, doc: Node): number | null {
    const parent = element.parent as Holder | null;
    const within = parent === root ? -1 : parent && this.positionOf(parent as Y.XmlElement, root, doc);
    const node = parent === root ? doc : within === null ? null : doc.nodeAt(within);
    if (within === null || !node) return null;
    const index = this.#indexOf(element, node);
    return index < 0 ? null : within + 1 + sizeBefore(node, index);
  }

  #indexOf(element: Y.XmlElement, parent: Node): number {
    const children = parent.content.content;
    const shown = this.nodeOf(element);
    const index = shown ? children.indexOf(shown) : -1;
    if (index >= 0 && shown && !this.#shared.has(shown)) return index;
    return indexByOrder(element, children);
  }
}

/** Every element is shown by one node, and only texts by none or by several. */
function indexByOrder(element: Y.XmlElement, children: readonly Node[]): number {
  if (!element._item || element._item.deleted) return -1;
  let before = 0;
  for (let at = element.prevSibling; at; at = at.prevSibling) if (at instanceof Y.XmlElement) before += 1;
  const shown = children.findIndex((child) => !child.isText && before-- === 0);
  return children[shown]?.type.name === element.nodeName ? shown : -1;
}

export function elementsIn(holder: Holder): Y.XmlElement[] {
  return holder.toArray().filter((child): child is Y.XmlElement => child instanceof Y.XmlElement);
}

export function sizeBefore(parent: Node, index: number): number {
  let size = 0;
  for (let at = 0; at < index; at += 1) size += parent.child(at).nodeSize;
  return size;
}
