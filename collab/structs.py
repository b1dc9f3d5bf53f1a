"""Yjs v1 updates, read strictly: which ids an update brings, deletes and builds on. It never touches a CRDT.

Linear in time, never recursive, and narrower than the format: only what an editor of our documents can produce passes,
so that the CRDT library is not handed what makes it panic, hang or differ from Yjs. An update is, per client id, its
structs in order, then the ranges it deletes. Format: Yjs 13 (src/structs, src/utils/UpdateEncoder.js), on lib0's.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from operator import add

from collab import keystroke, pairs
from collab.encoding import Reader, decode_text, parse_json, skip_any, varuint
from collab.errors import Malformed, TooLarge
from collab.limits import DEFAULT, TRUSTED, Limits
from collab.lineage import DELETED, ELEMENT, FORMAT, GC, STRING, TEXT, VALUE, Block, Id, Place, Run, Struct, arrange
from collab.protocol import MAX_CLIENT_ID, MAX_CLOCK

ROOT = b"default"  # the only root a document has

_HAS_ORIGIN, _HAS_RIGHT, _HAS_NAME, _CONTENT = 0x80, 0x40, 0x20, 0x1F
_XML_ELEMENT, _XML_TEXT = 3, 6
_NODE_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_.:-]{0,63}")
_PLAIN_VALUES = frozenset((b"null", b"{}", b"true", b"false"))

Ranges = list[tuple[int, int]]


@dataclass(slots=True)
class Scan:
    """What an update speaks of, by client id; ranges of clocks are half open.

    `inserts`: the range of its structs. `deletes`: what it deletes. `dead`: structs that come already deleted. `refs`:
    the highest clock that its structs build on. `places`: where its nodes stand, in an order that can be integrated.
    `cuts`: the ids before which its structs part what is there. `pairs`: see collab.pairs.
    """

    inserts: dict[int, tuple[int, int]] = field(default_factory=dict)
    deletes: dict[int, Ranges] = field(default_factory=dict)
    dead: dict[int, Ranges] = field(default_factory=dict)
    refs: dict[int, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    cuts: list[Id] = field(default_factory=list)
    pairs: dict[int, array[int]] = field(default_factory=dict)


def scan(update: bytes, limits: Limits = DEFAULT) -> Scan:
    """Read an update (Yjs v1). Raises Malformed or TooLarge."""
    if len(update) <= keystroke.MOST and (found := keystroke.typed(update)):
        client, start, end, refs, cuts = found
        return Scan({client: (start, end)}, {}, {}, refs, [], cuts, {})
    return read_all(update, limits)


def read_all(update: bytes, limits: Limits = DEFAULT) -> Scan:
    """The same, the long way."""
    if len(update) > limits.size:
        raise TooLarge(f"An update may have {limits.size} bytes.")
    scanner = _Scanner(update, limits)
    scanner.read()
    if len(scanner.blocks) > 1 or scanner.has_places:
        scanner.scan.places = [place for block, first, last in scanner.arrange() for place in block.places(first, last)]
    return scanner.scan


def split(update: bytes, most: int) -> Iterator[bytes]:
    """An update that has passed, as several: each but the last brings up to `most` structs, the last one deletes.

    Applied in this order they come to the same, and none has to wait for another. Whoever applies them can look at the
    clock in between: a few kilobytes of well-formed structs can keep a CRDT busy for minutes.
    """
    scanner = _Scanner(update, TRUSTED)
    scanner.read()
    for block, first, last in scanner.arrange():
        for index in range(first, last, most):
            count = min(most, last - index)
            head = b"\1" + varuint(count) + varuint(block.client) + varuint(block.clocks[index])
            yield head + update[block.place(index) : block.place(index + count)] + b"\0"
    yield b"\0" + update[scanner.deletes_at :]


class _Scanner:
    """One pass over one update."""

    def __init__(self, update: bytes, limits: Limits) -> None:
        self.scan = Scan()
        self.blocks: list[tuple[int, list[Struct], int, int]] = []  # what a Block is made of
        self.deletes_at = 0
        self.has_places = False  # it holds more than characters and marks, which can only stand in certain places
        self._reader = Reader(update)
        self._limits = limits
        self._firsts: dict[tuple[Id | None, bytes], int] = {}
        self._structs = self._values = 0
        self._id: Id = 0, 0  # of the struct that is read

    def read(self) -> None:
        clients = self._reader.varuint()
        if clients > self._limits.clients:
            raise TooLarge(f"An update may bring the structs of {self._limits.clients} clients.")
        for _ in range(clients):
            self._read_block()
        self.deletes_at = self._reader.position
        self._read_deletes()
        self._reader.end()

    def arrange(self) -> list[Run]:
        return arrange([Block(*block) for block in self.blocks], self._limits.nesting)

    # --- structs --------------------------------------------------------------------------------------------------

    def _read_block(self) -> None:
        count = self._reader.varuint()
        self._structs += count
        if self._structs > self._limits.structs:
            raise TooLarge(f"An update may bring {self._limits.structs} structs.")
        client, start = self._read_id()
        if not count or client in self.scan.inserts:
            raise Malformed("An update names each client once, with at least one struct.")
        clock, structs = start, []
        for _ in range(count):
            each, length = self._read_struct(client, clock)
            structs.append(each)
            if each.kind in (GC, DELETED):
                self.has_places = True
                self.scan.dead.setdefault(client, []).append((clock, clock + length))
            clock += length
        if clock > MAX_CLOCK:
            raise Malformed("A clock is beyond 2^31.")
        self.scan.inserts[client] = (start, clock)
        self.blocks.append((client, structs, clock, self._reader.position))

    def _read_struct(self, client: int, clock: int) -> tuple[Struct, int]:
        at, info = self._reader.position, self._reader.byte()
        self._id = client, clock
        if not info:
            return Struct(at, clock, GC), self._read_length()
        read = _CONTENTS.get(info & _CONTENT)
        if read is None or (info & _HAS_NAME and info & _HAS_RIGHT):
            raise Malformed("An update holds a struct of a kind that documents do not use.")
        origin = self._read_ref(client, clock) if info & _HAS_ORIGIN else None
        right = self._read_ref(client, clock) if info & _HAS_RIGHT else None
        if origin:
            self.scan.cuts.append((origin[0], origin[1] + 1))
        if right:
            self.scan.cuts.append(right)
        parent = None if origin or right else self._read_parent(client, clock, info)
        kind, length = read(self, bool(info & _HAS_NAME))
        # Who merges updates without a document (Yjs, yrs) forgets the name's flag where there is an origin.
        if kind == VALUE and (right or not (origin or info & _HAS_NAME)):
            raise Malformed("Values are held by attributes only.")
        if kind not in (ELEMENT, TEXT, DELETED) and not (origin or right or parent):
            raise Malformed("The root holds elements and texts only.")
        return Struct(at, clock, kind, origin, right, parent), length

    def _read_parent(self, client: int, clock: int, info: int) -> Id | None:
        """The parent's id; None is the root."""
        parent = None
        if self._reader.varuint(1):
            if self._reader.varbytes() != ROOT:
                raise Malformed("A document has one root, and this is not its name.")
            if info & _HAS_NAME:
                raise Malformed("The root has no attributes.")
        else:
            parent = self._read_ref(client, clock)
        if info & _HAS_NAME:
            # Without an origin, whoever integrates it walks through all values that the attribute ever had.
            key = (parent, self._read_name())
            self._firsts[key] = times = self._firsts.get(key, 0) + 1
            if times > self._limits.firsts:
                raise TooLarge("An update sets one attribute too often.")
        return parent

    def _read_id(self) -> Id:
        return self._reader.varuint(MAX_CLIENT_ID), self._reader.varuint(MAX_CLOCK)

    def _read_ref(self, client: int, clock: int) -> Id:
        ref = self._read_id()
        if ref[0] == client and ref[1] >= clock:
            raise Malformed("A struct builds on itself or on a later one.")
        if ref[1] > self.scan.refs.get(ref[0], -1):
            self.scan.refs[ref[0]] = ref[1]
        return ref

    def _read_length(self) -> int:
        length = self._reader.varuint(MAX_CLOCK)
        if not length:
            raise Malformed("A struct or a deletion has no length.")
        return length

    def _read_name(self) -> bytes:
        name = self._reader.varbytes()
        if len(name) > self._limits.name_size:
            raise TooLarge(f"A name may have {self._limits.name_size} bytes.")
        decode_text(name)
        return name

    # --- contents: each reads one and tells its kind and how many clocks it takes -------------------------------------

    def _read_deleted(self, _: bool) -> tuple[int, int]:
        return DELETED, self._read_length()

    def _read_string(self, is_named: bool) -> tuple[int, int]:
        if is_named:
            raise Malformed("An attribute holds a value.")
        text, (client, clock) = self._reader.varbytes(), self._id
        if not text and not self._limits.empties:
            raise Malformed("A struct or a deletion has no length.")
        length, seconds = pairs.measure(text, clock)
        if seconds:
            self.scan.pairs.setdefault(client, array("I")).extend(seconds)
        return STRING, length

    def _read_format(self, is_named: bool) -> tuple[int, int]:
        if is_named:
            raise Malformed("An attribute holds a value.")
        self._read_name()
        value = self._reader.varbytes()
        if value not in _PLAIN_VALUES:
            self._check_size(len(value))
            _check_json(decode_text(value), self._limits.depth)
        return FORMAT, 1

    def _read_type(self, is_named: bool) -> tuple[int, int]:
        if is_named:
            raise Malformed("An attribute holds a value.")
        self.has_places = True
        kind = self._reader.varuint()
        if kind == _XML_TEXT:
            return TEXT, 1
        if kind != _XML_ELEMENT:
            raise Malformed("A document is made of XML elements and texts only.")
        if not _NODE_NAME.fullmatch(self._reader.varbytes()):
            raise Malformed("This is not the name of a node.")
        return ELEMENT, 1

    def _read_values(self, is_named: bool) -> tuple[int, int]:
        self.has_places = True
        start, length = self._reader.position, self._read_length()
        for _ in range(length):
            self._values += skip_any(self._reader, self._limits.depth)
            if self._values > self._limits.values:
                raise TooLarge(f"An update may bring {self._limits.values} values.")
        self._check_size(self._reader.position - start)
        return VALUE, length

    def _check_size(self, size: int) -> None:
        if size > self._limits.value_size:
            raise TooLarge(f"A value may have {self._limits.value_size} bytes.")

    # --- the delete set -------------------------------------------------------------------------------------------

    def _read_deletes(self) -> None:
        total = 0
        for _ in range(self._count_deletes(0)):
            client = self._reader.varuint(MAX_CLIENT_ID)
            count = self._count_deletes(total)
            total += count
            if client in self.scan.deletes:
                raise Malformed("An update deletes of each client once.")
            self.scan.deletes[client] = self._read_ranges(count)
            if any(end > start for (_, end), (start, _) in pairwise(self.scan.deletes[client])):
                # As Yjs writes them they are; applied backwards they take minutes.
                raise Malformed("Deletions are not in order.")

    def _read_ranges(self, count: int) -> Ranges:
        numbers = self._reader.varuints(2 * count, MAX_CLOCK)
        clocks, lengths = numbers[::2], numbers[1::2]
        if 0 in lengths:
            raise Malformed("A struct or a deletion has no length.")
        return list(zip(clocks, map(add, clocks, lengths), strict=True))

    def _count_deletes(self, before: int) -> int:
        count = self._reader.varuint()
        if before + count > self._limits.deletes:
            raise TooLarge(f"An update may delete {self._limits.deletes} ranges.")
        return count


_CONTENTS: dict[int, Callable[[_Scanner, bool], tuple[int, int]]] = {
    1: _Scanner._read_deleted,
    4: _Scanner._read_string,
    6: _Scanner._read_format,
    7: _Scanner._read_type,
    8: _Scanner._read_values,
}


def _check_json(text: str, depth: int) -> None:
    value = parse_json(text, depth)
    if "\\u" in text:  # which may hide half a surrogate pair: JavaScript takes it, yrs does not
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise Malformed("A mark's value has half a surrogate pair.") from None
