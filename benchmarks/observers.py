"""What somebody saw and when: an observer's frames put into a real document, after the clock has stopped.

An edit counts as seen with the frame after which the document's state vector has it, however edits were packed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.dialects import Seat
from benchmarks.script import document, text_of
from benchmarks.sockets import Client
from collab.protocol import decode_state_vector

Key = tuple[str, int, int]
"""An edit: its document, its writer's client id, its number there."""


class Observer:
    """`seen` says at what time each edit was there (of the clock of `time.perf_counter`)."""

    def __init__(self, client: Client, seat: Seat) -> None:
        self.seen: dict[Key, float] = {}
        self.client = client
        self.seat = seat
        self.doc = document()
        self._clocks: dict[int, int] = {}
        self._read = 0

    def catch_up(self) -> None:
        """Understand what has been heard since."""
        heard = self.client.heard
        for at, message in heard[self._read :]:
            update = self.seat.update_in(message)
            if update is not None:
                self.doc.apply_update(update)
                self._note(at)
        self._read = len(heard)

    def _note(self, at: float) -> None:
        for writer, clock in decode_state_vector(self.doc.get_state()).items():
            for number in range(self._clocks.get(writer, 0), clock):
                self.seen[self.seat.document, writer, number] = at
            self._clocks[writer] = clock

    def has(self, clocks: Mapping[int, int]) -> bool:
        return all(self._clocks.get(writer, 0) >= clock for writer, clock in clocks.items())

    @property
    def text(self) -> str:
        return text_of(self.doc)


def everybody_has(observers: Iterable[Observer], clocks: Mapping[int, int]) -> bool:
    """Whether all have so many edits of each writer, once they have caught up."""
    for observer in observers:
        observer.catch_up()
    return all(observer.has(clocks) for observer in observers)
