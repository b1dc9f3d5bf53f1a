"""What `manage.py check` asks of the database in the engine's name: that a commit is on disk when it says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import Error as DatabaseFailure
from django.db import connections

# Settings of PostgreSQL that must not be off. `synchronous_commit` may be less than "on" where there are replicas.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_SQLITE_FULL = 2


def losses(alias: str) -> list[str]:
    """How the database could lose what it has acknowledged: sentences. Raises django.db.Error when it is down."""
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            cursor.execute("SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(_DURABLE)])
            return [f"PostgreSQL runs with {name}=off and can lose what was saved: turn it on." for (name,) in cursor]
        cursor.execute("PRAGMA synchronous")
        if cursor.fetchone()[0] < _SQLITE_FULL:
            return ["SQLite runs with less than synchronous=FULL and can lose what was saved."]
    return []


def durability(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """For the tag `database`. A database that is down has nothing to say, and is waited for elsewhere."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        try:
            messages += [Error(sentence, id="collab.E001") for sentence in losses(alias)]
        except DatabaseFailure:
            continue
    return messages
