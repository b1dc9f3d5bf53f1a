"""Threads for what asks the database, so that the event loop does not wait for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.db import connection

T = TypeVar("T")


class Threads:
    """Up to `count` threads. Where a connection is a file that is opened and set up, each keeps its own."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """What `work` returns, or its exception. What it waits for by async_to_sync happens in the caller's loop."""
        answer: T = await sync_to_async(_run, thread_sensitive=False, executor=self._pool)(work, args)
        return answer


def _run(work: Callable[..., T], args: tuple[object, ...]) -> T:
    try:
        return work(*args)
    finally:
        give_back()


def give_back() -> None:
    """Let others have the connection of this thread, which takes another when it next asks something.

    For before what may take long without the database. Within a transaction it stays.
    """
    # To a server's pool it goes back at once, for others. SQLite takes 1.3 ms to open, longer than most answers.
    if (connection.vendor != "sqlite" or connection.errors_occurred) and not connection.in_atomic_block:
        connection.close()
