"""Where connections come in: one at a time, with a pause in between, however many wait at the door.

uvloop accepts all that wait in one go, at a tenth of a millisecond each, and everybody else's words stand still until
the last is in. Nor may a crowd that is sent away and comes again keep the server busy with nothing else: a stranger
takes a millisecond in all. What waits here waits in the kernel, where it costs nothing.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Any

import uvloop

PAUSE_SECONDS = 0.004  # after each who is let in: 250 a second
BREATH_SECONDS = 1.0  # when there is no file descriptor or memory for one more
_SHORT_OF_BREATH = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Loop(uvloop.Loop):
    """uvloop, but who is given a listening socket lets its connections in one at a time."""

    async def create_server(  # type: ignore[override]  # uvicorn gives sockets that listen already, and no TLS
        self, factory: Callable[[], asyncio.Protocol], *, sock: socket.socket, **_: Any
    ) -> Entrance:
        return Entrance(self, factory, sock)


class Entrance:
    """Lets in whoever comes to `listener`, until it is closed: as much of an asyncio.Server as uvicorn asks for."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, factory: Callable[[], asyncio.Protocol], listener: socket.socket
    ) -> None:
        self._loop = loop
        self._factory = factory
        self._listener = listener
        self._entering: set[asyncio.Task[Any]] = set()
        self._is_closed = False
        listener.setblocking(False)
        self._open()

    def _open(self) -> None:
        if not self._is_closed:
            self._loop.add_reader(self._listener.fileno(), self._let_in)

    def _let_in(self) -> None:
        try:
            connection, _address = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # nobody any more, or another process was faster
            return
        except OSError as error:
            if error.errno not in _SHORT_OF_BREATH:
                raise
            self._shut_for(BREATH_SECONDS)
            return
        connection.setblocking(False)
        entering = self._loop.create_task(self._loop.connect_accepted_socket(self._factory, connection))
        self._entering.add(entering)
        entering.add_done_callback(self._entered)
        self._shut_for(PAUSE_SECONDS)

    def _shut_for(self, seconds: float) -> None:
        self._loop.remove_reader(self._listener.fileno())
        self._loop.call_later(seconds, self._open)

    def _entered(self, entering: asyncio.Task[Any]) -> None:
        self._entering.discard(entering)
        if not entering.cancelled():
            entering.exception()  # who has gone again is nobody's trouble

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._loop.remove_reader(self._listener.fileno())

    async def wait_closed(self) -> None:
        """Everybody who was let in is inside; how they leave is not the door's matter."""
        if self._entering:
            await asyncio.wait(self._entering)

    def is_serving(self) -> bool:
        return not self._is_closed
