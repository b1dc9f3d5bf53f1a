"""The traffic of presence in one room: who comes, moves and goes, told to peers and to the other processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from collab import protocol
from collab.peer import Peer
from collab.ports import Grant, Person
from collab.presence import Presence

TOGETHER_SECONDS = 0.05  # carets that move within this time travel in one frame


class Carets:
    """`show` sends a frame to every peer, `publish` an awareness payload to the other processes."""

    def __init__(
        self, *, show: Callable[[bytes], None], publish: Callable[[bytes], None], on_people: Callable[[], None]
    ) -> None:
        self._presence = Presence()
        self._moved: dict[int, protocol.ClientState] = {}
        self._show = show
        self._publish = publish
        self._on_people = on_people

    def people(self) -> Sequence[Person]:
        return self._presence.people()

    def frame(self) -> bytes | None:
        """Everybody's state, for who has just come or asks; None when nobody is here."""
        states = self._presence.states()
        return protocol.awareness(states) if states else None

    def announce(self, peer: Peer, states: Iterable[protocol.ClientState]) -> None:
        with self._watching_people():
            self._move(self._presence.announce(peer, peer.grant, states, _now()))

    def restamp(self, peer: Peer, grant: Grant) -> None:
        with self._watching_people():
            self._move(self._presence.restamp(peer, grant))

    def leave(self, peer: Peer) -> None:
        with self._watching_people():
            self._move(self._presence.leave(peer))

    def hear(self, payload: bytes) -> None:
        """Another process tells of its peers."""
        with self._watching_people():
            self._move(self._presence.hear(protocol.decode_awareness(payload), _now()), publish=False)

    def beat(self) -> None:
        """Repeat our own to the other processes, and drop those of processes that have fallen silent."""
        with self._watching_people():
            self._move(self._presence.expire(_now()), publish=False)
        if local := self._presence.states(local_only=True):
            self._publish(protocol.encode_awareness(local))

    @contextmanager
    def _watching_people(self) -> Iterator[None]:
        before = self._presence.comings
        yield
        if self._presence.comings != before:
            self._on_people()

    def _move(self, states: Sequence[protocol.ClientState], *, publish: bool = True) -> None:
        if not states:
            return
        if not self._moved:
            asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self._flush)
        self._moved.update((state.client_id, state) for state in states)
        if publish:
            self._publish(protocol.encode_awareness(states))

    def _flush(self) -> None:
        moved, self._moved = self._moved, {}
        self._show(protocol.awareness(moved.values()))


def _now() -> float:
    return asyncio.get_running_loop().time()
