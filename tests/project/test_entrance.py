"""The door of the server: everybody gets in, one at a time, and those inside are served meanwhile."""

from __future__ import annotations

import asyncio
import errno
import resource
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from typing import cast

import pytest

from project import entrance
from project.entrance import PAUSE_SECONDS, Entrance, Loop
from tests.support.until import until_async

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": Loop}


class Guest(asyncio.Protocol):
    def __init__(self, inside: list[asyncio.WriteTransport]) -> None:
        self._inside = inside

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        guest = cast("asyncio.WriteTransport", transport)
        guest.write(b"welcome")
        self._inside.append(guest)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        yield listener


@pytest.fixture
async def inside() -> AsyncIterator[list[asyncio.WriteTransport]]:
    transports: list[asyncio.WriteTransport] = []
    yield transports
    for transport in transports:
        transport.abort()
    await asyncio.sleep(0.01)  # it takes a turn of the loop


async def open_at(listener: socket.socket, inside: list[asyncio.WriteTransport]) -> Entrance:
    server = await asyncio.get_running_loop().create_server(lambda: Guest(inside), sock=listener)
    assert isinstance(server, Entrance)
    return server


Crowd = Callable[[int], list[socket.socket]]


@pytest.fixture
def crowd(listener: socket.socket) -> Iterator[Crowd]:
    """So many connections that wait at the door."""
    with ExitStack() as everybody:
        yield lambda count: [
            everybody.enter_context(socket.create_connection(listener.getsockname())) for _ in range(count)
        ]


async def test_many_get_in_one_at_a_time(
    listener: socket.socket, crowd: Crowd, inside: list[asyncio.WriteTransport]
) -> None:
    waiting, turns, most = crowd(64), 0, 0
    clock = asyncio.get_running_loop().time  # pauses are counted by it, in whole milliseconds
    began = clock()  # the first may be in before the door says that it is open
    server = await open_at(listener, inside)
    while len(inside) < len(waiting) and clock() < began + 5:
        before = len(inside)
        await asyncio.sleep(0)
        turns, most = turns + 1, max(most, len(inside) - before)
    assert len(inside) == len(waiting)
    assert most == 1
    assert turns >= len(waiting), "others have had their turns meanwhile"
    assert round(clock() - began, 6) >= (len(waiting) - 1) * PAUSE_SECONDS, "and time of their own"
    server.close()


async def test_who_is_short_of_file_descriptors_takes_a_breath(
    listener: socket.socket, crowd: Crowd, inside: list[asyncio.WriteTransport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "BREATH_SECONDS", 0.1)
    waiting = crowd(3)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    server = await open_at(listener, inside)
    resource.setrlimit(resource.RLIMIT_NOFILE, (waiting[-1].fileno() + 1, hard))
    try:
        with pytest.raises(OSError, match="Too many open files") as failure:
            socket.socket()
        assert failure.value.errno == errno.EMFILE
        await asyncio.sleep(0.05)
        assert not inside
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    await until_async(lambda: len(inside) == len(waiting), "all are in")
    server.close()


async def test_a_closed_door_lets_nobody_in(
    listener: socket.socket, crowd: Crowd, inside: list[asyncio.WriteTransport]
) -> None:
    server = await open_at(listener, inside)
    assert server.is_serving()
    server.close()
    server.close()
    (late,) = crowd(1)
    await server.wait_closed()
    await asyncio.sleep(0.05)
    assert not inside
    assert not server.is_serving()


async def test_who_is_gone_before_it_was_let_in_troubles_nobody(
    listener: socket.socket, crowd: Crowd, inside: list[asyncio.WriteTransport]
) -> None:
    for each in crowd(5):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # closed with a reset
        each.close()
    server = await open_at(listener, inside)
    (honest,) = crowd(1)
    honest.setblocking(False)
    async with asyncio.timeout(5):
        assert await asyncio.get_running_loop().sock_recv(honest, 7) == b"welcome"
    server.close()
    await server.wait_closed()
