"""What the database holds of a document, read with none of the server's code but the log's format."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from uuid import UUID

import psycopg

from collab import fold
from collab.ports import Entry
from tests.support.site import Site
from tests.support.writers import words_in

_LOG = "SELECT seq, payload FROM collab_logentry WHERE document_id = {} ORDER BY seq"


def words_on_disk(site: Site, document_id: str) -> list[str]:
    """A document's words, from the database of a site that need not run."""
    if url := site.environment.get("DATABASE_URL"):
        return words_in_postgres(url, document_id)
    return words_in_sqlite(site.var_dir / "scriptorium.sqlite3", document_id)


def words_in_sqlite(database: Path, document_id: str) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return _words(connection.execute(_LOG.format("?"), [UUID(document_id).hex]).fetchall())


def words_in_postgres(url: str, document_id: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return _words(connection.execute(_LOG.format("%s"), [UUID(document_id)]).fetchall())


def _words(rows: Iterable[tuple[int, bytes]]) -> list[str]:
    entries = [Entry(seq, fold.unpack(bytes(payload))) for seq, payload in rows]
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1)), "the log has a hole"
    return words_in(fold.replay(None, entries))
