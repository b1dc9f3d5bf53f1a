"""The log in the database.

Commits run in one thread of their own (collab.commits); nothing here ever runs in the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from collab import commits, fold, thinning
from collab.errors import Malformed, NoSuchDocument, Pruned, Unavailable
from collab.models import ClientOwner, LogEntry, Snapshot, Stream
from collab.ports import SERVER, Append, Entry, Outcome, SnapshotInfo, SnapshotKind, Stored, Write
from collab.records import give_up_when_abandoned, info
from collab.retention import Retention, next_look
from collab.tally import tally
from collab.threads import OneThread, Threads

T = TypeVar("T")
_threads = Threads(8, "collab-log")


def create(document_id: UUID, principal: str = SERVER, update: bytes | None = None) -> None:
    """Begin a document's log, with `update` as its first entry if given. Runs in the caller's transaction."""
    Stream.objects.create(document_id=document_id)
    if update is not None:
        payload = fold.pack([Write(principal, update)])
        LogEntry.objects.create(document_id=document_id, seq=1, payload=payload)
        clients = fold.clients(update)
        ClientOwner.objects.bulk_create(
            ClientOwner(document_id=document_id, client_id=client_id, principal=SERVER) for client_id in clients
        )


def erase(document_id: UUID) -> None:
    """Remove all the engine has of a document. Runs in the caller's transaction."""
    give_up_when_abandoned()
    for model in (Stream, LogEntry, Snapshot, ClientOwner):
        model.objects.filter(document_id=document_id).delete()


def renew_epochs() -> None:
    """The history of every document is another now: what pages and browsers still have of it is not merged."""
    streams = list(Stream.objects.all())
    for stream in streams:
        stream.epoch = uuid4()
    Stream.objects.bulk_update(streams, ["epoch"], batch_size=500)


class DatabaseLog:
    """Implements collab.ports.Log. `clock` says when entries and snapshots are made, and how old they are."""

    def __init__(self, retention: Retention | None = None, clock: Callable[[], datetime] = timezone.now) -> None:
        self._retention = retention or Retention()
        self._clock = clock
        self._thread = OneThread("collab-commit")

    async def append(self, batch: Sequence[Append]) -> Sequence[Outcome]:
        return await self._thread.run(commits.append, batch, self._clock())

    async def load(self, document_id: UUID) -> Stored:
        return await _elsewhere(_load, document_id)

    async def since(self, document_id: UUID, seq: int) -> Sequence[Entry]:
        tally.catch_ups += 1
        return await _elsewhere(_since, document_id, seq)

    async def heads(self, document_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        return await _elsewhere(_heads, document_ids)

    async def save_snapshot(
        self,
        document_id: UUID,
        *,
        seq: int,
        state: bytes,
        kind: SnapshotKind,
        name: str = "",
        authors: Sequence[str] = (),
    ) -> SnapshotInfo:
        row = Snapshot(document_id=document_id, seq=seq, kind=kind, name=name, authors=list(authors), at=self._clock())
        row.state, row.size, row.checksum = state, len(state), fold.checksum(state)
        return await _elsewhere(_save, row)

    async def snapshots(self, document_id: UUID) -> Sequence[SnapshotInfo]:
        return await _elsewhere(_snapshots, document_id)

    async def snapshot(self, document_id: UUID, snapshot_id: UUID) -> SnapshotInfo:
        return await _elsewhere(_snapshot, document_id, snapshot_id)

    async def snapshot_state(self, document_id: UUID, snapshot_id: UUID) -> bytes:
        return await _elsewhere(_snapshot_state, document_id, snapshot_id)

    async def tidy(self) -> bool:
        return await _elsewhere(thinning.turn, self._retention, self._clock())

    async def close(self) -> None:
        """Give the commit thread's connection back."""
        # A function of its own: `connection.close` would be looked up here, and close this thread's connection.
        await self._thread.run(lambda: connection.close())
        self._thread.close()


async def _elsewhere(work: Callable[..., T], *args: object) -> T:
    return await _threads.run(_reporting(work), *args)


def _reporting(work: Callable[..., T]) -> Callable[..., T]:
    def run(*args: object) -> T:
        try:
            return work(*args)
        except DatabaseFailure as error:
            raise Unavailable(f"The database does not answer: {type(error).__name__}.") from error

    return run


def _load(document_id: UUID) -> Stored:
    stream = Stream.objects.filter(document_id=document_id).first()
    if stream is None:
        raise NoSuchDocument(f"There is no document {document_id}.")
    newest = Snapshot.objects.filter(document_id=document_id).order_by("-seq", "-at").first()
    seq, state = (newest.seq, bytes(newest.state)) if newest else (0, None)
    if newest and state and newest.checksum not in (None, fold.checksum(state)):
        raise Malformed(f"The newest snapshot of document {document_id} is damaged: its checksum is another.")
    owners = ClientOwner.objects.filter(document_id=document_id).values_list("client_id", "principal")
    return Stored(stream.epoch, seq, state, _since(document_id, seq), dict(owners))


def _since(document_id: UUID, seq: int) -> tuple[Entry, ...]:
    rows = LogEntry.objects.filter(document_id=document_id, seq__gt=seq).order_by("seq")
    entries = tuple(Entry(row.seq, fold.unpack(bytes(row.payload))) for row in rows)
    # Looked at last: what is pruned meanwhile is missed, or was read before.
    floor = Stream.objects.filter(document_id=document_id).values_list("floor", flat=True).first()
    if floor is None:
        raise NoSuchDocument(f"There is no document {document_id}.")
    if floor > seq:
        raise Pruned(f"The log of document {document_id} no longer goes back to entry {seq + 1}.")
    if entries and entries[0].seq != seq + 1:
        raise Malformed(f"The log of document {document_id} lacks entry {seq + 1}.")
    return entries


def _heads(document_ids: Sequence[UUID]) -> dict[UUID, int]:
    # The end of an index for each document. To group all its entries would read every one of them, each few seconds.
    newest = LogEntry.objects.filter(document_id=OuterRef("document_id")).order_by("-seq").values("seq")[:1]
    streams = Stream.objects.filter(document_id__in=document_ids).annotate(head=Subquery(newest))
    rows = streams.values_list("document_id", "floor", "head")
    return {document_id: max(floor, head or 0) for document_id, floor, head in rows}


def _save(row: Snapshot) -> SnapshotInfo:
    due = Coalesce("tidy_at", next_look(row.at, row.at))
    with transaction.atomic():
        # Waits for who is erasing it, as entries do.
        if not Stream.objects.filter(document_id=row.document_id).update(tidy_at=due):
            raise NoSuchDocument("This document has been deleted.")
        row.save(force_insert=True)
    return info(row)


def _snapshots(document_id: UUID) -> list[SnapshotInfo]:
    rows = Snapshot.objects.filter(document_id=document_id).defer("state").order_by("-seq", "-at")  # clocks may differ
    return [info(row) for row in rows]


def _snapshot(document_id: UUID, snapshot_id: UUID) -> SnapshotInfo:
    return info(_kept(Snapshot.objects.defer("state"), document_id, snapshot_id))


def _snapshot_state(document_id: UUID, snapshot_id: UUID) -> bytes:
    return bytes(_kept(Snapshot.objects.only("state"), document_id, snapshot_id).state)


def _kept(rows: QuerySet[Snapshot], document_id: UUID, snapshot_id: UUID) -> Snapshot:
    row = rows.filter(document_id=document_id, id=snapshot_id).first()
    if row is None:
        raise NoSuchDocument(f"There is no snapshot {snapshot_id} of this document.")
    return row
