"""Threads for what asks the database, so that the event loop does not wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeAlias, TypeVar

from asgiref.sync import sync_to_async
from django.db import connection

T = TypeVar("T")
Job: TypeAlias = tuple[asyncio.Future[Any], Callable[..., Any], tuple[object, ...]]


class Threads:
    """Up to `count` threads. Where a connection is a file that is opened and set up, each keeps its own."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """What `work` returns, or its exception. What it waits for by async_to_sync happens in the caller's loop."""
        answer: T = await sync_to_async(_run, thread_sensitive=False, executor=self._pool)(work, args)
        return answer


class OneThread:
    """A thread that does one thing after the other.

    It is handed things, and hands answers back, in half the time that an executor takes: for what people wait for with
    each key (docs/performance.md).
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: Thread | None = None
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()

    def run(self, work: Callable[..., T], *args: object) -> asyncio.Future[T]:
        """What `work` will return, or its exception."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((answer, work, args))
        if self._thread is None:
            self._thread = Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        return answer

    def close(self) -> None:
        """Let it end after what waits."""
        self._jobs.put(None)

    def _serve(self) -> None:
        while self._do_next():
            pass

    def _do_next(self) -> bool:
        job = self._jobs.get()
        if job is None:
            return False
        answer, work, args = job
        result, error = None, None
        try:
            result = work(*args)
        except BaseException as raised:  # noqa: BLE001 (it belongs to whoever waits for the answer)
            error = raised
        with suppress(RuntimeError):  # their loop has ended
            answer.get_loop().call_soon_threadsafe(_settle, answer, result, error)
        return True


def _settle(answer: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if answer.done():  # cancelled meanwhile
        return
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(result)


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
