"""A document's rows as values of the core, and moments in which all that is read belongs together."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from collab.audit import Kept, Problem, Records
from collab.errors import NoSuchDocument
from collab.models import ClientOwner, LogEntry, Snapshot, Stream
from collab.ports import SnapshotInfo, SnapshotKind

CHUNK = 200  # rows


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, whoever writes meanwhile; nobody waits for us."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # `atomic` would begin as a writer does (transaction_mode in the settings).
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def give_up_when_abandoned() -> None:
    """A machine that is lost in the middle of this transaction holds its rows for seconds only, not for hours."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")


def records_of(document_id: UUID) -> Records:
    """All rows of a document, read as they are asked for: inside one moment. Raises NoSuchDocument."""
    stream = Stream.objects.filter(document_id=document_id).first()
    if stream is None:
        raise NoSuchDocument(f"There is no document {document_id}.")
    entries = LogEntry.objects.filter(document_id=document_id).order_by("seq").values_list("seq", "payload")
    return Records(
        epoch=stream.epoch,
        floor=stream.floor,
        owners=owners_of(document_id),
        snapshots=map(kept, snapshots_of(document_id).iterator(CHUNK // 20)),
        entries=((seq, bytes(payload)) for seq, payload in entries.iterator(CHUNK)),
    )


def owners_of(document_id: UUID) -> dict[int, str]:
    return dict(ClientOwner.objects.filter(document_id=document_id).values_list("client_id", "principal"))


def snapshots_of(document_id: UUID) -> QuerySet[Snapshot]:
    """Oldest first."""
    return Snapshot.objects.filter(document_id=document_id).order_by("seq", "at")


def kept(row: Snapshot) -> Kept:
    return Kept(info(row), bytes(row.state), row.checksum)


def info(row: Snapshot) -> SnapshotInfo:
    kind = cast(SnapshotKind, row.kind)
    return SnapshotInfo(row.id, row.document_id, row.seq, kind, row.name, tuple(row.authors), row.size, row.at)


def kept_bytes(document_id: UUID) -> Iterator[bytes]:
    """All that is kept of a document: its snapshots and its log, and so all that it says or has said. Raw Yjs updates.

    A string that is an attribute's value stands in them as it is, in UTF-8. Inside one moment.
    """
    for row in snapshots_of(document_id).iterator(CHUNK // 20):
        yield bytes(row.state)
    for payload in LogEntry.objects.filter(document_id=document_id).values_list("payload", flat=True).iterator(CHUNK):
        yield bytes(payload)


def document_ids() -> Set[UUID]:
    """Every document that there is a log of."""
    return set(Stream.objects.values_list("document_id", flat=True))


def strays() -> list[Problem]:
    """Rows of documents that are not there."""
    return [
        Problem(
            "stray", document_id, f"There are rows of document {document_id} in {model._meta.db_table}, but no log."
        )
        for model in (LogEntry, Snapshot, ClientOwner)
        for document_id in model.objects.exclude(document_id__in=Stream.objects.values("document_id"))
        .order_by()
        .values_list("document_id", flat=True)
        .distinct()
    ]
