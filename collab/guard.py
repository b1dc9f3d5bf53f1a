"""What stands between a client's bytes and the CRDT: may this peer bring this update here, and does it bring anything?

`scan` reads an update (collab.structs), `check` judges it against who owns which client id and against what the
document holds, `Knowledge` is that holding, as ranges of ids. Nothing here has seen a CRDT library.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from collab.depths import Depths
from collab.errors import ClientIdTaken, Gap, TooLarge
from collab.limits import DEFAULT, TRUSTED, Limits
from collab.lineage import Id
from collab.pairs import Halves, Pairs
from collab.protocol import decode_state_vector, encode_state_vector
from collab.structs import Scan, scan, split

__all__ = ["DEFAULT", "MAX_CLAIMS", "TRUSTED", "Knowledge", "Limits", "Scan", "check", "scan", "split"]

MAX_CLAIMS = 64  # client ids that one update may use for the first time: every one burdens everybody's state vector


def check(scan: Scan, clocks: Mapping[int, int], principal: str, owners: Mapping[int, str]) -> dict[int, str]:
    """The client ids that `principal` claims with this update: those it is the first to use.

    `clocks` are the next clocks of what the document holds. What is held already may be repeated by anybody.
    Raises ClientIdTaken for new structs under somebody else's id; Gap when the update builds on, or deletes, what is
    neither here nor in itself; TooLarge for too many claims.
    """
    claims: dict[int, str] = {}
    for client, (start, end) in scan.inserts.items():
        known = clocks.get(client, 0)
        if end <= known:
            continue
        if owners.get(client) != principal:
            if client in owners or known:
                raise ClientIdTaken(f"The client id {client} belongs to someone else in this document.")
            claims[client] = principal
        if start > known:
            raise Gap(f"Client {client} goes on at {start}, but we know it up to {known} only.")
    if len(claims) > MAX_CLAIMS:
        raise TooLarge(f"An update may use {MAX_CLAIMS} client ids for the first time.")
    check_known(scan, clocks)
    return claims


def check_known(scan: Scan, clocks: Mapping[int, int]) -> None:
    """Raises Gap when an update refers to, or deletes, what is neither here nor in itself."""
    named = [(client, clock + 1) for client, clock in scan.refs.items()]
    named += [(client, end) for client, ranges in scan.deletes.items() for _, end in ranges]
    for client, end in named:
        if end > clocks.get(client, 0) and (client not in scan.inserts or end > scan.inserts[client][1]):
            raise Gap(f"The update speaks of what client {client} has written up to {end}, which is not here.")


class Knowledge:
    """What a document holds: `clocks`, the next clock of each client id, and the ranges that are deleted.

    An update can delete more than it says (what it puts into a deleted node dies at once), so after concurrent editing
    the document may know of more deletions than this does, never of fewer.
    """

    def __init__(self) -> None:
        self.clocks: dict[int, int] = {}
        self._deleted: dict[int, _Ranges] = {}
        self._depths = Depths({})
        self._halves = Halves()

    @classmethod
    def of(cls, state_vector: bytes, delete_only_update: bytes, pairs: Pairs) -> Knowledge:
        """From a document's state vector, the update it gives to who has all its structs, and where its pairs are.

        No struct is read, so that this costs next to nothing; how deep nodes stand is then known of later ones only.
        To absorb a scan of the whole state instead tells that too, and costs some 3 µs a struct.
        """
        knowledge = cls()
        knowledge.clocks = decode_state_vector(state_vector)
        knowledge._depths = Depths(knowledge.clocks)
        knowledge._halves.add(pairs, {})
        knowledge.absorb(scan(delete_only_update, TRUSTED))
        return knowledge

    def news(self, scan: Scan) -> bool:
        """Whether an update inserts or deletes anything that is not inserted or deleted already.

        Raises TooLarge or Malformed when something new would stand too deep, or where it cannot, or when a surrogate
        pair would be cut in two.
        """
        if scan.pairs or self._halves.clients:
            self._halves.check(self._cuts(scan), scan.pairs, self.clocks)
        if scan.places:
            self._depths.check(scan.places, self.clocks)
        return self.inserts(scan) or any(
            client not in self._deleted or not self._deleted[client].cover(ranges)
            for client, ranges in scan.deletes.items()
            if ranges
        )

    def _cuts(self, scan: Scan) -> Iterator[Id]:
        """Before which ids an update parts what is there."""
        yield from scan.cuts
        for client in scan.pairs:
            yield client, self.clocks.get(client, 0)  # what is here of it already is left away
        for client, ranges in scan.deletes.items():
            if client in self._halves.clients or client in scan.pairs:
                for start, end in ranges:
                    yield client, start
                    yield client, end

    def inserts(self, scan: Scan) -> bool:
        """Whether an update inserts anything new.

        Deletions alone need not be anybody's doing: Yjs drops marks that have become redundant wherever it sees them,
        so a page that only reads says so too.
        """
        return any(True for _ in self.ahead(scan))

    def ahead(self, scan: Scan) -> Iterator[int]:
        """The client ids of which an update inserts something new."""
        return (client for client, (_, end) in scan.inserts.items() if end > self.clocks.get(client, 0))

    def absorb(self, scan: Scan) -> None:
        """Reckon with an update that has been accepted."""
        if scan.places:
            self._depths.add(scan.places, self.clocks)
        if scan.pairs:
            self._halves.add(scan.pairs, self.clocks)
        for client, ranges in scan.dead.items():
            known = self.clocks.get(client, 0)  # a struct that is here already is not replaced by a dead one
            self._delete(client, [(max(start, known), end) for start, end in ranges if end > known])
        for client, (_, end) in scan.inserts.items():
            if end > self.clocks.get(client, 0):
                self.clocks[client] = end
        for client, ranges in scan.deletes.items():
            self._delete(client, ranges)

    def _delete(self, client: int, ranges: list[tuple[int, int]]) -> None:
        if ranges:
            self._deleted.setdefault(client, _Ranges()).add(ranges)

    def deleted(self) -> dict[int, list[tuple[int, int]]]:
        """The deleted ranges of each client id, sorted and merged."""
        return {client: list(ranges) for client, ranges in self._deleted.items()}

    def state_vector(self) -> bytes:
        return encode_state_vector(self.clocks)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Knowledge):
            return NotImplemented
        return self.clocks == other.clocks and self.deleted() == other.deleted()

    __hash__ = None  # type: ignore[assignment]


_FEW = 32


def _are_apart(ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether they are sorted, and no two of them touch, as in what Yjs writes."""
    return all(end < start for (_, end), (start, _) in pairwise(ranges))


