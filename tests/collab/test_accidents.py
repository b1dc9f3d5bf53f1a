"""What goes wrong inside: a room that fails, a loader that is left alone, an edit that must not be; nobody hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

import pytest
from pycrdt import Doc, XmlElement, XmlFragment

from collab import fold, pace, protocol
from collab.errors import ClientIdTaken, CollabError, Forbidden, Malformed, NoSuchDocument, TooLarge, Unavailable
from collab.fragments import TOPICS
from collab.keeper import Habit
from collab.peer import Peer
from collab.ports import Entry, Person, Readers
from collab.room import Room
from tests.support.network import Network

T = TypeVar("T")


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("alice", "bob", servers=2)
    network.type("alice", "safe")
    network.wait(1)
    yield network
    network.end()


async def _soon(work: Awaitable[object]) -> None:
    async with asyncio.timeout(60):
        await work


# --- a room that fails ------------------------------------------------------------------------------------------------


def test_who_reads_a_document_while_it_is_deleted_is_told(net: Network) -> None:
    room = net.hubs[0].loaded()[0]
    net.log.is_broken = True
    net.type("alice", "x")
    net.wait(1)

    async def read() -> None:
        task = asyncio.create_task(room.read(lambda replica: 1))
        await asyncio.sleep(0)
        net.log.erase(net.document_id)
        net.log.is_broken = False
        await _soon(task)

    with pytest.raises((NoSuchDocument, Unavailable)):
        net.do(read())


def test_a_room_that_fails_keeps_nothing_that_is_not_in_the_log(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its log cannot be read any more, so a tick stays uncommitted; then the last peer leaves."""

    async def damaged(document_id: UUID, seq: int) -> Sequence[Entry]:
        raise Malformed("This log entry was written in a format that this version does not read.")

    net.wire.is_cut = True
    net.type("bob", "first on the other server")
    net.wait(0.3)
    monkeypatch.setattr(net.log, "since", damaged)
    net.type("alice", "behind")
    net.wait(3)
    assert net.people["alice"].closed
    monkeypatch.undo()
    assert not net.do(net.log.snapshots(net.document_id)), "it would hold what is not in the log"
    net.wire.is_cut = False
    assert sorted(net.converged()) == sorted("safebehindfirst on the other server")


def test_who_edits_in_the_same_tick_as_one_that_ends_the_room_is_told(net: Network) -> None:
    room = net.hubs[0].loaded()[0]

    def half(doc: Doc[XmlFragment]) -> None:
        doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph"))
        raise LookupError("the other half is missing")

    async def edit() -> list[BaseException | None]:
        edits = [asyncio.create_task(room.edit("server", change)) for change in (half, lambda doc: None)]
        net.log.erase(net.document_id)
        async with asyncio.timeout(60):
            return await asyncio.gather(*edits, return_exceptions=True)

    first, second = net.do(edit())
    assert isinstance(first, LookupError) and isinstance(second, NoSuchDocument)


# --- who goes away while a room is loaded -----------------------------------------------------------------------------


async def _give_up_loading(net: Network) -> None:
    task = asyncio.create_task(net.hubs[0].room(net.document_id))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])


def test_a_room_whose_only_visitor_went_away_is_dropped_like_any_other(
    net: Network, caplog: pytest.LogCaptureFixture
) -> None:
    net.cut("alice")
    net.wait(60)
    net.do(_give_up_loading(net))
    net.wait(1)
    assert net.hubs[0].loaded()
    net.wait(60)
    assert not net.hubs[0].loaded() and not caplog.records


def test_a_failure_that_nobody_waited_for_is_not_told_to_the_next_visitor(net: Network) -> None:
    net.cut("alice")
    net.wait(60)
    net.log.is_broken = True
    net.do(_give_up_loading(net))
    net.wait(1)
    net.log.is_broken = False
    assert net.do(net.hubs[0].room(net.document_id)) in net.hubs[0].loaded()


def test_who_joins_while_the_server_ends_is_sent_away(net: Network) -> None:
    net.cut("alice")
    net.wait(60)

    async def join() -> None:
        joining = asyncio.create_task(net.hubs[0].join(net.document_id, Peer(net.pages.grant("alice"))))
        await asyncio.sleep(0)
        await asyncio.gather(net.hubs[0].close(), joining)

    with pytest.raises(Unavailable):
        net.do(join())


def test_a_server_ends_though_its_disk_does_not_answer(net: Network) -> None:
    net.log.is_broken = True
    net.type("alice", "later")
    net.wait(1)

    async def close() -> None:
        async with asyncio.timeout(60):
            await net.hubs[0].close()

    net.do(close())
    net.log.is_broken = False
    net.kill()
    assert sorted(net.converged()) == sorted("safelater")


# --- what the server itself does --------------------------------------------------------------------------------------


def test_an_edit_that_the_guard_would_not_let_in_is_not_made(net: Network) -> None:
    room = net.hubs[0].loaded()[0]

    odd: Any = {"odd": float("nan")}

    def add(doc: Doc[XmlFragment]) -> None:
        doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", odd))

    with pytest.raises(CollabError):
        net.do(room.edit("server", add))
    assert net.do(room.read(lambda replica: len(replica.doc.get(fold.ROOT, type=XmlFragment).children))) == 1
    assert net.converged() == "safe"


def test_who_has_the_server_edit_may_not_write_under_its_client_id_elsewhere(net: Network) -> None:
    """The edit is in Bob's name, the client id is the server's: other processes must not take it for Bob's."""
    net.kill(0)  # the next one has a client id of its own, which the other server has never heard of
    net.heal("alice")
    net.wait(1)
    room = net.hubs[0].loaded()[0]

    def add(doc: Doc[XmlFragment]) -> None:
        doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("heading"))

    net.do(room.edit("bob", add))
    net.wait(1)
    forger = fold.new_doc(room.replica.doc.client_id)
    forger.apply_update(net.on_disk().get_update())
    before = forger.get_state()
    add(forger)
    bob = net.people["bob"]
    bob.closed = None

    async def forge() -> None:
        bob.say(protocol.update(forger.get_update(before)))

    net.do(forge())
    net.wait(2)
    assert isinstance(bob.closed, ClientIdTaken)


