"""People at their pages, wires between, servers, one log: a whole installation in memory, told as a story.

    net.type("alice", "hello"); net.cut("bob"); net.restart(); net.heal("bob"); net.converged()

Real rooms on a virtual clock. At every frame that reaches a page it checks the promise of the engine: whatever is shown
is on disk, and whatever is acknowledged is on disk.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

from pycrdt import Doc, TransactionEvent, XmlElement, XmlFragment, XmlText

from collab import fold, guard, protocol
from collab.errors import CollabError, Unavailable
from collab.hub import Hub, Tuning
from collab.memory import Exchange, MemoryBroker, MemoryLog
from collab.peer import Peer
from collab.ports import Append, Committed, Entry, Message, Outcome
from collab.room import Room
from tests.support.clock import VirtualLoop, in_process
from tests.support.plain_pages import PlainPages

T = TypeVar("T")


class Disk(MemoryLog):
    """Slow by chance; may refuse, and may lose the answer to a commit that has been made."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(self._seek)
        self.is_broken = False
        self.is_full = False  # it can be read, but takes nothing
        self.silence = 0.0  # the chance that a commit's answer is lost
        self._chance = chance

    async def _seek(self) -> None:
        await asyncio.sleep(self._chance.random() * 0.02)
        if self.is_broken:
            raise Unavailable("The disk is full.")

    async def append(self, batch: Sequence[Append]) -> Sequence[Outcome]:
        if self.is_full:
            raise Unavailable("The disk is full.")
        outcomes = await super().append(batch)
        await self._seek()
        if self._chance.random() < self.silence:
            raise Unavailable("The answer was lost.")
        return outcomes

    def history(self, document_id: UUID) -> Sequence[Entry]:
        return self._find(document_id).entries


