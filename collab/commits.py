"""How entries get into the log: all that waits in one statement, or one by one where client ids are claimed.

Runs in the thread that commits, never in the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, connections, transaction
from django.db import Error as DatabaseFailure
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Field

from collab import fold
from collab.errors import Unavailable
from collab.models import ClientOwner, LogEntry, Stream
from collab.ports import Append, Outcome
from collab.records import give_up_when_abandoned

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


def append(batch: Sequence[Append], at: datetime) -> list[Outcome]:
    """Commit, and tell what became of each, in order. Raises Unavailable, also when the answer was lost on its way."""
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
    database = connections[DEFAULT_DB_ALIAS]  # to find it by its proxy, time and again, takes longer than to ask it
    lock = "FOR KEY SHARE OF collab_stream" if database.features.has_select_for_update else ""
    rows = ", ".join([_ROW] * len(batch))
    with database.cursor() as cursor:
        cursor.execute(_INSERT_ENTRIES.format(rows=rows, lock=lock), [*chain.from_iterable(_rows(batch, at, database))])
        return int(cursor.rowcount)


def _rows(batch: Sequence[Append], at: datetime, database: BaseDatabaseWrapper) -> Iterator[Sequence[Any]]:
    document_id, payload = _column("document_id", database), _column("payload", database)
    moment = _column("at", database)(at)
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
    cursor.execute(_INSERT_OWNER, [_column("document_id", cursor.db)(document_id), client_id, principal])
    return bool(cursor.rowcount) or _owns(principal, document_id, client_id)


def _column(name: str, database: BaseDatabaseWrapper) -> Callable[[object], Any]:
    """What makes a value one that the database's driver takes for that column of the log."""
    field: Field[Any, Any] = LogEntry._meta.get_field(name)  # type: ignore[assignment]  # none of them is a relation
    return partial(field.get_db_prep_value, connection=database)


def _owns(principal: str, document_id: UUID, client_id: int) -> bool:
    return ClientOwner.objects.filter(document_id=document_id, client_id=client_id, principal=principal).exists()