def test_a_document_that_cannot_be_kept_is_not_tried_at_every_key(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[bytes] = []

    def unfaithful(state: bytes, original: object) -> bool:
        tries.append(state)
        return False

    monkeypatch.setattr(fold, "is_faithful", unfaithful)
    for hub in net.hubs:
        hub.loaded()[0].keeper._habit = Habit(entries=5, seconds=1000)
    for _ in range(20):
        net.type("alice", "x")
        net.wait(0.3)
    assert 3 <= len(tries) <= 15  # three readings each time


# --- beside the text -------------------------------------------------------------------------------------------------


def test_a_caret_that_would_be_too_large_for_others_ends_its_sender_alone(
    net: Network, caplog: pytest.LogCaptureFixture
) -> None:
    """With the server's stamp it would pass the limit, and others who repeat what they hear would be ended for it."""
    alice = net.people["alice"]
    cursor: dict[str, object] = {"cursor": "x" * (protocol.MAX_STATE_BYTES - 20)}

    async def move() -> None:
        alice.say(protocol.awareness([protocol.ClientState(5, 1, cursor)]))

    net.do(move())
    net.wait(7)
    assert isinstance(alice.closed, TooLarge)
    for frame in net.people["bob"].frames:
        if isinstance(frame, bytes) and frame[0] == protocol.AWARENESS:
            protocol.decode(frame)


def test_a_page_that_is_back_on_another_connection_moves_its_caret_at_once(net: Network) -> None:
    """Its old connection, on a server that was killed or merely not ended yet, must not speak for it any longer."""
    room = net.hubs[0].loaded()[0]
    old, new, eve = (Peer(net.pages.grant(name)) for name in ("carol", "carol", "eve"))

    async def come() -> None:
        for clock, peer in enumerate((old, eve, new), 1):
            room.join(peer)
            room.carets.announce(peer, [protocol.ClientState(5, clock, {"cursor": clock})])

    net.do(come())
    frame = room.carets.frame()
    assert frame is not None
    (shown,) = [
        each for each in protocol.decode_awareness(protocol.Reader(frame[1:]).varbytes()) if each.client_id == 5
    ]
    assert shown.state is not None and shown.state["cursor"] == 3

    async def leave() -> None:
        room.leave(old)

    net.do(leave())
    assert "carol" in [person.principal for person in room.carets.people()]


def test_who_joins_while_nothing_can_be_saved_is_told(net: Network) -> None:
    net.log.is_broken = True
    net.type("alice", "x")
    net.wait(1)
    peer = Peer(net.pages.grant("carol"))
    net.do(net.hubs[0].join(net.document_id, peer))
    assert [frame for frame in peer.take_now() if isinstance(frame, bytes) and frame[0] == protocol.NOTICE]


def test_reading_and_editing_do_not_wait_for_a_disk_that_is_broken(net: Network) -> None:
    """Whoever asks holds a thread of the product meanwhile, and these are few."""
    room = net.hubs[0].loaded()[0]
    net.log.is_broken = True
    net.type("alice", "x")
    net.wait(1)
    for work in room.read(lambda replica: 1), room.edit("server", lambda doc: 1):
        with pytest.raises(Unavailable):
            net.do(_soon(work))


@pytest.mark.parametrize("after", ["gone", "viewer"])
def test_a_right_that_ends_while_somebody_waits_at_the_door_has_ended_when_they_are_in(
    net: Network, after: str
) -> None:
    earlier, peer = [Peer(net.pages.grant("carol")) for _ in range(2)]

    async def come_twice() -> asyncio.Task[Room]:
        await net.hubs[0].join(net.document_id, earlier)
        earlier.meter.owe(pace.PURSE + 2 * pace.SHARE)  # the next one waits for two seconds
        return asyncio.create_task(net.hubs[0].join(net.document_id, peer))

    joining = net.do(come_twice())
    net.wait(1)
    assert not joining.done()
    if after == "gone":
        net.pages.gone.add("carol")
        with pytest.raises(Forbidden):
            net.do(_result(joining))
    else:
        net.pages.levels["carol"] = after
        net.do(_result(joining))
        assert not peer.grant.may_write


async def _result(task: asyncio.Task[T]) -> T:
    return await task


def test_a_fragment_that_was_rendered_before_a_change_does_not_replace_a_later_one(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Carol's greeting reads the comments, is overtaken by a change of them, and comes too late."""
    render, may_go = net.pages.render, asyncio.Event()
    words = ["old"]

    async def render_slowly(document_id: UUID, topic: str, readers: Readers, people: Sequence[Person]) -> str:
        said = words[-1]
        if said == "old":
            await may_go.wait()
        return f"{said} {await render(document_id, topic, readers, people)}"

    monkeypatch.setattr(net.pages, "render", render_slowly)
    peer = Peer(net.pages.grant("carol"))
    room = net.do(net.hubs[0].join(net.document_id, peer))
    net.wait(1)
    words.append("new")

    async def change() -> None:
        for topic in TOPICS:
            room.notify(topic)

    net.do(change())
    net.wait(1)
    may_go.set()
    net.wait(1)
    shown = [frame for frame in peer.take_now() if isinstance(frame, str)]
    assert {frame.split()[1].split("@")[0] for frame in shown} == set(TOPICS)
    assert all(frame.startswith("new") for frame in shown), shown
