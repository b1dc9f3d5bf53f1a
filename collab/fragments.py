"""What a page shows beside the text: presence, comments, snapshots, title, as HTML fragments over the same socket.

A fragment is rendered once per topic, level and language, never per peer, by the product; the engine only decides when.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from uuid import UUID

from collab.errors import Unavailable
from collab.patience import insist, outage
from collab.peer import Peer
from collab.ports import Pages, Person, Readers

TOPICS = ("presence", "comments", "title", "snapshots")
GREETING_SECONDS = 2.0  # how long a rendered fragment may serve newcomers
TEXT_FIRST_SECONDS = 0.05  # until somebody who comes is told anything else
# The more there are to tell, the more changes share one telling: where hundreds come at once, each of them is one.
GATHER_PER_PEER, GATHER_MOST = 0.002, 2.0  # seconds

logger = logging.getLogger(__name__)


class Fragments:
    """Renders stale topics and puts them in the outboxes of the pages."""

    def __init__(
        self,
        document_id: UUID,
        pages: Pages,
        *,
        peers: Callable[[], Iterable[Peer]],
        people: Callable[[], Sequence[Person]],
    ) -> None:
        self._document_id = document_id
        self._pages = pages
        self._peers = peers
        self._people = people
        self._stale: set[str] = set()
        self._changes: Counter[str] = Counter()
        self._rendered: dict[tuple[str, Readers], tuple[float, str]] = {}
        self._task: asyncio.Task[None] | None = None

    def notify(self, topic: str) -> None:
        """`topic` has changed: everybody's fragment will follow; changes in quick succession share one rendering."""
        self._stale.add(topic)
        self._changes[topic] += 1
        if self._task is None:
            self._task = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        try:
            while self._stale:
                await asyncio.sleep(min(GATHER_MOST, GATHER_PER_PEER * sum(1 for _ in self._peers())))
                topic = self._stale.pop()
                self._rendered = {key: value for key, value in self._rendered.items() if key[0] != topic}
                for readers in {peer.grant.readers for peer in self._peers() if peer.is_page}:
                    fragment = await insist(partial(self._render, topic, readers), lambda _: None)
                    for peer in self._peers():
                        if fragment and peer.is_page and peer.grant.readers == readers:
                            peer.send(fragment)
        finally:
            self._task = None

    async def greet(self, peer: Peer) -> None:
        """Bring a page up to date that was rendered before its socket opened, or whose level has changed."""
        await asyncio.sleep(TEXT_FIRST_SECONDS)
        now = asyncio.get_running_loop().time()
        for topic in TOPICS:
            readers, change = peer.grant.readers, self._changes[topic]
            at, fragment = self._rendered.get((topic, readers), (float("-inf"), ""))
            if now - at > GREETING_SECONDS:
                try:
                    fragment = await self._render(topic, readers)
                except Unavailable as error:
                    outage.noticed(error)
                    self.notify(topic)  # everybody's follows, once there is one
                    continue
                if (readers, change) != (peer.grant.readers, self._changes[topic]):
                    continue  # overtaken: what is shown now has been rendered since, for everybody or for this peer
                self._rendered[topic, readers] = (now, fragment)
            if fragment:
                peer.send(fragment)

    async def _render(self, topic: str, readers: Readers) -> str:
        """Raises Unavailable."""
        try:
            return await self._pages.render(self._document_id, topic, readers, self._people())
        except Unavailable:
            raise
        except Exception:
            # A fragment is beside the point of editing: the document goes on, the log says why it is missing.
            logger.exception("Could not render %s of document %s", topic, self._document_id)
            return ""
