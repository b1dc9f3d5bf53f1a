"""The plug is pulled while people write: what was acknowledged is on disk, exactly once, and all else in the end."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from pycrdt import Doc, TransactionEvent, XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from collab import fold, protocol
from collab.ports import Entry
from tests.conftest import Sites
from tests.support.site import Account, Site
from tests.support.until import until_async
from tests.support.wire import new_document, share, socket, text_of

KILLS, WRITERS = 20, 8
PAUSE = 0.01  # seconds between two words of one writer

pytestmark = pytest.mark.anyio


def words_in(doc: Doc[XmlFragment]) -> list[str]:
    (block,) = [block for block in doc.get("default", type=XmlFragment).children if isinstance(block, XmlElement)]
    texts = [child for child in block.children if isinstance(child, XmlText)]
    return "".join(str(piece) for text in texts for piece, _ in text.diff()).split()


def words_on_disk(database: Path, document_id: str) -> list[str]:
    """What the SQLite file holds, read without any of the server's code but the log's format."""
    with sqlite3.connect(database) as connection:
        query = "SELECT seq, payload FROM collab_logentry WHERE document_id = ? ORDER BY seq"
        rows = connection.execute(query, [UUID(document_id).hex]).fetchall()
    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1)), "the log has a hole"
    return words_in(fold.replay(None, [Entry(seq, fold.unpack(payload)) for seq, payload in rows]))


class Writer:
    """Types words of its own, each once, somewhere between others' words, whether or not there is a connection."""

    def __init__(self, account: Account, chance: random.Random) -> None:
        self.account = account
        self.typed: list[str] = []
        self.acknowledged: set[str] = set()
        self.doc = fold.new_doc()
        self._chance = chance
        self._connection: ClientConnection | None = None
        self._frames: list[list[str]] = []  # of this connection: the words that each counted frame carries
        self._hearing = False
        self._watch = self.doc.observe(self._on_change)
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()

    async def stay_connected(self, site: Site, document_id: str) -> None:
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with socket(site, document_id, self.account.token) as connection:
                    self._frames, self._outbox = [], asyncio.Queue()
                    self._connection = connection
                    sender = asyncio.create_task(self._send(connection))
                    try:
                        async for frame in connection:
                            if isinstance(frame, bytes):
                                self._hear(frame)
                    finally:
                        self._connection = None
                        sender.cancel()
            await asyncio.sleep(PAUSE)

    async def _send(self, connection: ClientConnection) -> None:
        await connection.send(protocol.sync_step1(self.doc.get_state()))
        while True:
            await connection.send(await self._outbox.get())

    def _count(self, frame: bytes, words: list[str]) -> None:
        self._frames.append(words)
        self._outbox.put_nowait(frame)

    def _hear(self, frame: bytes) -> None:
        if frame[0] == protocol.SAVED:
            saved = protocol.Reader(frame[1:]).varuint()
            self.acknowledged.update(word for words in self._frames[:saved] for word in words)
        elif frame[0] == protocol.SYNC:
            match protocol.decode(frame):
                case protocol.SyncStep1(vector):
                    missing = self.doc.get_update(protocol.encode_state_vector(vector))
                    self._count(protocol.sync_step2(missing), list(self.typed))
                case protocol.SyncStep2(update) | protocol.Update(update):
                    self._hearing = True
                    self.doc.apply_update(update)
                    self._hearing = False

    def _on_change(self, event: TransactionEvent) -> None:
        if not self._hearing and self._connection:
            self._count(protocol.update(event.update), self.typed[-1:])

    async def type(self, count: int) -> None:
        """Type this many words, one in a while."""
        await until_async(lambda: len(self.doc.get("default", type=XmlFragment).children) > 0, "the document is there")
        for _ in range(count):
            self.typed.append(f"{self.account.name}-{len(self.typed)}")
            self._insert(f"{self.typed[-1]} ")
            await asyncio.sleep(PAUSE)

    def _insert(self, word: str) -> None:
        (block,) = [
            child for child in self.doc.get("default", type=XmlFragment).children if isinstance(child, XmlElement)
        ]
        with self.doc.transaction():
            if not len(block.children):
                block.children.append(XmlText(""))
            text = block.children[self._chance.randrange(len(block.children))]
            assert isinstance(text, XmlText)
            so_far = "".join(str(piece) for piece, _ in text.diff())
            gaps = [0, *(at + 1 for at, letter in enumerate(so_far) if letter == " ")]
            text.insert(self._chance.choice(gaps), word)


@pytest.mark.timeout(300)
async def test_twenty_kills_under_eight_writers(sites: Sites) -> None:
    chance = random.Random(20)
    site = sites()
    accounts = site.enrol(*(f"writer{number}" for number in range(WRITERS)))
    document_id = new_document(site, accounts[0])
    share(site, document_id, *accounts[1:])
    writers = [Writer(account, chance) for account in accounts]
    connections = [asyncio.create_task(writer.stay_connected(site, document_id)) for writer in writers]
    typing = [asyncio.create_task(writer.type(10_000)) for writer in writers]

    def acknowledged() -> int:
        return sum(len(writer.acknowledged) for writer in writers)

    def has_reached(count: int) -> bool:
        return acknowledged() >= count

    for _ in range(KILLS):
        enough = acknowledged() + chance.randrange(20, 200)
        await until_async(partial(has_reached, enough), "more has been acknowledged")
        await asyncio.to_thread(site.kill)
        promised = set().union(*(writer.acknowledged for writer in writers))
        found = words_on_disk(site.var_dir / "scriptorium.sqlite3", document_id)
        assert len(found) == len(set(found)), "a word is there twice"
        assert promised <= set(found), f"lost: {sorted(promised - set(found))[:10]}"
        await asyncio.to_thread(site.start)

    for task in typing:
        task.cancel()
    await until_async(
        lambda: all(writer.acknowledged == set(writer.typed) for writer in writers), "all has been acknowledged"
    )
    everything = sorted(word for writer in writers for word in writer.typed)
    print(f"{KILLS} kills, {len(everything)} words, 0 lost, 0 doubled")
    assert sorted(text_of(site, accounts[0], document_id).split()) == everything
    await until_async(
        lambda: all(sorted(words_in(writer.doc)) == everything for writer in writers), "everybody has it all"
    )
    for task in connections:
        task.cancel()
