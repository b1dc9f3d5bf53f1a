"""How deeply each node of a document stands, as far as its updates tell: a tree must not outgrow anybody's stack.

One update nests only so deep (collab.lineage), but many can go on where the last one ended, and the CRDT library walks
down recursively when a node is deleted. What was there before the first update seen counts as not nested at all, for it
is never read struct by struct.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

from collab.errors import Malformed, TooLarge
from collab.lineage import ELEMENT, TEXT, Id, Place

MAX_DEPTH = 256  # elements in elements; lists in lists take two each


class _Track:
    """One client's nodes: ranges of clocks in ascending order, each with its depth."""

    __slots__ = ("depths", "ends", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.depths: list[int] = []

    def add(self, start: int, end: int, depth: int) -> None:
        if self.ends and self.ends[-1] == start and self.depths[-1] == depth:
            self.ends[-1] = end
        else:
            self.starts.append(start)
            self.ends.append(end)
            self.depths.append(depth)

    def find(self, clock: int) -> int | None:
        index = bisect_right(self.starts, clock) - 1
        return self.depths[index] if index >= 0 and clock < self.ends[index] else None


class Depths:
    """`loaded`: the clocks up to which nothing is known."""

    def __init__(self, loaded: Mapping[int, int]) -> None:
        self._loaded = dict(loaded)
        self._tracks: dict[int, _Track] = {}

    def _find(self, id_: Id) -> int | None:
        client, clock = id_
        if clock < self._loaded.get(client, 0):
            return 0
        track = self._tracks.get(client)
        return track.find(clock) if track else None

    def check(self, places: Iterable[Place], clocks: Mapping[int, int]) -> None:
        """Raises TooLarge where a node would stand too deep, Malformed where one would stand among characters.

        `clocks` are the next clocks of what is here already: the update is not believed about that.
        """
        for depth, place in self._place(places, clocks, Depths({})):
            if depth is None and place.kind in (ELEMENT, TEXT):
                raise Malformed("Elements, characters and attributes do not stand side by side.")
            if depth is not None and depth > MAX_DEPTH:
                raise TooLarge(f"A document may nest {MAX_DEPTH} deep.")

    def add(self, places: Iterable[Place], clocks: Mapping[int, int]) -> None:
        """Remember where an update's nodes stand; `clocks` as before it."""
        for _ in self._place(places, clocks, self):
            pass

    def _place(
        self, places: Iterable[Place], clocks: Mapping[int, int], into: Depths
    ) -> Iterator[tuple[int | None, Place]]:
        """Each new place with its depth (None: beside what is no node), remembered in `into`."""
        for place in places:
            known = clocks.get(place.client, 0)
            if place.end <= known:
                continue
            depth: int | None = 0
            if place.ref is not None:
                depth = into._find(place.ref)
                depth = self._find(place.ref) if depth is None else depth
            if depth is not None:
                depth += place.is_child
                into._tracks.setdefault(place.client, _Track()).add(max(place.start, known), place.end, depth)
            yield depth, place
