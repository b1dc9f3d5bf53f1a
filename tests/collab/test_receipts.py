"""`saved` covers nothing that is not on disk, in whatever order frames, refusals, commits and rebuilds come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab import fold, protocol
from collab.peer import UNSAVED_BYTES, Peer
from collab.ports import Append, Entry, Outcome, Stored
from collab.replica import Poisoned
from collab.room import Room
from tests.collab import hostile
from tests.support.network import Network


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("alice")
    yield network
    network.end()


def join(net: Network, name: str = "frank") -> tuple[Room, Peer]:
    peer = Peer(net.pages.grant(name))
    room = net.do(net.hubs[0].join(net.document_id, peer))
    net.wait(1)
    peer.take_now()
    return room, peer


def say(net: Network, room: Room, peer: Peer, frame: bytes) -> asyncio.Task[None]:
    """Begin to hand in a frame, and let what can happen at once happen."""

    async def begin() -> asyncio.Task[None]:
        task = asyncio.create_task(room.receive(peer, frame))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return task

    return net.do(begin())


def paragraphs(client_id: int, *words: str) -> tuple[list[bytes], Doc[XmlFragment]]:
    """One update a word, each a paragraph after the one before, and the document they make."""
    doc, updates = fold.new_doc(client_id), []
    for word in words:
        before = doc.get_state()
        doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText(word)]))
        updates.append(doc.get_update(before))
    return updates, doc


def choke() -> None:
    """As a question does that pycrdt cannot answer: the document is loaded again."""
    raise Poisoned("index out of bounds")


def receipts(peer: Peer) -> list[int]:
    frames = [frame for frame in peer.take_now() if isinstance(frame, bytes) and frame[0] == protocol.SAVED]
    return [protocol.Reader(frame[1:]).varuint() for frame in frames]


def test_a_receipt_does_not_cover_a_frame_that_is_still_being_looked_at(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second frame has a gap, so the log is read for it; meanwhile the first one's commit comes back."""
    room, peer = join(net)
    read, may_read = net.log.since, asyncio.Event()
    may_read.set()

    async def read_slowly(document_id: UUID, seq: int) -> Sequence[Entry]:
        await may_read.wait()
        return await read(document_id, seq)

    monkeypatch.setattr(net.log, "since", read_slowly)
    (first,), _ = paragraphs(7, "on disk")
    (_, gap), _ = paragraphs(8, "never sent", "gap")
    net.do(room.receive(peer, protocol.update(first)))
    may_read.clear()
    reading = say(net, room, peer, protocol.update(gap))
    net.wait(1)
    assert not reading.done() and receipts(peer) == [1]
    may_read.set()
    net.wait(1)
    assert reading.done() and receipts(peer) == []


def test_a_receipt_covers_a_refused_frame_only_once_the_step_2_that_mends_it_is_on_disk(net: Network) -> None:
    room, peer = join(net)
    (_, gap), whole = paragraphs(8, "missing", "gap")
    (good,), _ = paragraphs(7, "good")
    net.do(room.receive(peer, protocol.update(gap)))

    net.log.is_broken = True
    net.do(room.receive(peer, protocol.update(good)))
    net.wait(0.05)  # its commit is being tried
    net.do(room.receive(peer, protocol.sync_step2(whole.get_update())))

    net.log.is_broken = False
    net.wait(10)
    assert receipts(peer) == [3], "the second frame's commit says nothing of the first"


def test_what_is_refused_after_a_rebuild_is_not_reckoned_with(net: Network) -> None:
    """Frank may no longer write when the document has been loaded again. Whoever repeats his words must be heard."""
    room, peer = join(net)
    (words,), _ = paragraphs(7, "words")

    async def lose_the_right() -> None:
        await room.receive(peer, protocol.update(words))
        net.pages.levels["frank"] = "viewer"
        room.regrant(peer, net.pages.grant("frank"))
        room.ticker.ask(choke)

    net.do(lose_the_right())
    net.wait(1)
    assert peer.closed
    net.pages.levels.clear()
    room, again = join(net)
    net.do(room.receive(again, protocol.update(words)))
    net.wait(1)
    assert receipts(again) == [1]
    assert net.converged() == "words"


def test_who_types_on_while_the_document_is_loaded_again_is_not_asked_to_repeat_it(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One word is in the tick that eve spoils, one comes while the log is read, one while the first is committed."""
    room, peer = join(net)
    _, eve = join(net, "eve")
    (begun, first, second, third), _ = paragraphs(7, "so ", "one ", "two ", "three")
    net.do(room.receive(peer, protocol.update(begun)))
    net.do(room.receive(eve, protocol.update(hostile.of(hostile.item(hostile.TEXT, parent=hostile.root())))))
    net.wait(1)  # both client ids are known: what comes now goes straight into a tick
    load, append = net.log.load, net.log.append

    async def load_meanwhile(document_id: UUID) -> Stored:
        await room.receive(peer, protocol.update(second))
        return await load(document_id)

    async def append_meanwhile(batch: Sequence[Append]) -> Sequence[Outcome]:
        if peer.received == 3:
            await room.receive(peer, protocol.update(third))
        return await append(batch)

    async def spoil() -> None:
        await room.receive(peer, protocol.update(first))
        await room.receive(eve, protocol.update(hostile.slow(5000)))

    monkeypatch.setattr(net.log, "load", load_meanwhile)
    monkeypatch.setattr(net.log, "append", append_meanwhile)
    net.do(spoil())
    net.wait(1)
    assert eve.closed and not peer.closed
    assert receipts(peer) == [1, 2, 4]
    assert net.converged() == "so one two three"


def test_a_peer_with_many_bytes_waiting_for_the_disk_is_not_read(net: Network) -> None:
    room, peer = join(net)
    net.log.is_broken = True
    word = "x" * 500_000
    updates, _ = paragraphs(7, *[word] * (UNSAVED_BYTES // len(word) + 2))
    waiting = [say(net, room, peer, protocol.update(update)) for update in updates]
    net.wait(3)
    assert not waiting[-1].done() and not peer.closed
    net.log.is_broken = False
    net.wait(20)
    assert waiting[-1].done() and receipts(peer)[-1] == len(updates)


def test_who_floods_has_a_small_share_of_each_tick(net: Network) -> None:
    """A tick is made in one go, and nobody else is served meanwhile."""
    room, peer = join(net)
    updates, _ = paragraphs(7, *["x"] * 1000)

    async def flood() -> None:
        for update in updates:
            await room.receive(peer, protocol.update(update))

    net.do(flood())
    net.wait(2)
    assert receipts(peer)[-1] == len(updates)
    assert max(len(entry.writes) for entry in net.log.history(net.document_id)) <= 128


def test_questions_that_wait_for_the_disk_are_one_a_peer(net: Network) -> None:
    """Each may hold a megabyte, and is answered with the whole document."""
    room, peer = join(net)
    net.type("alice", "kept")
    net.wait(1)
    peer.take_now()
    net.log.is_broken = True
    net.type("alice", " more")
    net.wait(1)
    for _ in range(50):
        net.do(room.receive(peer, protocol.sync_step1(b"")))
    net.log.is_broken = False
    net.wait(10)
    answers = [frame for frame in peer.take_now() if isinstance(frame, bytes) and frame[:2] == b"\0\1"]
    assert len(answers) == 1