class _Ranges:
    """Half-open ranges, sorted and apart."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(zip(self._starts, self._ends, strict=True))

    def cover(self, ranges: Iterable[tuple[int, int]]) -> bool:
        return all(self._holds(start, end) for start, end in ranges)

    def _holds(self, start: int, end: int) -> bool:
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and end <= self._ends[index]

    def add(self, ranges: Sequence[tuple[int, int]]) -> None:
        if not self._starts and _are_apart(ranges):
            self._starts, self._ends = map(list, zip(*ranges, strict=True))
            return
        fresh = [(start, end) for start, end in ranges if not self._holds(start, end)]
        if len(fresh) > _FEW:  # to insert each in its place would move all that follow, each time
            fresh = sorted([*self, *fresh])
            self._starts.clear()
            self._ends.clear()
        for start, end in fresh:
            self._insert(start, end)

    def _insert(self, start: int, end: int) -> None:
        starts, ends = self._starts, self._ends
        if not starts or start > ends[-1]:
            starts.append(start)
            ends.append(end)
            return
        first = bisect_left(ends, start)  # what touches the new range, from here ...
        last = bisect_right(starts, end)  # ... up to here, becomes one with it
        if first < last:
            start, end = min(start, starts[first]), max(end, ends[last - 1])
        starts[first:last] = [start]
        ends[first:last] = [end]
