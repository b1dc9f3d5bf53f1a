"""uvicorn's WebSocket, with a way past ASGI for who asks for it: frames go to the socket, and come from it, at once.

ASGI hops through a queue, a task and a dictionary for each message, and stops and starts the reading of the socket:
more than all the rest of the work with a keystroke. An application that finds LINE in its scope may take the line
instead, after it has accepted. What it must not know: documents, and models, for a worker process
loads it before Django is set up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from collab.ports import LINE

Hear = Callable[[Mapping[str, Any]], None]


class LineProtocol(WebSocketsSansIOProtocol):
    """Implements collab.ports.Line."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.messages = Queue()
        self.queue = self.messages  # type: ignore[assignment]  # all that the base class does with it

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.conn.handshake_exc is None:
            extensions: dict[str, Any] = cast("dict[str, Any]", self.scope["extensions"])
            extensions[LINE] = self

    def put(self, wire: bytes) -> bool:
        """Write whole frames to the socket. False if what was written before still waits, or nobody is there."""
        if not self.writable.is_set() or self.close_sent or self.disconnected:
            return False
        self.transport.write(wire)
        return True

    def listen(self, hear: Hear) -> None:
        """From now on `hear` is called with every message that ASGI's `receive` would answer. It must not raise."""
        self.messages.hand_over(hear)
        self.request = self.response = None  # type: ignore[assignment]  # an idle connection keeps little
        self.scope["headers"] = []
        self.go_on()

    def hold(self) -> None:
        """Let what comes next wait in the network. What has been read already is heard all the same."""
        self.transport.pause_reading()

    def go_on(self) -> None:
        """Read on."""
        self.read_paused = True  # the base class pauses after each message, unless it thinks it has
        if not self.transport.is_closing():
            self.transport.resume_reading()


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
