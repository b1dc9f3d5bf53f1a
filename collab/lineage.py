"""In which order an update's structs can be integrated, and how deeply it nests: whether it is a tree that can grow.

Yjs integrates a struct once everything it names is there. Structs that wait for each other in a circle would wait for
ever, and a chain of nested types thousands deep overflows the stack of whoever walks it, so neither passes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from collab.errors import Malformed, TooLarge

GC, DELETED, STRING, FORMAT, ELEMENT, TEXT, VALUE = range(7)

_FAMILY: dict[int | None, int] = {
    STRING: STRING,
    FORMAT: STRING,
    ELEMENT: ELEMENT,
    TEXT: ELEMENT,
    VALUE: VALUE,
}  # the dead have none
_NODES = frozenset((ELEMENT, TEXT, DELETED, GC))

Id: TypeAlias = tuple[int, int]  # client id, clock


class Struct(NamedTuple):
    """One struct, without its content. `parent` is given only when neither `origin` nor `right` is."""

    at: int  # in bytes from the update's beginning
    clock: int
    kind: int
    origin: Id | None = None
    right: Id | None = None
    parent: Id | None = None


class Place(NamedTuple):
    """Where the nodes with these ids stand: in the node `ref` or beside it. None is the root."""

    client: int
    start: int
    end: int
    kind: int
    ref: Id | None
    is_child: bool


class Block:
    """One client's structs in an update: `end` is the clock after the last, `stop` the byte after it.

    `levels` grows as they are integrated.
    """

    __slots__ = ("client", "clocks", "end", "levels", "stop", "structs")

    def __init__(self, client: int, structs: Sequence[Struct], end: int, stop: int) -> None:
        self.client = client
        self.structs = structs
        self.clocks = [each.clock for each in structs]
        self.levels: list[int] = []  # how many ancestors of the struct are in the update
        self.end = end
        self.stop = stop

    def place(self, index: int) -> int:
        """The byte where a struct begins, or the last one ends."""
        return self.structs[index].at if index < len(self.structs) else self.stop

    def places(self, first: int, last: int) -> Iterator[Place]:
        """Where nodes, and what may have been nodes, stand."""
        for index in range(first, last):
            each = self.structs[index]
            if each.kind in _NODES:
                end = self.clocks[index + 1] if index + 1 < len(self.clocks) else self.end
                ref = each.parent or each.origin or each.right
                yield Place(self.client, each.clock, end, each.kind, ref, each.parent is not None)

    @property
    def integrated(self) -> int:
        """The clock of the first struct that is not integrated yet."""
        done = len(self.levels)
        return self.clocks[done] if done < len(self.clocks) else self.end

    def holds(self, clock: int) -> bool:
        return self.clocks[0] <= clock < self.end

    def index(self, clock: int) -> int:
        return bisect_right(self.clocks, clock) - 1


Run: TypeAlias = tuple[Block, int, int]  # structs of one client, from one index up to another


def arrange(in_update: Sequence[Block], nesting: int) -> list[Run]:
    """Go through an update in an order in which it can be integrated, and return that order.

    Raises Malformed when there is none, or when something stands where it cannot; TooLarge when types are nested more
    than `nesting` deep within the update.
    """
    runs: list[Run] = []
    blocks = {block.client: block for block in in_update}
    for block in in_update:
        waiting = {block.client: block.end}  # each waits for the next to come to a clock; the last one moves
        while waiting:
            client, until = next(reversed(waiting.items()))
            current, before = blocks[client], len(blocks[client].levels)
            missing = _advance(current, until, blocks, nesting)
            runs.append((current, before, len(current.levels)))
            if missing is None:
                del waiting[client]
            elif missing[0] in waiting:
                raise Malformed("The structs of this update wait for each other.")
            else:
                waiting[missing[0]] = missing[1] + 1
    return runs


def _advance(block: Block, until: int, blocks: Mapping[int, Block], nesting: int) -> Id | None:
    """Integrate a client's structs up to a clock; the id of what is missing for the next one, if something is."""
    while block.integrated < until:
        each = block.structs[len(block.levels)]
        for needed in (each.origin, each.right, each.parent):
            if needed is not None and needed[0] in blocks:
                other = blocks[needed[0]]
                if other.integrated <= needed[1] < other.end:
                    return needed
        level = _level(each, blocks)
        if level > nesting:
            raise TooLarge(f"An update may nest {nesting} deep.")
        block.levels.append(level)
    return None


def _level(each: Struct, blocks: Mapping[int, Block]) -> int:
    origin, right = _find(each.origin, blocks), _find(each.right, blocks)
    families = {_FAMILY.get(kind) for kind in (each.kind, origin and origin[0], right and right[0])}
    if len(families - {None}) > 1:
        raise Malformed("Elements, characters and attributes do not stand side by side.")
    if each.parent is None:
        beside = origin if each.origin else right  # in this order Yjs asks them where they stand
        return beside[1] if beside else 0
    parent = _find(each.parent, blocks)
    if parent is None:
        return 0
    _check_parent(each.kind, parent[0])
    return parent[1] + 1


def _find(id_: Id | None, blocks: Mapping[int, Block]) -> tuple[int, int] | None:
    """The kind and the level of the struct that holds an id, if it is in the update."""
    block = blocks.get(id_[0]) if id_ else None
    if block is None or id_ is None or not block.holds(id_[1]):
        return None
    index = block.index(id_[1])
    return block.structs[index].kind, block.levels[index]


def _check_parent(child: int, parent: int) -> None:
    if parent in (STRING, FORMAT, VALUE):
        raise Malformed("Only elements and texts have content.")
    if parent == ELEMENT and child in (STRING, FORMAT):
        raise Malformed("Characters stand in texts, not in elements.")
    if parent == TEXT and child in (ELEMENT, TEXT):
        raise Malformed("A text holds characters, not elements.")
