/** Which blocks can be moved as a whole: those beside each other in the document, a list, a column, a box. */

import type { Node } from "@tiptap/pm/model";
import type { Selection } from "@tiptap/pm/state";

/** One block or several beside each other: the children `first` up to `last` (which is not among them) of `home`. */
export interface Unit {
  readonly home: Node;
  readonly first: number;
  readonly last: number;
  /** In the document. */
  readonly from: number;
  readonly to: number;
}

const LISTS = new Set(["bulletList", "orderedList", "taskList"]);
const HOMES = new Set(["doc", "column", "callout", "detailsContent", "blockquote", "footnote", ...LISTS]);

export function isList({ type }: Node): boolean {
  return LISTS.has(type.name);
}

/** What the selection stands in, the innermost first. Of a table and a list item it is always all of it. */
export function unitsAround({ $from, $to }: Pick<Selection, "$from" | "$to">): Unit[] {
  const found: Unit[] = [];
  for (let depth = $from.sharedDepth($to.pos); depth >= 0; depth -= 1) {
    const home = $from.node(depth);
    const [first, last] = [$from.index(depth), $to.indexAfter(depth)];
    if (!HOMES.has(home.type.name) || first === last) continue;
    found.push({ home, first, last, from: $from.posAtIndex(first, depth), to: $from.posAtIndex(last, depth) });
  }
  return found;
}

/** Whether nothing of the home would be left without it. */
export function isAll({ home, first, last }: Unit): boolean {
  return first === 0 && last === home.childCount;
}

/** The innermost, but the list instead of all its items. */
export function wholeUnit(units: readonly Unit[]): Unit | undefined {
  return units.find((unit) => !(isList(unit.home) && isAll(unit)));
}