class Wire(Exchange):
    """Between the servers: may lose, double and delay, as a channel layer may."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.is_cut = False
        self.loss = 0.0
        self.told: list[Entry] = []
        self._chance = chance

    def publish(self, sender: MemoryBroker, document_id: UUID, message: Message, to: str) -> None:
        if isinstance(message, Committed):
            self.told.append(message.entry)
        for broker in self.brokers:
            if to not in ("", broker.address):
                continue
            while broker is not sender and not self.is_cut and self._chance.random() >= self.loss:
                delay = self._chance.random() * 0.2
                later = partial(broker.receive, document_id, message)
                asyncio.get_running_loop().call_later(delay, later, context=in_process(broker))
                if self._chance.random() >= self.loss / 4:
                    break


class Page:
    """Somebody's page: a Doc, and a connection that comes and goes. Speaks as a stock provider does."""

    def __init__(self, net: Network, name: str, server: int) -> None:
        self.net = net
        self.name = name
        self.server = server
        self.doc = fold.new_doc()
        self.peer: Peer | None = None
        self._room: Room | None = None
        self.closed: CollabError | None = None  # why the server ended the last connection
        self.sent = 0  # step 2 and update frames on this connection
        self.saved = 0  # how many of them have been acknowledged
        self.unsaved: list[bytes] = []  # updates not yet acknowledged, oldest first
        self.frames: list[bytes | str] = []  # all that has come in
        self._on_wire: list[list[bytes]] = []  # per counted frame, the updates that it carries
        self._up: asyncio.Queue[bytes] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._watch = self.doc.observe(self._on_change)
        self._hearing = False

    # --- the document -------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        texts = [child for child in _walk(self.doc) if isinstance(child, XmlText)]
        return "".join(str(piece) for text in texts for piece, _ in text.diff())

    def edit(self, change: Callable[[XmlText], None]) -> None:
        target = next(child for child in _walk(self.doc) if isinstance(child, XmlText))
        with self.doc.transaction():
            change(target)

    def forget(self) -> None:
        """Let go of the Doc: it holds on to whoever observes it, in a circle that Python cannot see."""
        self.doc.unobserve(self._watch)

    def _on_change(self, event: TransactionEvent) -> None:
        if self._hearing:
            return
        self.unsaved.append(event.update)
        if self.peer:
            self._send_counted(protocol.update(event.update), [event.update])

    def say(self, frame: bytes) -> None:
        """Send a frame of one's own making."""
        if frame[:2] in (b"\0\1", b"\0\2"):
            self._send_counted(frame, [])
        else:
            self._up.put_nowait(frame)

    def _send_counted(self, frame: bytes, updates: list[bytes]) -> None:
        self.sent += 1
        self._on_wire.append(updates)
        self._up.put_nowait(frame)

    # --- the connection -----------------------------------------------------------------------------------------

    async def connect(self) -> None:
        hub = self.net.hubs[self.server]
        try:
            grant = await hub.pages.authorize({"principal": self.name}, self.net.document_id)
            self.peer = Peer(grant)
            joining = hub.join(self.net.document_id, self.peer)
            room = await asyncio.create_task(joining, context=in_process(hub.broker))
        except Unavailable:
            self.peer = None
            return
        self._room = room
        self.sent = self.saved = 0
        self._on_wire, self._up = [], asyncio.Queue()
        self._up.put_nowait(protocol.sync_step1(self.doc.get_state()))
        process = in_process(hub.broker)
        work = self._talk(room, self.peer), self._listen(self.peer)
        self._tasks = [asyncio.create_task(each, context=process) for each in work]

    def disconnect(self) -> None:
        """The wire is cut: what was under way is lost, in both directions."""
        for task in self._tasks:
            task.cancel()
        if self.peer and self._room:
            self.net.hubs[self.server].leave(self._room, self.peer)
        self.peer, self._room, self._tasks = None, None, []

    async def _talk(self, room: Room, peer: Peer) -> None:
        while not peer.closed:
            frame = await self._up.get()
            await asyncio.sleep(self.net.delay())
            await room.receive(peer, frame)

    async def _listen(self, peer: Peer) -> None:
        while frames := await peer.take():
            for frame in frames:
                await asyncio.sleep(self.net.delay())
                self.frames.append(frame)
                if isinstance(frame, bytes):
                    self._hear(frame)
        self.closed = peer.closed
        self.disconnect()

    def _hear(self, frame: bytes) -> None:
        if frame[0] == 65:
            self._take_receipt(frame)
        elif frame[0] < 64:
            match protocol.decode(frame):
                case protocol.SyncStep1(vector):
                    answer = self.doc.get_update(protocol.encode_state_vector(vector))
                    self._send_counted(protocol.sync_step2(answer), list(self.unsaved))
                case protocol.SyncStep2(update) | protocol.Update(update):
                    self.net.must_be_on_disk(guard.scan(update, guard.TRUSTED).inserts.items(), self.name)
                    self._hearing = True
                    self.doc.apply_update(update)
                    self._hearing = False

    def _take_receipt(self, frame: bytes) -> None:
        reader = protocol.Reader(frame[1:])
        self.saved = reader.varuint()
        assert self.saved <= self.sent
        acknowledged, self._on_wire[: self.saved] = self._on_wire[: self.saved], [[]] * self.saved
        for updates in acknowledged:
            for update in updates:
                self.net.must_be_on_disk(guard.scan(update).inserts.items(), self.name)
                if update in self.unsaved:
                    self.unsaved.remove(update)


