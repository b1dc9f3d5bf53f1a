"""How the engine waits for a log that does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from collab.errors import Unavailable

T = TypeVar("T")
RETRY_FIRST, RETRY_MOST = 0.1, 2.0  # seconds


async def insist(work: Callable[[], Awaitable[T]], tell: Callable[[str], None]) -> T:
    """Try until it is done; `tell` is called with the reason, a sentence, whenever the log has not answered."""
    delay = RETRY_FIRST
    while True:
        try:
            return await work()
        except Unavailable as error:
            tell(str(error))
            await asyncio.sleep(delay)
            delay = min(delay * 2, RETRY_MOST)
