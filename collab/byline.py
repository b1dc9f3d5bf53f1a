"""Tells the product who has edited a document: together, and no more often than every few seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from uuid import UUID

from collab.ports import Pages, Write

EVERY_SECONDS = 3.0

logger = logging.getLogger(__name__)


class Byline:
    """Collects principals while a report is due."""

    def __init__(self, document_id: UUID, pages: Pages) -> None:
        self._document_id = document_id
        self._pages = pages
        self._principals: dict[str, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        return self._task is None

    def written(self, writes: Iterable[Write]) -> None:
        self._principals.update(dict.fromkeys(write.principal for write in writes))
        if self._task is None:
            self._task = asyncio.create_task(self._report())

    async def settle(self) -> None:
        """Report at once what is due."""
        if self._task is not None:
            self._hurry.set()
            await asyncio.wait([self._task])

    async def _report(self) -> None:
        try:
            async with asyncio.timeout(EVERY_SECONDS):
                await self._hurry.wait()
        except TimeoutError:
            pass
        principals, self._principals, self._task = tuple(self._principals), {}, None
        try:
            await self._pages.edited(self._document_id, principals)
        except Exception:
            # A line in a list of documents is beside the point of editing: the text is on disk.
            logger.exception("Could not report who has edited document %s", self._document_id)
