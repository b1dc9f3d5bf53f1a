"""Questions to a document: they are answered when the replica is exactly what is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from collab.errors import CollabError
from collab.replica import Poisoned

T = TypeVar("T")
Question = Callable[[], None]
Refused = Callable[[CollabError], None]
Ask = Callable[[Question, Refused], None]


class Questions:
    """What waits until the replica is exactly what is on disk, and who would rather be refused than wait long."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Question, Refused | None]] = []

    def add(self, question: Question, refused: Refused | None) -> None:
        self._waiting.append((question, refused))

    def take(self) -> list[tuple[Question, Refused | None]]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def refuse(self, error: CollabError) -> None:
        for question, refused in self.take():
            if refused:
                refused(error)
            else:
                self.add(question, None)


async def answer(ask: Ask, read: Callable[[], T]) -> T:
    """What `read` returns or raises, once it may be asked. Raises Unavailable while the log cannot be written."""
    waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    ask(lambda: _settle(waiting, read), lambda error: _refuse(waiting, error))
    return await waiting


def _settle(waiting: asyncio.Future[T], read: Callable[[], T]) -> None:
    """Put what `read` returns or raises into `waiting`. Raises Poisoned when pycrdt panicked."""
    if waiting.done():  # whoever asked has gone
        return
    try:
        waiting.set_result(read())
    except Exception as error:  # noqa: BLE001 (it belongs to the reader)
        waiting.set_exception(error)
    except BaseException as error:
        waiting.set_exception(Poisoned("The document could not be read."))
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise Poisoned("The document could not be read.") from error


def _refuse(waiting: asyncio.Future[T], error: CollabError) -> None:
    if not waiting.done():
        waiting.set_exception(error)
