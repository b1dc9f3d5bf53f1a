"""People who write without the right, under others' ids, and in others' names: nothing of it is ever taken."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from collab import fold, guard, protocol
from collab.peer import Peer
from collab.protocol import ClientState
from tests.attacks.mutations import SEEDED, as_client, mutate, seeds
from tests.collab import hostile as h
from tests.support.figures import Figure, Length
from tests.support.network import Network

WORDS = "what alice has written"


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("alice", "bob")
    network.type("alice", WORDS)
    network.wait(1)
    yield network
    network.end()


def say(net: Network, name: str, *frames: bytes) -> Peer:
    """Frames of somebody who comes for this, and goes."""
    hub = net.hubs[0]
    peer = Peer(net.pages.grant(name))

    async def visit() -> None:
        room = await hub.join(net.document_id, peer)
        for frame in frames:
            await room.receive(peer, frame)
        await room.ticker.idle()
        hub.leave(room, peer)

    net.do(visit())
    return peer


def test_who_may_only_read_or_comment_changes_no_byte(net: Network, length: Length[int], figure: Figure) -> None:
    chance, count = random.Random(2), length(500, 10_000)
    made = seeds(chance)
    before, entries = net.on_disk().get_update(), len(net.log.history(net.document_id))
    for number in range(count):
        name = f"reader{number}"
        net.pages.levels[name] = chance.choice(("viewer", "commenter"))
        frame = as_client(chance.choice(made), SEEDED + number)
        if chance.random() < 0.5:
            frame = mutate(chance, frame, made)
        if frame[:2] == b"\0\2" and chance.random() < 0.3:
            frame = b"\0\1" + frame[2:]
        say(net, name, frame, _theft(chance, net))
    assert len(net.log.history(net.document_id)) == entries
    assert net.on_disk().get_update() == before
    assert net.converged() == WORDS
    figure("D2", f"{count:,} attempts to write by viewers and commenters: 0 bytes changed")


def _theft(chance: random.Random, net: Network) -> bytes:
    """The deletion of something that is there."""
    clocks = net.hubs[0].loaded()[0].replica.knowledge.clocks
    client, clock = chance.choice(list(clocks.items()))
    start = chance.randrange(clock)
    return protocol.update(h.update((), [h.deletion(client, (start, chance.randint(1, clock - start)))]))


def _forgery(chance: random.Random, victim: int, clock: int, own: int) -> bytes:
    """An update that speaks for the victim, of what it has not written, or of clocks that are not there."""
    far = clock + chance.choice((0, 1, 2, 1000, 2**31 - 2 - clock))
    content = chance.choice((h.gc(1), h.gc(1000), h.item(h.deleted(3), parent=h.root()), h.PARAGRAPH))
    return chance.choice(
        (
            h.update([h.block(content, client=victim, clock=far)]),
            h.update([h.block(h.gc(clock), content, client=victim)]),
            h.update((), [h.deletion(victim, (clock + chance.randrange(50), chance.randint(1, 10**6)))]),
            h.update((), [h.deletion(victim, (chance.randrange(clock), clock + 1))]),
            h.update([h.block(h.gc(1), client=own, clock=chance.randint(1, 2**30))]),
            h.update([h.block(h.item(h.string("x"), origin=h.id_(victim, far)), client=own)]),
            h.update([h.block(h.item(h.string("x"), right=h.id_(victim, far)), client=own)]),
            h.update([h.block(h.item(h.TEXT, parent=h.inside(victim, far)), client=own)]),
            h.update(
                [h.block(h.PARAGRAPH, client=own), h.block(content, client=victim, clock=far)],
                [h.deletion(victim, (0, 1))],
            ),
        )
    )


def test_nobody_writes_or_deletes_in_anothers_name(net: Network, length: Length[int], figure: Figure) -> None:
    chance, count = random.Random(7), length(1_000, 10_000)
    victim = net.people["alice"].doc.client_id
    entries = len(net.log.history(net.document_id))
    for number in range(count):
        clock = net.hubs[0].loaded()[0].replica.knowledge.clocks[victim]
        forgery = _forgery(chance, victim, clock, SEEDED + number)
        say(net, f"eve{number}", chance.choice((protocol.update, protocol.sync_step2))(forgery))
    assert len(net.log.history(net.document_id)) == entries, "something was taken"
    net.type("alice", ", and goes on")
    assert net.converged() == f"{WORDS}, and goes on"
    figure("D7", f"{count:,} forged client ids, clocks and deletions: 0 accepted, the victim's text intact")


def test_what_the_owner_of_an_id_says_is_taken(net: Network) -> None:
    """The same shapes with the right id and clock: else the test above would prove nothing."""
    entries = len(net.log.history(net.document_id))
    say(net, "eve", protocol.update(h.update([h.block(h.PARAGRAPH, h.gc(5), client=SEEDED)])))
    say(net, "eve", protocol.update(h.update([h.block(h.gc(1), client=SEEDED, clock=6)])))
    assert len(net.log.history(net.document_id)) == entries + 2


def _state(chance: random.Random) -> dict[str, object] | None:
    lies: list[object] = ["Alice", "<b>Alice</b>", None, 7, {"name": "Alice"}, ["alice"], "x" * 200]
    keys = ("user", "name", "color", "principal", "level", "cursor", "__proto__")
    inner: dict[str, object] = {key: chance.choice(lies) for key in chance.sample(keys, 3)}
    shapes: list[dict[str, object] | None] = [{"user": inner}, {"user": inner, "cursor": inner}, inner, {}, None]
    return chance.choice(shapes)


def test_awareness_never_names_somebody_else(net: Network, length: Length[int], figure: Figure) -> None:
    chance, count = random.Random(6), length(2_000, 100_000)
    hub, grant = net.hubs[0], net.pages.grant
    listener = Peer(grant("bob"))
    room = net.do(hub.join(net.document_id, listener))
    alice = 4242
    author = Peer(grant("alice"))
    net.do(hub.join(net.document_id, author))
    net.do(room.receive(author, protocol.awareness([ClientState(alice, 1, {"cursor": {"anchor": 1}})])))
    owners, seen = {alice: "alice"}, 0
    for number in range(count):
        said = [
            ClientState(chance.choice((alice, number + 10_000, alice, 0)), chance.choice((0, 2, 2**30)), _state(chance))
            for _ in range(chance.randint(1, 3))
        ]
        frame = protocol.awareness(said)
        say(net, f"eve{number}", frame if chance.random() < 0.7 else mutate(chance, frame, [frame]))
        if number % 20 == 0:
            net.wait(0.1)
            author.take_now()  # she reads, as a page does
        for state in _heard(listener):
            seen += 1
            _must_be_true(state, owners)
    net.wait(1)
    assert author.closed is None
    assert [person.principal for person in room.carets.people() if person.principal == "alice"] == ["alice"]
    figure("D6", f"{count:,} awareness frames with lies in them: {seen:,} states shown, 0 in another's name")


def _heard(listener: Peer) -> list[ClientState]:
    frames = [frame for frame in listener.take_now() if isinstance(frame, bytes) and frame[0] == protocol.AWARENESS]
    return [state for frame in frames for state in protocol.decode_awareness(protocol.Reader(frame[1:]).varbytes())]


def _must_be_true(state: ClientState, owners: dict[int, str]) -> None:
    if state.state is None:
        assert owners.get(state.client_id) != "alice", "she was sent away"
        return
    assert set(state.state) == {"user", "cursor"}
    user = state.state["user"]
    assert isinstance(user, dict) and set(user) == {"name", "color", "principal", "level"}
    assert user["name"] == str(user["principal"]).title() and user["color"] == "#123456"
    assert owners.setdefault(state.client_id, user["principal"]) == user["principal"] or state.client_id != 4242
    if state.client_id == 4242:
        assert user["principal"] == "alice"


def test_an_update_that_was_accepted_says_whose_it_is(net: Network) -> None:
    history = net.log.history(net.document_id)
    mine = {client for entry in history for write in entry.writes if write.principal == "alice"
            for client in guard.scan(write.update).inserts}  # fmt: skip
    assert mine == {net.people["alice"].doc.client_id}
    assert fold.replay(None, tuple(history)).get_update() == net.on_disk().get_update()
