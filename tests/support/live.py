"""Open pages without browsers: real peers in the real engine, on the database and with the product's own answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab import engine, protocol
from collab.errors import CollabError
from collab.fold import ROOT, new_doc
from collab.hub import Hub
from collab.peer import Peer
from collab.room import Room
from docs_app.access import Visitor
from docs_app.models import Document
from docs_app.socket import DocumentPages
from tests.support.scopes import by_session
from tests.support.until import until_async

T = TypeVar("T")


async def does(service: Callable[..., T], *args: Any, **options: Any) -> T:
    """Call a synchronous service as a view does: in a thread that belongs to the running loop."""
    answer: T = await database_sync_to_async(service)(*args, **options)
    return answer


@asynccontextmanager
async def running_engine() -> AsyncIterator[Hub]:
    """The engine of this event loop, with the product's pages; drained at the end."""
    hub = engine.start(DocumentPages())
    try:
        yield hub
    finally:
        await engine.stop()


class Tab:
    """Somebody's open page: a document of its own, kept in step, and the fragments it was sent."""

    def __init__(self, room: Room, peer: Peer) -> None:
        self.room = room
        self.peer = peer
        self.doc: Doc[XmlFragment] = new_doc()
        self.fragments: list[str] = []
        self.notices: list[dict[str, Any]] = []

    @property
    def closed(self) -> CollabError | None:
        self.hear()
        return self.peer.closed

    @property
    def text(self) -> list[str]:
        """The text of each top block."""
        self.hear()
        return [
            "".join(map(_text_of, block.children)) for block in self._root.children if isinstance(block, XmlElement)
        ]

    @property
    def _root(self) -> XmlFragment:
        return self.doc.get(ROOT, type=XmlFragment)

    def hear(self) -> None:
        """Take in what has come."""
        for frame in self.peer.take_now():
            if isinstance(frame, str):
                self.fragments.append(frame)
            elif frame[0] < 64:
                match protocol.decode(frame):
                    case protocol.Update(update) | protocol.SyncStep2(update):
                        self.doc.apply_update(update)

    def shows(self, words: str) -> bool:
        """Whether any fragment so far has these words."""
        self.hear()
        return any(words in fragment for fragment in self.fragments)

    def typed(self, words: str, *, block: int = 0) -> bytes:
        """The frame for words typed at the end of a block's first text, on the page but not sent yet."""
        before = self.doc.get_state()
        paragraph = self._root.children[block]
        assert isinstance(paragraph, XmlElement)
        text = paragraph.children[0]
        assert isinstance(text, XmlText)
        text.insert(len(text), words)
        return protocol.update(self.doc.get_update(before))

    async def say(self, frame: bytes) -> None:
        """Send a frame, and wait until what it brought is on disk."""
        await self.room.receive(self.peer, frame)
        await until_async(lambda: not self.peer.unsaved, "what was sent is on disk")

    async def type(self, words: str, *, block: int = 0) -> None:
        self.hear()
        await self.say(self.typed(words, block=block))

    async def sync(self) -> None:
        """Ask for all there is, and have it."""
        await self.room.receive(self.peer, protocol.sync_step1(self.doc.get_state()))
        await until_async(lambda: self.peer.asked is None and self.room.ticker.is_idle, "it has been answered")
        self.hear()


def _text_of(node: object) -> str:
    if isinstance(node, XmlText):
        return "".join(str(piece) for piece, _ in node.diff())
    return "".join(map(_text_of, node.children)) if isinstance(node, XmlElement) else "\n"


async def open_tab(hub: Hub, visitor: Visitor, document: Document) -> Tab:
    """A page of the document in the visitor's browser. Raises what the socket would close with."""
    return await join(hub, document.id, await does(by_session, visitor))


async def join(hub: Hub, document_id: UUID, scope: dict[str, Any]) -> Tab:
    """A page whose connection has this scope. Raises what the socket would close with."""
    peer = Peer(await hub.pages.authorize(scope, document_id))
    tab = Tab(await hub.join(document_id, peer), peer)
    await tab.sync()
    return tab
