"""How entries get into the log: all that waits in one statement, or one by one where client ids are claimed.

Runs in the thread that commits, never in the event loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, connections, transaction
from django.db import Error as DatabaseFailure
from django.db.backends.utils import CursorWrapper

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
_DOCUMENT_ID = LogEntry._meta.get_field("document_id")
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
    """How many could be written. One statement: outside of a transaction it is one by itself, without being told.

    It goes to the driver as it is. Django's cursor would rewrite it, and look for how each value is to be written, each
    time anew: that takes as long as SQLite. Raises django.db.Error.
    """
    database = connections[DEFAULT_DB_ALIAS]
    moment = database.ops.adapt_datetimefield_value(at)
    has_uuids = database.features.has_native_uuid_field
    values: list[Any] = []
    for entry in batch:
        document_id = entry.document_id if has_uuids else entry.document_id.hex
        values += (document_id, entry.seq, fold.pack(entry.writes), moment)
    database.ensure_connection()
    with database.wrap_database_errors:
        return int(database.connection.execute(_statement(database.vendor, len(batch)), values).rowcount)


@lru_cache(512)
def _statement(vendor: str, count: int) -> str:
    """Inserts so many entries, in the words of a database's driver."""
    # Who is erasing the document, or raising its floor, may not be done: we wait, rather than leave an entry behind.
    # SQLite has one writer.
    row, lock = ("(?, ?, ?, ?)", "") if vendor == "sqlite" else ("(%s, %s, %s, %s)", "FOR KEY SHARE OF collab_stream")
    return _INSERT_ENTRIES.format(rows=", ".join([row] * count), lock=lock)


def _insert_entry(entry: Append, at: datetime) -> Outcome:
    return Outcome.COMMITTED if _insert_entries([entry], at) else _why_not(entry)


def _fate(entry: Append) -> Outcome:
    """What became of one of many, not all of which could be written."""
    seat = LogEntry.objects.filter(document_id=entry.document_id, seq=entry.seq)
    return Outcome.COMMITTED if seat.filter(payload=fold.pack(entry.writes)).exists() else _why_not(entry)


def _why_not(entry: Append) -> Outcome:
    return Outcome.BEHIND if Stream.objects.filter(document_id=entry.document_id).exists() else Outcome.GONE


def _claim(cursor: CursorWrapper, document_id: UUID, client_id: int, principal: str) -> bool:
    cursor.execute(_INSERT_OWNER, [_DOCUMENT_ID.get_db_prep_value(document_id, cursor.db), client_id, principal])
    return bool(cursor.rowcount) or _owns(principal, document_id, client_id)


def _owns(principal: str, document_id: UUID, client_id: int) -> bool:
    return ClientOwner.objects.filter(document_id=document_id, client_id=client_id, principal=principal).exists()
