"""People who go on writing whatever happens to the server, and who know which of their words were acknowledged.

    async with crowd([site], 8) as people:
        await people.more(100)
        site.kill()
        people.must_find(words_on_disk(site, people.document_id))
        site.start()
        await people.settle()

Every word is typed once, so that one that was lost, or is there twice, shows.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle

from pycrdt import Doc, TransactionEvent, XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, WebSocketException

from collab import fold, protocol
from tests.support.site import Account, Site
from tests.support.until import until_async
from tests.support.wire import company, socket, text_of

PAUSE = 0.01  # seconds


def words_in(doc: Doc[XmlFragment]) -> list[str]:
    return "".join(str(piece) for text in _texts(doc) for piece, _ in text.diff()).split()


def _texts(doc: Doc[XmlFragment]) -> list[XmlText]:
    blocks = [block for block in doc.get("default", type=XmlFragment).children if isinstance(block, XmlElement)]
    return [child for block in blocks for child in block.children if isinstance(child, XmlText)]


class Writer:
    """Types words of its own, each once, somewhere between others' words, whether or not there is a connection."""

    def __init__(self, account: Account, chance: random.Random, *, reloads: bool = False, patience: float = 20) -> None:
        self.account = account
        self.typed: list[str] = []
        self.acknowledged: dict[str, float] = {}  # word: when, in seconds since the epoch
        self.closes: Counter[int] = Counter()  # how often a server ended the connection with each code
        self.absences: list[float] = []  # seconds from the end of a connection to the answer of the next one
        self.notices: list[str] = []
        self.doc = fold.new_doc()
        self._reloads = reloads
        self._patience = patience
        self._chance = chance
        self._connection: ClientConnection | None = None
        self._lost_at: float | None = None
        self._frames: list[list[str]] = []  # of this connection: the words that each counted frame carries
        self._hearing = False
        self._watch = self.doc.observe(self._on_change)
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()

    @property
    def words(self) -> list[str]:
        """All that this writer sees."""
        return words_in(self.doc)

    async def stay_connected(self, sites: Sequence[Site], document_id: str) -> None:
        """Connect again whenever the connection ends, each time to the next of these servers."""
        for site in cycle(sites):
            with suppress(OSError, WebSocketException, TimeoutError):
                async with socket(site, document_id, self.account.token, patience=self._patience) as connection:
                    await self._converse(connection)
            await asyncio.sleep(PAUSE)

    async def _converse(self, connection: ClientConnection) -> None:
        if self._reloads:
            self.reload()
        self._frames, self._outbox = [], asyncio.Queue()
        self._connection = connection
        sender = asyncio.create_task(self._send(connection))
        try:
            while True:
                frame = await connection.recv()
                if isinstance(frame, bytes):
                    self._hear(frame)
        except ConnectionClosed as closed:
            self.closes[closed.rcvd.code if closed.rcvd else 1006] += 1
            raise
        finally:
            self._connection = None
            if self._lost_at is None:
                self._lost_at = time.monotonic()
            sender.cancel()

    async def _send(self, connection: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            await connection.send(protocol.sync_step1(self.doc.get_state()))
            while True:
                await connection.send(await self._outbox.get())

    def _count(self, frame: bytes, words: list[str]) -> None:
        self._frames.append(words)
        self._outbox.put_nowait(frame)

    def _hear(self, frame: bytes) -> None:
        if frame[0] == protocol.SAVED:
            saved, now = protocol.Reader(frame[1:]).varuint(), time.time()
            for word in (word for words in self._frames[:saved] for word in words):
                self.acknowledged.setdefault(word, now)
            self._frames[:saved] = [[]] * saved
        elif frame[0] == protocol.NOTICE:
            self.notices.append(protocol.Reader(frame[1:]).varstring())
        elif frame[0] == protocol.SYNC:
            self._sync(protocol.decode(frame))

    def _sync(self, message: protocol.Message) -> None:
        match message:
            case protocol.SyncStep1(vector):
                missing = self.doc.get_update(protocol.encode_state_vector(vector))
                self._count(protocol.sync_step2(missing), list(self.typed))
            case protocol.SyncStep2(update) | protocol.Update(update):
                self._hearing = True
                self.doc.apply_update(update)
                self._hearing = False
        if isinstance(message, protocol.SyncStep2) and self._lost_at is not None:
            self.absences.append(time.monotonic() - self._lost_at)
            self._lost_at = None

    def _on_change(self, event: TransactionEvent) -> None:
        if not self._hearing and self._connection:
            self._count(protocol.update(event.update), self.typed[-1:])

    def reload(self) -> None:
        """As a page that is opened again with its offline copy: the same words, and a client id of its own."""
        words = self.doc.get_update()
        self.doc.unobserve(self._watch)  # or it would stay, for it holds on to us
        self.doc = fold.new_doc()
        self.doc.apply_update(words)
        self._watch = self.doc.observe(self._on_change)

    async def type(self, pause: float) -> None:
        """Type one word after the other, with so many seconds between them."""
        await until_async(lambda: len(self.doc.get("default", type=XmlFragment).children) > 0, "the document is there")
        while True:
            self.typed.append(f"{self.account.name}-{len(self.typed)}")
            self._insert(f"{self.typed[-1]} ")
            await asyncio.sleep(pause)

    def _insert(self, word: str) -> None:
        with self.doc.transaction():
            if not _texts(self.doc):
                (block,) = self.doc.get("default", type=XmlFragment).children
                assert isinstance(block, XmlElement)
                block.children.append(XmlText(""))
            text = self._chance.choice(_texts(self.doc))
            so_far = "".join(str(piece) for piece, _ in text.diff())
            # After the blank that a random place is followed by: nobody's word is torn.
            text.insert(so_far.find(" ", self._chance.randrange(len(so_far) + 1)) + 1, word)


class Crowd:
    """Writers at one document of one site, which may be served by several processes."""

    def __init__(self, sites: Sequence[Site], document_id: str, writers: Sequence[Writer], pause: float) -> None:
        self.sites = sites
        self.document_id = document_id
        self.writers = writers
        self._connections = [
            asyncio.create_task(writer.stay_connected(_from(at, sites), document_id))
            for at, writer in enumerate(writers)
        ]
        self._typing = [asyncio.create_task(writer.type(pause)) for writer in writers]

    @property
    def acknowledged(self) -> dict[str, float]:
        """Every word that a server has said is saved, and when it said so first."""
        return {word: at for writer in self.writers for word, at in writer.acknowledged.items()}

    async def more(self, count: int, *, within: float = 60) -> None:
        """Until this many more words have been acknowledged."""
        enough = len(self.acknowledged) + count
        await until_async(lambda: len(self.acknowledged) >= enough, f"{count} more words are saved", within=within)

    async def all_hear(self, notice: str) -> None:
        """Until a notice of this kind is the newest on every page."""
        await until_async(
            lambda: all(writer.notices[-1:] == [notice] for writer in self.writers), f"everybody hears {notice!r}"
        )

    def must_find(self, found: Sequence[str], promised: Collection[str] | None = None) -> None:
        """What was acknowledged (or `promised`) is among these words, and nothing is there twice."""
        lost = set(self.acknowledged if promised is None else promised) - set(found)
        assert not lost, f"lost: {sorted(lost)[:10]}"
        assert len(found) == len(set(found)), f"twice: {[word for word, n in Counter(found).items() if n > 1][:10]}"

    async def settle(self) -> int:
        """Nobody types any more: all that was typed is saved in the end, once, and everybody has it. How much it is."""
        for task in self._typing:
            task.cancel()
        await until_async(
            lambda: all(writer.acknowledged.keys() == set(writer.typed) for writer in self.writers),
            "all has been acknowledged",
            within=60,
        )
        everything = sorted(word for writer in self.writers for word in writer.typed)

        async def is_everywhere() -> bool:
            reading = (
                asyncio.to_thread(text_of, each, self.writers[0].account, self.document_id) for each in self.sites
            )
            return all(sorted(text.split()) == everything for text in await asyncio.gather(*reading))

        await until_async(is_everywhere, "every server has it all")
        await until_async(
            lambda: all(sorted(writer.words) == everything for writer in self.writers), "everybody has it all"
        )
        return len(everything)

    async def leave(self) -> None:
        tasks = [*self._typing, *self._connections]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _from(first: int, sites: Sequence[Site]) -> Sequence[Site]:
    """The same servers in turn, beginning with another one."""
    first %= len(sites)
    return [*sites[first:], *sites[:first]]


@asynccontextmanager
async def crowd(
    sites: Sequence[Site],
    count: int,
    *,
    seed: int = 20,
    pause: float = PAUSE,
    reloads: bool = False,
    patience: float = 20,
) -> AsyncIterator[Crowd]:
    """So many people, new, with a new document between them, all typing, each a word every `pause` seconds.

    `reloads`: they open the page again for each connection, and so have a new client id each time.
    """
    chance = random.Random(seed)
    names = [f"writer{chance.getrandbits(32):x}" for _ in range(count)]
    accounts, document_id = await asyncio.to_thread(company, sites[0], *names)
    writers = [Writer(account, chance, reloads=reloads, patience=patience) for account in accounts]
    people = Crowd(sites, document_id, writers, pause)
    try:
        yield people
    finally:
        await people.leave()
