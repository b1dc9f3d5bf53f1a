"""What a process has to tell others, while the broker does not take it."""

from __future__ import annotations

import asyncio
from collections import deque
from uuid import UUID

MAX_UNSENT_BYTES = 16 * 1024 * 1024


class Unsent:
    """Sealed letters and where they go, oldest first. Beyond its bound those are dropped: the log has the truth."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, UUID, bytes]] = deque()
        self._bytes = 0
        self._has_some, self._is_empty = asyncio.Event(), asyncio.Event()
        self._is_empty.set()

    async def empty(self) -> None:
        await self._is_empty.wait()

    def put(self, channel: str, document_id: UUID, sealed: bytes) -> None:
        self._waiting.append((channel, document_id, sealed))
        self._bytes += len(sealed)
        while self._bytes > MAX_UNSENT_BYTES:
            self.drop(self._waiting[0])
        self._is_empty.clear()
        self._has_some.set()

    async def first(self) -> tuple[str, UUID, bytes]:
        """The oldest, which stays until it is dropped."""
        while not self._waiting:
            self._has_some.clear()
            await self._has_some.wait()
        return self._waiting[0]

    def drop(self, item: tuple[str, UUID, bytes]) -> None:
        """Take the oldest out, if it is still this one."""
        if self._waiting and self._waiting[0] is item:
            self._bytes -= len(self._waiting.popleft()[2])
        if not self._waiting:
            self._is_empty.set()
