"""The load generator: one loop for all connections, on a core of its own, that knows when it was itself too slow.

Observers are looked at before the crowd and again between any 64 of it, so that the time at which they hear something
is not the time at which a thousand others have been read.
"""

from __future__ import annotations

import gc
import select
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.dialects import Seat
from benchmarks.observers import Key
from benchmarks.script import Line
from benchmarks.sockets import Client, framed

_AT_ONCE = 64  # how many of the crowd are read before the observers are looked at again
_JOINING = 32  # how many are on their way in at a time
_JOIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """An edit to be sent: `due` in seconds after the start, by a client, as a finished frame; `key` names the edit."""

    due: float
    client: Client
    frame: bytes
    key: Key


@dataclass(frozen=True, slots=True)
class Strain:
    """How the generator itself fared: its share of a core, and how late it sent (seconds, 99 of 100)."""

    cpu: float
    late: float

    @property
    def is_too_much(self) -> bool:
        return self.cpu > 0.9 or self.late > 0.01


class Crowd:
    """Everybody who is connected."""

    def __init__(self) -> None:
        self.clients: dict[int, Client] = {}
        self._all = select.epoll()
        self._observers = select.epoll()
        self._all.register(self._observers.fileno(), select.EPOLLIN)

    def join(self, seats: Sequence[Seat], observers: frozenset[int] = frozenset()) -> list[Client]:
        """Connect one client per seat; those at the indexes `observers` keep what they hear.

        Returns once all are in. Raises ConnectionError or TimeoutError when the server does not let somebody in.
        """
        joined: list[Client] = []
        deadline = time.monotonic() + _JOIN_SECONDS
        is_out: list[Client] = []
        for index, seat in enumerate(seats):
            while len(is_out := [client for client in is_out if not client.is_in]) >= _JOINING:
                self._turn_in_time(is_out, deadline)
            client = Client(seat.port, seat.request, seat.greeting(), seat.is_welcome)
            client.is_observer = index in observers
            self._add(client)
            joined.append(client)
            is_out.append(client)
        while is_out := [client for client in is_out if not client.is_in]:
            self._turn_in_time(is_out, deadline)
        return joined

    def _turn_in_time(self, waiting: Sequence[Client], deadline: float) -> None:
        if ended := next((client.ended for client in waiting if client.ended), ""):
            raise ConnectionError(f"The server did not let a client in: {ended}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(waiting)} clients are still not in after {_JOIN_SECONDS:.0f} s.")
        self.turn(0.1)

    def _add(self, client: Client) -> None:
        fd = client.socket.fileno()
        self.clients[fd] = client
        (self._observers if client.is_observer else self._all).register(fd, select.EPOLLIN)

    def turn(self, patience: float) -> None:
        """Read what has come; wait for that at most `patience` seconds, if there is nothing yet."""
        clients, front = self.clients, self._observers.fileno()
        ready = self._all.poll(patience, _AT_ONCE)
        for fd, _ in self._observers.poll(0):
            self._read(clients[fd])
        for fd, _ in ready:
            if fd != front:
                self._read(clients[fd])

    def _read(self, client: Client) -> None:
        client.read()
        if client.ended:
            (self._observers if client.is_observer else self._all).unregister(client.socket.fileno())

    def listen(self, seconds: float) -> None:
        """Read for so long, and send nothing."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.turn(left)

    def flush(self) -> None:
        """Send what the server had not taken at once."""
        for client in self.clients.values():
            client.flush()

    @property
    def ended(self) -> list[str]:
        """Why connections have been lost."""
        return [client.ended for client in self.clients.values() if client.ended]

    @property
    def frames(self) -> int:
        return sum(client.frames for client in self.clients.values())

    @property
    def size(self) -> int:
        """Bytes heard so far."""
        return sum(client.size for client in self.clients.values())

    def close(self) -> None:
        for client in self.clients.values():
            client.close()
        self._observers.close()
        self._all.close()


class Performance:
    """Strokes being sent in their time, with everybody listening. `sent` says when each was."""

    def __init__(self, crowd: Crowd, strokes: Sequence[Stroke]) -> None:
        self.sent: dict[Key, float] = {}
        self._crowd = crowd
        self._strokes = sorted(strokes, key=lambda stroke: stroke.due)

    def play(self, *, warm_up: float, seconds: float, on_window: Callable[[], None]) -> Strain:
        """Send everything; `on_window` is called when the window to be measured begins and when it ends."""
        gc.collect()
        gc.freeze()
        gc.disable()
        try:
            begin = time.perf_counter() + 0.1
            self._until(begin, begin + warm_up)
            on_window()
            cpu, lateness = time.process_time(), self._until(begin, begin + warm_up + seconds)
            on_window()
            self._send_the_rest()
            return Strain((time.process_time() - cpu) / seconds, sorted(lateness)[int(len(lateness) * 0.99)])
        finally:
            gc.enable()
            gc.unfreeze()

    def _send_the_rest(self) -> None:
        """What was due, but came too late for the window: in the end everything has been sent."""
        for stroke in self._strokes[len(self.sent) :]:
            self.sent[stroke.key] = time.perf_counter()
            stroke.client.send(stroke.frame)

    def _until(self, begin: float, end: float) -> list[float]:
        """Play what is due before `end`; answers how late each stroke was."""
        lateness, strokes, at = [], self._strokes, len(self.sent)
        turn = self._crowd.turn
        while (now := time.perf_counter()) < end:
            while at < len(strokes) and begin + strokes[at].due <= now:
                stroke = strokes[at]
                at += 1
                self.sent[stroke.key] = now = time.perf_counter()
                stroke.client.send(stroke.frame)
                lateness.append(now - begin - stroke.due)
            next_due = begin + strokes[at].due if at < len(strokes) else end
            turn(max(0.0, min(next_due, end) - time.perf_counter()))
        return lateness


def strokes(line: Line, times: Sequence[float], seat: Seat, client: Client) -> list[Stroke]:
    """One writer's part of the load."""
    return [
        Stroke(due, client, framed(seat.update(update)), (seat.document, line.client_id, number))
        for number, (update, due) in enumerate(zip(line.updates, times, strict=True))
    ]
