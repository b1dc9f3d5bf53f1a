"""How a process waits for a log that does not answer, and says so once, however many wait."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from collab.errors import Unavailable

T = TypeVar("T")
RETRY_FIRST, RETRY_MOST = 0.1, 2.0  # seconds
CALM_SECONDS = 5.0  # without a complaint, until an outage is taken to be over

logger = logging.getLogger(__name__)


class Outage:
    """What the server's log says of it: a line when it begins, one when it is over. `now` tells the time in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began: float | None = None
        self._latest = 0.0

    def noticed(self, error: BaseException) -> None:
        """Something could not be read or written."""
        self._latest = self._now()
        if self._began is None:
            self._began = self._latest
            logger.error("%s What people type waits for it.", _reason(error))

    def is_answered(self) -> None:
        """Something could be."""
        if self._began is not None and self._now() - self._latest > CALM_SECONDS:
            logger.warning("The database answers again, after %.0f seconds.", self._latest - self._began)
            self._began = None


outage = Outage()
"""This process's."""


def _reason(error: BaseException) -> str:
    """The error's sentence, with the first line of what the driver said; the others may hold values."""
    said = str(error.__cause__ or "").partition("\n")[0]
    return f"{error} ({said})" if said else str(error)


async def insist(work: Callable[[], Awaitable[T]], tell: Callable[[str], None]) -> T:
    """Try until it is done; `tell` is called with the reason, a sentence, whenever the log has not answered."""
    delay = RETRY_FIRST
    while True:
        try:
            return await work()
        except Unavailable as error:
            outage.noticed(error)
            tell(str(error))
            await asyncio.sleep(delay)
            delay = min(delay * 2, RETRY_MOST)
