"""Who has the database open: servers announce themselves, and what needs it for itself asks first."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.db import connection

from collab.errors import Unavailable

_announced: list[ExitStack] = []  # of a file whose lock lasts as long as it is open


def announce() -> None:
    """This process serves documents from now on. Raises Unavailable while somebody needs the database for itself.

    PostgreSQL knows by itself who is connected; for SQLite a file beside the database is locked.
    """
    if connection.vendor == "sqlite" and not _announced and (path := _lock_file()):
        with ExitStack() as stack:
            handle = stack.enter_context(path.open("a"))
            if not _lock(handle, fcntl.LOCK_SH):
                raise Unavailable("A backup is being restored into this database: start again when that has ended.")
            _announced.append(stack.pop_all())


def withdraw() -> None:
    """This process serves no documents any more."""
    while _announced:
        _announced.pop().close()


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else serves this database meanwhile. Raises Unavailable when somebody does."""
    refusal = Unavailable("A server is using this database: end it first.")
    if connection.vendor == "sqlite":
        path = _lock_file()
        with path.open("a") if path else open("/dev/null") as handle:
            if path and not _lock(handle, fcntl.LOCK_EX):
                raise refusal
            yield
        return
    if _connected() > _ours():
        raise refusal
    yield


def _connected() -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(f"{query} AND backend_type = 'client backend'")
        return int(cursor.fetchone()[0])


def _ours() -> int:
    pool = getattr(connection, "pool", None)
    if pool is None:
        return 1
    pool.wait()
    return int(pool.get_stats()["pool_size"])


def _lock_file() -> Path | None:
    name = str(connection.settings_dict["NAME"])
    return None if "memory" in name and name.startswith((":", "file:")) else Path(f"{name}.served")


def _lock(handle: IO[str], how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
