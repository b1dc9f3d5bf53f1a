"""The server's end of a connection: uvicorn's protocols, bounded where these trust the other side.

Here are limits of bytes and seconds alone: who somebody is, and what they may cost, is not known yet, or not here.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from collab.errors import TooFast
from project.line import LineProtocol

HEAD_SECONDS, HEAD_BYTES = 10.0, 64 * 1024  # for a request's first line and headers
BODY_SECONDS = 120.0
UNREAD_SECONDS = 120.0  # in which whoever is given an answer must have taken some of it
SILENT, HURRY_SECONDS = 512, 2.0  # connections of one address that have asked nothing yet; those beyond must hurry
# Of what has come by a WebSocket a piece is read, and more only while the turn lasts; then others have theirs.
PIECE, TURN_SECONDS = 512, 0.001  # bytes: some twenty keystrokes
FRAGMENTS = 1024  # of one message
CONTROLS, CONTROL_SECONDS = 100, 0.2  # pings and pongs at once, and the time in which one more is allowed
LINGER_SECONDS = 2.0  # for the other side to see why it was ended: closed at once, it would see a broken connection
MESSAGE_TOO_BIG = 1009

_silent: Counter[str] = Counter()


class Turnstile:
    """One at a time, and between two of them whatever else the loop has to do: so nobody waits for all that come."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()

    def wait(self, loop: asyncio.AbstractEventLoop, enter: Callable[[], None]) -> None:
        """`enter` is called when its turn has come."""
        if not self._waiting:
            loop.call_soon(self._turn, loop)
        self._waiting.append(enter)

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._waiting[0]()
        finally:
            self._waiting.popleft()
            if self._waiting:
                loop.call_soon(self._turn, loop)


_handshakes = Turnstile()


class Requests(HttpToolsProtocol):
    """HTTP: who begins a request must finish it in time, and nobody holds connections without asking anything."""

    _deadline: asyncio.TimerHandle | None = None
    _head = 0  # bytes of headers so far
    _counted_as = ""
    _look: asyncio.TimerHandle | None = None  # while the other side is behind

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._counted_as = self.client[0] if self.client else "?"
        _silent[self._counted_as] += 1
        self._finish_within(HEAD_SECONDS if _silent[self._counted_as] <= SILENT else HURRY_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._finish_within(None)
        self._look_no_more()
        self._has_spoken()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._head += len(data)
        if self._head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers of this request are too long.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head = 0
        if self._deadline is None:
            self._finish_within(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        self._head = -(1 << 62)  # what comes now is a body, which Django bounds
        self._has_spoken()
        self._finish_within(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._finish_within(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._finish_within(None)
        self._look_no_more()
        self.transport.pause_reading()
        _handshakes.wait(self.loop, self._upgrade)

    def _upgrade(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()
            super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look_later()

    def resume_writing(self) -> None:
        self._look_no_more()
        super().resume_writing()

    def _look_later(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self._look = self.loop.call_later(UNREAD_SECONDS, self._look_at, unread)

    def _look_at(self, unread: int) -> None:
        """Nothing is written while it is behind: whoever has taken none of it since does not read."""
        if self.transport.get_write_buffer_size() < unread:
            self._look_later()
        else:
            self.transport.abort()

    def _look_no_more(self) -> None:
        if self._look is not None:
            self._look.cancel()

    def _finish_within(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.transport.abort) if seconds else None

    def _has_spoken(self) -> None:
        if self._counted_as:
            _silent[self._counted_as] -= 1
            if not _silent[self._counted_as]:
                del _silent[self._counted_as]
            self._counted_as = ""


class Sockets(LineProtocol):
    """WebSockets: what has come is read a piece at a time, between which everybody else is served."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._rest = bytearray()  # has come, but not been read; while there is any, no more is taken in
        self._is_held = False
        self._is_reading = False  # the next piece's turn will come
        self._controls = 0.0
        self._has_failed = False
        self._heard = 0.0

    def data_received(self, data: bytes) -> None:
        self._heard = self.loop.time()
        if self._has_failed:
            return
        if not self._rest and len(data) <= PIECE:
            super().data_received(data)
            return
        self._rest += data
        self.transport.pause_reading()
        self._read_soon()

    def _read_soon(self) -> None:
        if self._rest and not self._is_reading:
            self._is_reading = True
            self.loop.call_soon(self._read_on)

    def _read_on(self) -> None:
        self._is_reading = False
        end = time.perf_counter() + TURN_SECONDS
        while not (self._has_failed or self.transport.is_closing() or self._must_wait):
            piece = bytes(self._rest[:PIECE])
            del self._rest[:PIECE]
            super().data_received(piece)
            if not self._rest or time.perf_counter() > end:
                break
        if not self._must_wait:
            self._want_more()

    @property
    def _must_wait(self) -> bool:
        """Whether the application has not come to what it was given."""
        return self._is_held if self.messages.is_heard else self.read_paused

    def _want_more(self) -> None:
        if self._rest:
            self._read_soon()
        elif not self.transport.is_closing():
            self.transport.resume_reading()

    async def receive(self) -> Any:
        message = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            self._want_more()
        return message

    def hold(self) -> None:
        self._is_held = True
        super().hold()

    def go_on(self) -> None:
        self._is_held = False
        self.read_paused = True  # as in the base class
        self._want_more()

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.close":
            # Nobody listens any more. What still comes is thrown away, up to the other side's own farewell.
            self._is_held = self.read_paused = False
            self._want_more()

    def keepalive_timeout(self) -> None:
        """The answer to a ping is late. It may stand behind much that we have not come to: who still sends is alive."""
        patience = self.ping_timeout or 0.0
        if self._rest or self._must_wait or self.loop.time() - self._heard < patience:
            self.pong_timer = self.loop.call_later(patience, self.keepalive_timeout)
        else:
            super().keepalive_timeout()

    def handle_cont(self, event: Any) -> None:
        if len(self.frames) >= FRAGMENTS:
            self._end(MESSAGE_TOO_BIG, "A message may come in 1024 pieces.")
        else:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self._may_control():
            super().handle_ping()

    def handle_pong(self, event: Any) -> None:
        if self._may_control():
            super().handle_pong(event)

    def _may_control(self) -> bool:
        now = self.loop.time()
        self._controls = max(self._controls, now - CONTROLS * CONTROL_SECONDS) + CONTROL_SECONDS
        if self._controls > now:
            self._end(TooFast.code, "Too many pings.")
        return not self.close_sent

    def _end(self, code: int, reason: str) -> None:
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        self._has_failed = self.close_sent = True
        self._rest.clear()
        self.frames = []
        self.queue.put_nowait({"type": "websocket.disconnect", "code": MESSAGE_TOO_BIG})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
