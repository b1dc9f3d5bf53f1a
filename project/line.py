"""uvicorn's WebSocket, with a way past ASGI for who asks for it: frames go to the socket, and come from it, at once.

ASGI hops through a queue, a task and a dictionary for each message, and stops and starts the reading of the socket:
more than all the rest of the work with a keystroke. An application that finds LINE in its scope may take the line
instead, after it has accepted. What it must not know: documents.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from collab.consumers import LINE

Hear = Callable[[Mapping[str, Any]], None]


class LineProtocol(WebSocketsSansIOProtocol):
    """Implements collab.ports.Line."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.queue: Queue = Queue()

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
        while not self.queue.empty():
            hear(self.queue.get_nowait())
        self.queue.hear = hear
        self.go_on()

    def hold(self) -> None:
        """Let what comes next wait in the network. What has been read already is heard all the same."""
        self.transport.pause_reading()

    def go_on(self) -> None:
        """Read on."""
        self.read_paused = True  # the base class pauses after each message, unless it thinks it has
        if not self.transport.is_closing():
            self.transport.resume_reading()


class Queue(asyncio.Queue[Any]):
    """Where uvicorn puts what comes in, which is handed on at once when somebody hears."""

    hear: Hear | None = None

    def put_nowait(self, item: Any) -> None:
        if self.hear:
            self.hear(item)
        else:
            super().put_nowait(item)
