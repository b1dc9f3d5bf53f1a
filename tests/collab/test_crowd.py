"""Many people in one document: what is told about them must not grow with the square of their number."""

from __future__ import annotations

from zlib import crc32

import pytest

from collab import protocol
from collab.peer import Peer
from tests.support.network import Network

CROWD = 100


async def _come(net: Network, name: str) -> Peer:
    peer = Peer(net.pages.grant(name))
    room = await net.hubs[0].join(net.document_id, peer)
    await room.receive(peer, protocol.awareness([protocol.ClientState(crc32(name.encode()), 1, {"cursor": None})]))
    return peer


def test_a_crowd_that_comes_at_once_is_told_in_a_few_fragments() -> None:
    net = Network("alice")
    net.wait(2)
    so_far = len(net.people["alice"].frames)
    for number in range(CROWD):
        net.do(_come(net, f"person{number}"))
        net.wait(0.01)
    net.wait(2)
    told = [frame for frame in net.people["alice"].frames[so_far:] if str(frame).startswith("presence@")]
    assert 1 <= len(told) <= 20
    assert all(f"Person{number}" in str(told[-1]) for number in range(CROWD))
    net.end()


def test_a_caret_that_moves_changes_nobody_who_is_here() -> None:
    net = Network("alice", "bob")
    room = net.do(net.hubs[0].room(net.document_id))
    peer = net.do(_come(net, "carol"))
    net.wait(1)
    so_far = len(net.people["alice"].frames)
    for clock in range(2, 30):
        moved = protocol.ClientState(crc32(b"carol"), clock, {"cursor": {"anchor": clock}})
        net.do(room.receive(peer, protocol.awareness([moved])))
        net.wait(0.1)
    heard = net.people["alice"].frames[so_far:]
    assert not [frame for frame in heard if isinstance(frame, str)]
    assert len([frame for frame in heard if isinstance(frame, bytes) and frame[0] == protocol.AWARENESS]) >= 20
    net.end()


def test_what_a_crowd_writes_gathers_from_the_first_that_comes_unless_that_came_into_silence() -> None:
    net = Network("alice")
    for number in range(CROWD):
        net.do(_come(net, f"person{number}"))
    room = net.do(net.hubs[0].room(net.document_id))

    async def gap() -> float:
        return room.gap_seconds()

    net.wait(1)
    net.latency = 0
    assert net.do(gap()) == 0, "nobody has written for a while"
    before = net.log.history(net.document_id)[-1].seq
    net.type("alice", "a")
    while room.replica.seq == before:
        net.wait(0.001)
    pause = net.do(gap())
    assert pause == pytest.approx(0.0000375 * (CROWD + 1))
    net.wait(2 * pause)  # the tick after it could have begun
    net.type("alice", "b")
    net.wait(pause / 2)
    net.type("alice", "c")
    net.wait(1)
    assert [len(entry.writes) for entry in net.log.history(net.document_id)[before:]] == [1, 2]
    assert net.converged() == "abc"
    assert net.do(gap()) == 0
    net.end()