class Network:
    """The people named, all with one document open, on servers that share a log."""

    def __init__(self, *names: str, servers: int = 1, seed: int = 0, tuning: Tuning | None = None) -> None:
        self.loop = VirtualLoop()
        self.chance = random.Random(seed)
        self.latency = 0.05  # seconds a frame may take, at most
        self.log = Disk(self.chance)
        self.wire = Wire(self.chance)
        self.pages = PlainPages()
        self.document_id = uuid4()
        self.tuning = tuning or Tuning()
        self.hubs: list[Hub] = []
        self._replayed, self._disk_doc = 0, fold.new_doc()
        self.log.create(self.document_id)
        self.do(self._open(servers))
        self.people = {name: Page(self, name, number % servers) for number, name in enumerate(names)}
        self.heal(*names)
        self.wait(2)

    async def _open(self, servers: int) -> None:
        self.hubs = [self._start() for _ in range(servers)]
        room = await self.hubs[0].room(self.document_id)
        await room.edit("server", _one_paragraph)

    def _start(self) -> Hub:
        broker = MemoryBroker(self.wire)
        hub = Hub(self.log, broker, self.pages, self.tuning)
        in_process(broker).run(hub.start)
        return hub

    # --- time and chance ----------------------------------------------------------------------------------------

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def wait(self, seconds: float) -> None:
        self.do(asyncio.sleep(seconds))

    def delay(self) -> float:
        return self.chance.random() * self.latency

    # --- what people do -----------------------------------------------------------------------------------------

    def type(self, name: str, words: str, at: float = 1.0) -> None:
        """Insert at a fraction of the text, from 0 to 1."""
        self._edit(name, lambda text: text.insert(int(len(text) * at), words))

    def delete(self, name: str, at: float = 0.0, length: int = 1) -> None:
        def cut(text: XmlText) -> None:
            start = int(len(text) * at)
            if stop := min(start + length, len(text)):
                del text[start:stop]

        self._edit(name, cut)

    def _edit(self, name: str, change: Callable[[XmlText], None]) -> None:
        async def edit() -> None:
            self.people[name].edit(change)

        self.do(edit())

    def cut(self, *names: str) -> None:
        async def cut() -> None:
            for name in names:
                self.people[name].disconnect()

        self.do(cut())

    def heal(self, *names: str) -> None:
        async def connect() -> None:
            for name in names:
                if self.people[name].peer is None:
                    await self.people[name].connect()

        self.do(connect())

    # --- what happens to servers --------------------------------------------------------------------------------

    def kill(self, server: int = 0) -> None:
        """The process is gone at once, with all it had in memory; another takes its place."""

        async def kill() -> None:
            self.loop.end_process(self.hubs[server].broker)
            await self.hubs[server].broker.close()
            self._replace(server)

        self.do(kill())

    def restart(self, server: int = 0) -> None:
        """The process ends in good order; another takes its place."""

        async def restart() -> None:
            await self.hubs[server].close()
            self._replace(server)

        self.do(restart())

    def _replace(self, server: int) -> None:
        for page in self.people.values():
            if page.server == server:
                page.disconnect()
        self.hubs[server] = self._start()

    def prune(self) -> None:
        """A snapshot is kept, and the log lets go of what it says, whoever lags behind."""

        async def prune() -> None:
            state = self.on_disk().get_update()
            await self.log.save_snapshot(self.document_id, seq=self._replayed, state=state, kind="auto")
            self.log.prune(self.document_id)

        if not self.log.is_broken:
            self.do(prune())

    # --- what must be true --------------------------------------------------------------------------------------

    def on_disk(self) -> Doc[XmlFragment]:
        """The document as the log has it."""
        entries = self.log.history(self.document_id)
        for entry in entries[self._replayed :]:
            for write in entry.writes:
                self._disk_doc.apply_update(write.update)
        self._replayed = len(entries)
        return self._disk_doc

    def must_be_on_disk(self, inserts: Iterable[tuple[int, tuple[int, int]]], name: str) -> None:
        clocks = _clocks(self.on_disk())
        for client_id, (_, end) in inserts:
            assert end <= clocks.get(client_id, 0), f"{name} was shown, or had acknowledged, what is not on disk"

    def converged(self) -> str:
        """The text that everybody, a fresh load and the log agree on. Raises AssertionError if they do not."""
        self.heal(*self.people)
        self.wait(12)
        history = self.log.history(self.document_id)
        for entry in self.wire.told:
            assert entry == history[entry.seq - 1], "the servers tell each other what the log does not say"
        texts = {name: person.text for name, person in self.people.items()}
        texts["disk"] = _text(self.on_disk())
        assert len(set(texts.values())) == 1, texts
        for name, person in self.people.items():
            assert person.peer and not person.peer.closed, f"{name} is not connected"
            assert not person.unsaved, f"{name} waits for an acknowledgement"
        return texts["disk"]

    def end(self) -> None:
        for page in self.people.values():
            page.forget()
        self.loop.end()


def _one_paragraph(doc: Doc[XmlFragment]) -> None:
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText("")]))


def _walk(doc: Doc[XmlFragment]) -> Iterable[object]:
    todo: list[object] = [doc.get(fold.ROOT, type=XmlFragment)]
    while todo:
        node = todo.pop(0)
        yield node
        if isinstance(node, (XmlElement, XmlFragment)):
            todo[:0] = list(node.children)


def _text(doc: Doc[XmlFragment]) -> str:
    return "".join(str(piece) for node in _walk(doc) if isinstance(node, XmlText) for piece, _ in node.diff())


def _clocks(doc: Doc[XmlFragment]) -> Mapping[int, int]:
    message = protocol.decode(protocol.sync_step1(doc.get_state()))
    assert isinstance(message, protocol.SyncStep1)
    return message.state_vector
