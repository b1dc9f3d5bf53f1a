"""The log in the database: the only engine file that touches the ORM.

Commits run in one thread of their own, a whole batch in one transaction; nothing here ever runs in the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, connections, transaction
from django.db import Error as DatabaseFailure
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from collab import fold, thinning
from collab.errors import Malformed, NoSuchDocument, Pruned, Unavailable
from collab.models import ClientOwner, LogEntry, Snapshot, Stream
from collab.ports import SERVER, Append, Entry, Outcome, SnapshotInfo, SnapshotKind, Stored, Write
from collab.records import give_up_when_abandoned, info
from collab.retention import Retention, next_look
from collab.tally import tally
from collab.threads import Threads

T = TypeVar("T")
_threads = Threads(8, "collab-log")

# In one order everywhere: two processes with the same documents must not wait for each other's rows in a circle.
_INSERT_ENTRIES = """
    INSERT INTO collab_logentry (document_id, seq, payload, at)
    SELECT column1, column2, column3, column4
    FROM (VALUES {rows}) AS entries JOIN collab_stream ON document_id = column1 WHERE floor < column2
    ORDER BY column1, column2 {lock}
    ON CONFLICT (document_id, seq) DO NOTHING
"""
_ROW = "(%s, %s, %s, %s)"
_INSERT_OWNER = """
    INSERT INTO collab_clientowner (document_id, client_id, principal) VALUES (%s, %s, %s)
    ON CONFLICT (document_id, client_id) DO NOTHING
"""


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
        self._commits = ThreadPoolExecutor(1, thread_name_prefix="collab-commit")

    async def append(self, batch: Sequence[Append]) -> Sequence[Outcome]:
        return await asyncio.get_running_loop().run_in_executor(self._commits, _append, batch, self._clock())

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
        await asyncio.get_running_loop().run_in_executor(self._commits, lambda: connection.close())
        self._commits.shutdown(wait=False)


async def _elsewhere(work: Callable[..., T], *args: object) -> T:
    return await _threads.run(_reporting(work), *args)


def _reporting(work: Callable[..., T]) -> Callable[..., T]:
    def run(*args: object) -> T:
        try:
            return work(*args)
        except DatabaseFailure as error:
            raise Unavailable(f"The database does not answer: {type(error).__name__}.") from error

    return run


def _append(batch: Sequence[Append], at: datetime) -> list[Outcome]:
    try:
        if any(entry.claims for entry in batch):
            return _insert_each(batch, at)
        if _insert_entries(batch, at) == len(batch):
            return [Outcome.COMMITTED] * len(batch)
        return [_fate(entry) for entry in batch]
    except DatabaseFailure as error:
        close_old_connections()
        raise Unavailable("The database cannot be written to at the moment.") from error


@contextmanager
def _writing() -> Iterator[CursorWrapper]:
    """A transaction for entries."""
    with transaction.atomic(), connection.cursor() as cursor:
        give_up_when_abandoned()
        yield cursor


def _insert_each(batch: Sequence[Append], at: datetime) -> list[Outcome]:
    """One by one, in one transaction, to know of each at once."""
    order = sorted(range(len(batch)), key=lambda index: (batch[index].document_id, batch[index].seq))
    with _writing() as cursor:
        outcomes = {index: _insert(cursor, batch[index], at) for index in order}
    return [outcomes[index] for index in range(len(batch))]


def _insert(cursor: CursorWrapper, entry: Append, at: datetime) -> Outcome:
    if not entry.claims:
        return _insert_entry(entry, at)
    # Rare: once in a connection's life. The entry and its claims stand or fall together.
    savepoint = transaction.savepoint()
    outcome = _insert_entry(entry, at)
    if outcome is Outcome.COMMITTED and not all(
        _claim(cursor, entry.document_id, *claim) for claim in entry.claims.items()
    ):
        outcome = Outcome.CLAIMED
    if outcome is Outcome.COMMITTED:
        transaction.savepoint_commit(savepoint)
    else:
        transaction.savepoint_rollback(savepoint)
    return outcome


def _insert_entries(batch: Sequence[Append], at: datetime) -> int:
    """How many could be written. One statement: outside of a transaction it is one by itself, without being told."""
    # Who is erasing the document, or raising its floor, may not be done: we wait, rather than leave an entry behind.
    # SQLite has one writer.
    lock = "FOR KEY SHARE OF collab_stream" if connection.features.has_select_for_update else ""
    rows = ", ".join([_ROW] * len(batch))
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_ENTRIES.format(rows=rows, lock=lock), [*chain.from_iterable(_rows(batch, at))])
        return int(cursor.rowcount)


def _rows(batch: Sequence[Append], at: datetime) -> Iterator[Sequence[Any]]:
    document_id, payload, moment = _column("document_id"), _column("payload"), _column("at")(at)
    return ((document_id(entry.document_id), entry.seq, payload(fold.pack(entry.writes)), moment) for entry in batch)


def _insert_entry(entry: Append, at: datetime) -> Outcome:
    return Outcome.COMMITTED if _insert_entries([entry], at) else _why_not(entry)


def _fate(entry: Append) -> Outcome:
    """What became of one of many, not all of which could be written."""
    seat = LogEntry.objects.filter(document_id=entry.document_id, seq=entry.seq)
    return Outcome.COMMITTED if seat.filter(payload=fold.pack(entry.writes)).exists() else _why_not(entry)


def _why_not(entry: Append) -> Outcome:
    return Outcome.BEHIND if Stream.objects.filter(document_id=entry.document_id).exists() else Outcome.GONE


def _claim(cursor: CursorWrapper, document_id: UUID, client_id: int, principal: str) -> bool:
    cursor.execute(_INSERT_OWNER, [_column("document_id")(document_id), client_id, principal])
    return bool(cursor.rowcount) or _owns(principal, document_id, client_id)


def _column(name: str) -> Callable[[object], Any]:
    """What makes a value one that the database's driver takes for that column of the log."""
    field: Field[Any, Any] = LogEntry._meta.get_field(name)  # type: ignore[assignment]  # none of them is a relation
    # The connection itself: to find it by its proxy takes longer than what is asked of it.
    return partial(field.get_db_prep_value, connection=connections[DEFAULT_DB_ALIAS])


def _owns(principal: str, document_id: UUID, client_id: int) -> bool:
    return ClientOwner.objects.filter(document_id=document_id, client_id=client_id, principal=principal).exists()


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
