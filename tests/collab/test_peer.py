"""In which order a peer hears what it is shown, whichever way that goes: straight to the wire, or by the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import pytest

from collab.errors import Left
from collab.framing import BINARY, framed
from collab.peer import Peer
from tests.support.plain_pages import PlainPages

pytestmark = pytest.mark.anyio


class Wire:
    """A line that takes what it is given as long as it has room."""

    def __init__(self) -> None:
        self.has_room = True
        self.heard: list[bytes] = []

    def put(self, wire: bytes) -> bool:
        if self.has_room:
            self.heard.append(wire)
        return self.has_room

    def listen(self, hear: Callable[[Mapping[str, Any]], None]) -> None: ...

    def hold(self) -> None: ...

    def go_on(self) -> None: ...

    def stay(self, rest: Coroutine[Any, Any, None]) -> None: ...


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def peer(wire: Wire) -> Peer:
    return Peer(PlainPages().grant("alice"), line=wire)


def straight(*payloads: bytes) -> list[bytes]:
    return [framed(BINARY, payload) for payload in payloads]


async def test_what_is_shown_goes_straight_to_a_wire_with_room(peer: Peer, wire: Wire) -> None:
    peer.send(b"one")
    peer.send(b"two")
    assert wire.heard == straight(b"one", b"two")
    assert peer.waiting == (0, 0)


async def test_nothing_goes_past_what_waits(peer: Peer, wire: Wire) -> None:
    wire.has_room = False
    peer.send(b"one")
    wire.has_room = True
    peer.send(b"two")
    assert (wire.heard, peer.waiting) == ([], (2, 6))
    assert await peer.take() == [b"one", b"two"]


async def test_nothing_goes_past_what_is_being_sent(peer: Peer, wire: Wire) -> None:
    wire.has_room = False
    peer.send(b"one")
    wire.has_room = True
    assert await peer.take() == [b"one"]
    peer.send(b"two")
    assert wire.heard == []
    assert await peer.take() == [b"two"]


async def test_the_way_is_free_again_once_all_has_been_sent(peer: Peer, wire: Wire) -> None:
    wire.has_room = False
    peer.send(b"one")
    wire.has_room = True
    assert await peer.take() == [b"one"]
    more = asyncio.create_task(peer.take())
    await asyncio.sleep(0)
    peer.send(b"two")
    assert wire.heard == straight(b"two")
    peer.close(Left("Gone."))
    assert await more == []


async def test_nothing_goes_to_a_peer_that_is_closed(peer: Peer, wire: Wire) -> None:
    peer.close(Left("Gone."))
    peer.send(b"one")
    assert (wire.heard, peer.waiting) == ([], (0, 0))
