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
REPEAT_SECONDS = 10.0  # other processes may have missed something, and forget after three times as long
Publish = Callable[[bytes, str], None]


class Carets:
    """`show` sends a frame to every peer, `publish` an awareness payload to the other processes, or to one of them."""

    def __init__(self, *, show: Callable[[bytes], None], publish: Publish, on_people: Callable[[], None]) -> None:
        self._presence = Presence()
        self._moved: dict[int, protocol.ClientState] = {}
        self._untold: set[int] = set()  # which of them the other processes are to hear of
        self._repeated = _now()
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
        now = _now()
        with self._watching_people():
            self._move(self._presence.expire(now), publish=False)
        local = self._presence.states(local_only=True)
        if local and now - self._repeated >= REPEAT_SECONDS:
            self._repeated = now
            self._publish(protocol.encode_awareness(local), "")

    def answer(self, to: str) -> None:
        """Tell one other process who is here, even if that is nobody."""
        self._publish(protocol.encode_awareness(self._presence.states(local_only=True)), to)

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
            asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self.flush)
        self._moved.update((state.client_id, state) for state in states)
        if publish:
            self._untold.update(state.client_id for state in states)

    def flush(self) -> None:
        """Send round what has moved."""
        moved, self._moved = self._moved, {}
        ours, self._untold = [moved[client_id] for client_id in self._untold], set()
        if moved:
            self._show(protocol.awareness(moved.values()))
        if ours:
            self._publish(protocol.encode_awareness(ours), "")


def _now() -> float:
    return asyncio.get_running_loop().time()
