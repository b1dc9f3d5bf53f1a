"""uvicorn's WebSocket, with a way past ASGI for who asks for it: frames go to the socket, and come from it, at once.

ASGI hops through a queue, a task and a dictionary for each message, and stops and starts the reading of the socket:
more than all the rest of the work with a keystroke. An application that finds LINE in its scope may take the line
instead, after it has accepted. What it must not know: documents, and models, for a worker process
loads it before Django is set up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode, apply_mask  # type: ignore[attr-defined]  # the mask in C, where there is one
from websockets.http11 import Request
from websockets.protocol import State

from collab.framing import BINARY
from collab.ports import LINE

_HEAD, _MASKED, _LONG = 6, 0x80, 126  # a client's frame: two bytes and its mask; from 126 bytes on its size follows
_SHORT = BINARY, 0x8A  # and a pong, whole
Hear = Callable[[Mapping[str, Any]], None]


class LineProtocol(WebSocketsSansIOProtocol):
    """Implements collab.ports.Line."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.messages = Queue()
        self.queue = self.messages  # type: ignore[assignment]  # all that the base class does with it
        self.writable = Gate()  # type: ignore[assignment]  # likewise
        self._application, self.app = self.app, self._run
        self._staying: Coroutine[Any, Any, None] | None = None
        self._stream: Stream | None = None
        self._has_room = True  # what was written before has gone

    def data_received(self, data: bytes) -> None:
        if self._stream is None:  # the handshake, which uvicorn hands on by itself
            self._stream = Stream()
        elif (payload := self._stream.take(data)) is not None and self._may_hear_at_once:
            said = apply_mask(payload, data[2:6])
            if data[0] == BINARY:
                self.messages.put_nowait({"type": "websocket.receive", "bytes": said})
            else:
                self.handle_pong(Frame(Opcode.PONG, said))
            return
        super().data_received(data)

    @property
    def _may_hear_at_once(self) -> bool:
        is_open = self.conn.state is State.OPEN and not self.close_sent
        return is_open and self.messages.is_heard and not self.conn.expect_continuation_frame

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.conn.handshake_exc is None:
            extensions: dict[str, Any] = cast("dict[str, Any]", self.scope["extensions"])
            extensions[LINE] = self

    def put(self, wire: bytes) -> bool:
        """Write whole frames to the socket. False if what was written before still waits, or nobody is there."""
        if not self._has_room or self.close_sent or self.disconnected:
            return False
        self.transport.write(wire)
        return True

    def pause_writing(self) -> None:
        self._has_room = False
        super().pause_writing()

    def resume_writing(self) -> None:
        self._has_room = True
        super().resume_writing()

    def listen(self, hear: Hear) -> None:
        """From now on `hear` is called with every message that ASGI's `receive` would answer. It must not raise."""
        self.messages.hand_over(hear)
        self.go_on()

    def stay(self, rest: Coroutine[Any, Any, None]) -> None:
        """When the application returns, run `rest` before the connection is closed.

        An application is a dozen calls deep when it has accepted, each with a scope of its own: some 8 kB that an idle
        connection would keep for nothing.
        """
        self._staying = rest

    async def _run(self, scope: Any, receive: Any, send: Any) -> None:
        await self._application(scope, receive, send)
        rest, self._staying = self._staying, None
        if rest:
            self.request.headers.clear()  # websockets' parser keeps the request as long as the connection is open
            self.request = self.response = None  # type: ignore[assignment]
            scope.clear()
            await rest

    def hold(self) -> None:
        """Let what comes next wait in the network. What has been read already is heard all the same."""
        self.transport.pause_reading()

    def go_on(self) -> None:
        """Read on."""
        self.read_paused = True  # the base class pauses after each message, unless it thinks it has
        if not self.transport.is_closing():
            self.transport.resume_reading()


class Stream:
    """Where in a client's stream of frames we are: so that a short frame that came by itself need not be parsed.

    Nearly all that people type comes so, and all that is heard of who only reads: that they are there. The parser takes
    longer over it than the document does. RFC 6455, 5.2.
    """

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left: int | None = 0  # bytes until the next frame begins; None once a frame's head came in pieces

    def take(self, data: bytes) -> bytes | None:
        """Go on by what has come. The masked payload, if it is just one binary message, or pong, of under 126 bytes."""
        size = len(data) - _HEAD
        if self._left == 0 and 0 < size < _LONG and data[0] in _SHORT and data[1] == _MASKED | size:
            return data[_HEAD:]
        self._go_on(data)
        return None

    def _go_on(self, data: bytes) -> None:
        at = self._left
        while at is not None and at < len(data):
            size = data[at + 1] & 127 if at + 1 < len(data) else 0
            more = {_LONG: 2, _LONG + 1: 8}.get(size, 0)
            if at + 2 + more > len(data):
                at = None
            elif more:
                at += _HEAD + more + int.from_bytes(data[at + 2 : at + 2 + more], "big")
            else:
                at += _HEAD + size
        self._left = None if at is None else at - len(data)


class Queue:
    """Where uvicorn puts what comes in, handed on at once when somebody hears. Lighter than an asyncio.Queue."""

    def __init__(self) -> None:
        self._messages: list[Mapping[str, Any]] = []
        self._hear: Hear | None = None
        self._wanted: asyncio.Future[None] | None = None

    @property
    def is_heard(self) -> bool:
        return self._hear is not None

    def empty(self) -> bool:
        return not self._messages

    def put_nowait(self, message: Mapping[str, Any]) -> None:
        if self._hear:
            self._hear(message)
            return
        self._messages.append(message)
        if self._wanted and not self._wanted.done():
            self._wanted.set_result(None)

    async def get(self) -> Mapping[str, Any]:
        while not self._messages:
            self._wanted = asyncio.get_running_loop().create_future()
            await self._wanted
        return self._messages.pop(0)

    def hand_over(self, hear: Hear) -> None:
        self._hear = hear
        messages, self._messages = self._messages, []
        for message in messages:
            hear(message)


class Gate:
    """As much of an asyncio.Event as uvicorn asks for, open at first. Costs next to nothing while it is open."""

    def __init__(self) -> None:
        self._opening: asyncio.Future[None] | None = None

    def clear(self) -> None:
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_future()

    def set(self) -> None:
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.set_result(None)

    async def wait(self) -> None:
        while self._opening is not None:
            await asyncio.wait([self._opening])
