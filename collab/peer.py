"""One connection to one document: what it may do, what it still has to be sent, and how far its words are saved.

Knows nothing of sockets. What the room sends goes straight into the peer's line, if it has one that has room; otherwise
into the outbox, without ever waiting, and whoever owns the socket takes it out at the speed the other side reads. A
peer that falls too far behind is closed and comes back with a fresh sync.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from collab.errors import CollabError, Malformed, TooLarge, TooSlow
from collab.framing import Frame
from collab.pace import REFUSED, Meter, Purse
from collab.ports import Grant, Line

OUTBOX_BYTES = 4 * 1024 * 1024
OUTBOX_FRAMES = 2048
UNSAVED_BYTES = 4 * 1024 * 1024  # a peer with so much waiting for the disk is not read until it is there
UNSAVED_FRAMES = 128


class Bell:
    """Somebody waits for it to ring. Costs next to nothing while it hangs there, where an asyncio.Event has a deque."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: asyncio.Future[None] | None = None

    async def wait(self) -> None:
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.get_running_loop().create_future()
        await self._waiting

    def ring(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class Peer:
    """A connection. `is_page` says whether it speaks scriptorium.v1 and takes our own frames and fragments."""

    __slots__ = (
        "_bytes",
        "_calm",
        "_line",
        "_outbox",
        "_put",
        "_unsaved_bytes",
        "_wake",
        "asked",
        "closed",
        "grant",
        "is_page",
        "mended",
        "meter",
        "received",
        "unsaved",
    )

    def __init__(self, grant: Grant, *, is_page: bool = True, line: Line | None = None) -> None:
        self.grant = grant
        self.is_page = is_page
        self.meter = Meter(Purse(time.monotonic))  # the hub gives it one with its principal's
        self.closed: CollabError | None = None
        self.received = 0  # step 2 and update frames taken in so far
        self.unsaved = 0  # how many of them are looked at now, or wait for the disk
        # One of them was refused: receipts begin with the frame that mended it. None: no step 2 has been accepted yet.
        self.mended: int | None = 0
        self.asked: bytes | None = None  # the state vector of its latest step 1, while that waits for an answer
        self._line = line
        # The way past the outbox, as long as nothing must go before what is shown next.
        self._put: Callable[[bytes], bool] | None = line.put if line else None
        self._outbox: list[Frame] = []
        self._bytes = self._unsaved_bytes = 0
        self._wake, self._calm = Bell(), Bell()

    def hold(self, size: int) -> None:
        """One more frame, of `size` bytes, is not on disk yet."""
        self.unsaved += 1
        self._unsaved_bytes += size

    def release(self, size: int) -> None:
        """A frame that was held is on disk, or refused."""
        self.unsaved -= 1
        self._unsaved_bytes -= size
        if self.is_settled:
            self._calm.ring()

    @property
    def is_settled(self) -> bool:
        """Whether its next frame may be looked at: not while too much of it waits for the disk."""
        return self.closed is not None or (self.unsaved < UNSAVED_FRAMES and self._unsaved_bytes < UNSAVED_BYTES)

    async def settled(self) -> None:
        """Return once that is so."""
        while not self.is_settled:
            await self._calm.wait()

    def send(self, payload: bytes | str) -> None:
        """Send a binary frame or a text frame to this peer alone."""
        self.show(Frame(payload))

    def show(self, frame: Frame) -> None:
        """Send a message that others get as well; a peer whose outbox is past its bounds is closed instead."""
        if self._put is None or not self._put(frame.wire):
            self._queue(frame)

    def _queue(self, frame: Frame) -> None:
        if self.closed:
            return
        self._put = None
        if self._outbox and (self._bytes + len(frame) > OUTBOX_BYTES or len(self._outbox) >= OUTBOX_FRAMES):
            self._outbox.clear()
            self.close(TooSlow("The connection is too slow for this document: it is opened again."))
            return
        self._outbox.append(frame)
        self._bytes += len(frame)
        self._wake.ring()

    def close(self, reason: CollabError) -> None:
        """End the connection after what is queued. The first reason stands."""
        if not self.closed:
            self.closed = reason
            self._put = None
            self._wake.ring()
            self._calm.ring()

    def refuse(self, reason: CollabError, cost: float = REFUSED) -> None:
        """End the connection; for what no honest client sends, its principal pays."""
        if isinstance(reason, Malformed | TooLarge):
            self.meter.fine(cost)
        self.close(reason)

    async def take(self) -> list[bytes | str]:
        """All that waits, at least one message; an empty list once the peer is closed and nothing is left.

        Until the next call nothing goes past what was taken.
        """
        while not self._outbox:
            if self.closed:
                return []
            self._put = self._line.put if self._line else None
            await self._wake.wait()
        return self.take_now()

    @property
    def waiting(self) -> tuple[int, int]:
        """What it has not taken yet: frames and bytes."""
        return len(self._outbox), self._bytes

    def take_now(self) -> list[bytes | str]:
        payloads = [frame.payload for frame in self._outbox]
        self._outbox.clear()
        self._bytes = 0
        return payloads
