"""Tells the product who has edited what: for all documents of a process together, and only every few seconds."""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

from collab.errors import Unavailable
from collab.patience import outage
from collab.ports import Pages

EVERY_SECONDS = 3.0

logger = logging.getLogger(__name__)


class Byline:
    """Collects, while a report is due, each document's last author."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._authors: dict[UUID, str] = {}
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def written(self, document_id: UUID, principal: str) -> None:
        self._authors[document_id] = principal
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
        authors, self._authors, self._task = self._authors, {}, None
        try:
            await self._pages.edited(authors)
        except Unavailable as error:
            outage.noticed(error)
        except Exception:
            # A line in a list of documents is beside the point of editing: the text is on disk.
            logger.exception("Could not report who has edited documents")
