"""Where a document's surrogate pairs are: nothing may come between the two halves of one.

Yjs counts UTF-16 units, so that an emoji takes two clocks, and an update can name either. Where one is cut in two Yjs
puts U+FFFD for each half. The CRDT library keeps it whole, and then writes states whose clocks are wrong. Once a pair
has been deleted both only count its clocks: its halves may be named, and a document that is loaded later does not know
of them.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress

from collab.encoding import VARUINT, Reader, decode_text, number, skip_any
from collab.errors import Malformed
from collab.limits import TRUSTED
from collab.lineage import Id

Pairs = Mapping[int, Sequence[int]]
"""The clocks of the second halves, ascending, by client id."""

_IS_SECOND = bytes(0xDC <= high <= 0xDF for high in range(256))


def measure(text: bytes, clock: int) -> tuple[int, Sequence[int]]:
    """How many UTF-16 units a text has, and the clocks of the second halves in it when it begins at `clock`.

    Raises Malformed if it is not UTF-8.
    """
    if text.isascii():
        return len(text), ()
    highs = decode_text(text).encode("utf-16-le")[1::2]  # a byte for each unit
    is_second = highs.translate(_IS_SECOND)
    if 1 not in is_second:
        return len(highs), ()
    return len(highs), array("I", compress(range(clock, clock + len(highs)), is_second))


class Halves:
    """Four bytes for each pair. `clients` are the client ids that have written some."""

    def __init__(self) -> None:
        self._known: dict[int, array[int]] = {}
        self.clients = self._known.keys()

    def check(self, cuts: Iterable[Id], fresh: Pairs, clocks: Mapping[int, int]) -> None:
        """Raises Malformed when an update cuts a pair, one of the document's or one of its own (`fresh`), in two.

        `cuts` are the ids before which it parts the text, `clocks` the next clocks of what is here already: the update
        is not believed about that.
        """
        for client, clock in cuts:
            is_here = clock < clocks.get(client, 0)
            seconds: Sequence[int] = (self._known if is_here else fresh).get(client, ())
            at = bisect_left(seconds, clock)
            if at < len(seconds) and seconds[at] == clock:
                raise Malformed("A character that takes two UTF-16 units is one: nothing begins or ends in it.")

    def add(self, fresh: Pairs, clocks: Mapping[int, int]) -> None:
        """Remember an update's pairs; `clocks` as before it."""
        for client, seconds in fresh.items():
            new = seconds[bisect_left(seconds, clocks.get(client, 0)) :]
            if new:
                self._known.setdefault(client, array("I")).extend(new)


# --- a whole document -------------------------------------------------------------------------------------------------

# What a byte can be in UTF-8: the first of four (1), or one that follows (2). Large numbers can look so too.
_PART = bytes(1 if 0xF0 <= byte <= 0xF4 else 2 if 0x80 <= byte <= 0xBF else 0 for byte in range(256))
_FOUR_BYTES = b"\1\2\2\2"
# A struct's kind with its flags, what it names, and the number that its content begins with.
_HEAD = re.compile(
    rb"(\x00|[\x40-\x5f\x80-\xbf]%b%b|[\xc0-\xdf]%b%b%b%b|[\x01-\x1f](?:\x01\x07default|\x00%b%b))(%b)"
    % ((VARUINT,) * 9)
)
_KIND = 0x1F
_COLLECTED, _DELETED, _STRING, _FORMAT, _TYPE, _VALUES = 0, 1, 4, 6, 7, 8
_ELEMENT = 3


def find(state: bytes) -> dict[int, array[int]]:
    """The pairs of a whole document, from its state. Raises Malformed for what documents do not hold.

    It looks at nothing else, and costs 1 µs a struct.
    """
    found: dict[int, array[int]] = {}
    if _FOUR_BYTES not in state.translate(_PART):
        return found
    reader = Reader(state)
    for _ in range(reader.varuint()):
        count, client, clock = reader.varuint(), reader.varuint(), reader.varuint()
        seconds = array("I")
        for _ in range(count):
            clock = _pass_over(reader, clock, seconds)
        if seconds:
            found[client] = seconds
    return found


def _pass_over(reader: Reader, clock: int, seconds: array[int]) -> int:
    """Read over a struct and note its pairs: the clock after it."""
    head = reader.match(_HEAD)
    kind, length = (head[1][0] & _KIND, number(head[2])) if head else _pass_name(reader)
    if kind == _STRING:
        length, more = measure(reader.take(length), clock)
        seconds.extend(more)
    elif kind == _FORMAT:
        reader.take(length)
        reader.varbytes()
        length = 1
    elif kind == _TYPE:
        if length == _ELEMENT:
            reader.varbytes()
        length = 1
    elif kind == _VALUES:
        for _ in range(length):
            skip_any(reader, TRUSTED.depth)
    elif kind not in (_COLLECTED, _DELETED):
        raise Malformed("An update holds a struct of a kind that documents do not use.")
    return clock + length


def _pass_name(reader: Reader) -> tuple[int, int]:
    """The same head, of the first value of an attribute: its parent comes with a name."""
    kind = reader.byte() & _KIND
    if reader.varuint(1):
        raise Malformed("The root has no attributes.")
    reader.varuint()
    reader.varuint()
    reader.varbytes()
    return kind, reader.varuint()
