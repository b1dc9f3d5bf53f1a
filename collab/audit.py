"""Whether what is kept of a document agrees with itself: log, snapshots, owners. Pure: rows in, problems out.

The log is replayed from where it begins, and every snapshot on the way must be the document that the replay has come
to. Bytes that do not pass our own reader are never given to the CRDT. The log's end is the one thing that cannot be
known from within: an entry is missed by what comes after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pycrdt import Doc, XmlFragment

from collab import fold, guard
from collab.errors import CollabError, Gap
from collab.ports import SERVER, Entry, SnapshotInfo

Kind = Literal["snapshot", "entry", "owner", "stray"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`about` is the id of a snapshot, the seq of an entry or the client id of an owner."""

    kind: Kind
    about: UUID | int
    sentence: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot with its bytes."""

    info: SnapshotInfo
    state: bytes
    checksum: int | None

    @property
    def is_damaged(self) -> bool:
        return self.checksum not in (None, fold.checksum(self.state))


@dataclass(frozen=True, slots=True)
class Records:
    """What is kept of one document, snapshots and entries (seq and payload) by seq. Entries begin after `floor`."""

    epoch: UUID
    floor: int
    owners: Mapping[int, str]
    snapshots: Iterable[Kept]
    entries: Iterable[tuple[int, bytes]]


class Audit:
    """A replay that is watched. `doc` is what it has come to at `seq`, None where it cannot be known."""

    def __init__(self, owners: Mapping[int, str]) -> None:
        self.problems: list[Problem] = []
        self.seq = 0
        self.doc: Doc[XmlFragment] | None = None
        self._owners = owners
        self._clocks: dict[int, int] = {}

    def begin(self, seq: int, doc: Doc[XmlFragment]) -> None:
        """Go on from a document known otherwise."""
        self.seq, self.doc, self._clocks = seq, doc, fold.clocks(doc)

    def take(self, seq: int, payload: bytes) -> None:
        """The next entry."""
        if seq != self.seq + 1:
            self._miss_until(seq - 1)
        self.seq = seq
        try:
            entry = Entry(seq, fold.unpack(payload))
            scans = [guard.scan(write.update, guard.TRUSTED) for write in entry.writes]
            for write, scan in zip(entry.writes, scans, strict=True):
                self._reckon(seq, write.principal, scan)
            if self.doc is not None:
                fold.apply(self.doc, [entry])
        except CollabError as error:
            self._miss(seq, f"Entry {seq}: {error}")

    def _reckon(self, seq: int, principal: str, scan: guard.Scan) -> None:
        if self.doc is None:
            return
        for client, (start, end) in scan.inserts.items():
            known = self._clocks.get(client, 0)
            if end > known < start:
                raise Gap(f"Client {client} goes on at {start}, but is known up to {known} only.")
            # A server edits in people's names with a client id of its own.
            if end > known and self._owners.get(client, principal) not in (principal, SERVER):
                self._say(
                    "owner", client, f"Client {client} belongs to another than {principal}, who wrote entry {seq}."
                )
        guard.check_known(scan, self._clocks)
        for client, (_, end) in scan.inserts.items():
            self._clocks[client] = max(end, self._clocks.get(client, 0))

    def compare(self, kept: Kept) -> None:
        """A snapshot of this seq, or of an earlier one that is known from nothing else."""
        info = kept.info
        doc = load(kept)
        if doc is None:
            self._say("snapshot", info.id, f"Snapshot {info.id} (entry {info.seq}) is damaged.")
        elif info.seq > self.seq:
            self._miss_until(info.seq)
            self.begin(info.seq, doc)
        elif info.seq == self.seq and self.doc is None:
            self.begin(info.seq, doc)
        elif info.seq == self.seq and self.doc is not None:
            if fold.loads_as(self.doc, doc):
                self.doc = doc  # as whoever opens the document goes on from it
            else:
                self._say("snapshot", info.id, f"Snapshot {info.id} is not what the log says at entry {info.seq}.")

    def finish(self) -> None:
        """Nothing comes after this: every client id has one owner, and every owner has written."""
        if self.doc is None:
            return
        for client in self._clocks.keys() - self._owners.keys():
            self._say("owner", client, f"Client {client} belongs to nobody.")
        for client in self._owners.keys() - self._clocks.keys():
            self._say("owner", client, f"Client {client} has an owner, but has written nothing.")

    def _miss_until(self, seq: int) -> None:
        self._miss(self.seq + 1, f"Entries {self.seq + 1} to {seq} are missing from the log.")

    def _miss(self, seq: int, sentence: str) -> None:
        self._say("entry", seq, sentence)
        self.doc = None

    def _say(self, kind: Kind, about: UUID | int, sentence: str) -> None:
        self.problems.append(Problem(kind, about, sentence))


def load(kept: Kept) -> Doc[XmlFragment] | None:
    """The snapshot's document, None if it is damaged."""
    try:
        if kept.is_damaged:
            return None
        if kept.checksum is None:
            guard.scan(kept.state, guard.TRUSTED)
        return fold.open_state(kept.state)
    except CollabError:
        return None


def audit(records: Records) -> Audit:
    """All that is wrong, and the document at the log's end if that can be known."""
    audit = Audit(records.owners)
    audit.seq = records.floor
    if not records.floor:
        audit.begin(0, fold.new_doc())
    snapshots, entries = iter(records.snapshots), iter(records.entries)
    waiting = next(snapshots, None)
    for seq, payload in entries:
        if seq <= records.floor:  # on its way out
            continue
        while waiting and waiting.info.seq < seq:
            audit.compare(waiting)
            waiting = next(snapshots, None)
        _check_beginning(audit, records.floor)
        audit.take(seq, payload)
    while waiting:
        audit.compare(waiting)
        waiting = next(snapshots, None)
    _check_beginning(audit, records.floor)
    audit.finish()
    return audit


def _check_beginning(audit: Audit, floor: int) -> None:
    if audit.doc is None and audit.seq == floor:
        audit.problems.append(Problem("entry", floor, f"The log begins after entry {floor}, and no snapshot is of it."))
