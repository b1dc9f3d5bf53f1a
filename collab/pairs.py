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

from collab.errors import Malformed
from collab.lineage import Id

Pairs = Mapping[int, Sequence[int]]
"""The clocks of the second halves, ascending, by client id."""

_IS_SECOND = bytes(0xDC <= high <= 0xDF for high in range(256))
_FOUR_BYTES = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")


def may_hold(state: bytes) -> bool:
    """Whether a document's state looks as if it held pairs. Large numbers can look so too."""
    return _FOUR_BYTES.search(state) is not None


def second_halves(highs: bytes, clock: int) -> array[int]:
    """The clocks of the second halves in a text that begins at `clock`; `highs` is each UTF-16 unit's higher byte."""
    found = highs.translate(_IS_SECOND)
    return array("I", compress(range(clock, clock + len(found)), found) if 1 in found else ())


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
