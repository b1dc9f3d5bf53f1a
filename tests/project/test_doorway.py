"""Connections that trickle, wait, flood or grow: each ends by itself, and says what it was ended for."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from project import doorway
from tests.support.figures import Figure, Length
from tests.support.site import Account, Site
from tests.support.until import until_async
from tests.support.wire import new_document

pytestmark = pytest.mark.anyio

TEXT, BINARY, CONTINUED, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
FINAL = 0x80


@pytest.fixture(scope="module")
def ada(site: Site) -> Account:
    return next(iter(site.enrol("ada")))


@pytest.fixture(scope="module")
def document_id(site: Site, ada: Account) -> str:
    return new_document(site, ada, "Untouched.")


class Raw:
    """A client that sends the bytes it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def frame(self, opcode: int, payload: bytes = b"", *, length: int | None = None) -> None:
        await self.send(frame(opcode, payload, length=length))

    async def rest(self) -> bytes:
        """All that comes until the server ends the connection."""
        async with asyncio.timeout(20):
            try:
                return await self._reader.read()
            except ConnectionResetError:
                return b""

    async def head(self) -> bytes:
        return await self._reader.readuntil(b"\r\n\r\n")


def frame(opcode: int, payload: bytes = b"", *, length: int | None = None) -> bytes:
    """A masked frame (the mask is nothing); `length` is what it claims to have."""
    size = len(payload) if length is None else length
    header = (
        bytes([0x80 | size])
        if size < 126
        else b"\xfe" + struct.pack(">H", size)
        if size < 1 << 16
        else b"\xff" + struct.pack(">Q", size)
    )
    return bytes([opcode]) + header + b"\0\0\0\0" + payload


@asynccontextmanager
async def raw(site: Site) -> AsyncIterator[Raw]:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    try:
        yield Raw(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def opened(site: Site, document_id: str, account: Account, extra: str = "") -> AsyncIterator[Raw]:
    """A WebSocket to a document, without a library that would keep it from misbehaving."""
    async with raw(site) as client:
        await client.send(
            f"GET /ws/documents/{document_id}/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {account.token}\r\n{extra}\r\n".encode()
        )
        head = await client.head()
        assert b" 101 " in head
        assert b"permessage-deflate" not in head
        yield client


def closed_with(data: bytes) -> int:
    """The code of the close frame at the end."""
    at = data.rindex(bytes([FINAL | CLOSE]))
    code: int = struct.unpack(">H", data[at + 2 : at + 4])[0]
    return code


async def test_who_says_nothing_or_trickles_is_ended_in_time(site: Site) -> None:
    async def trickle(client: Raw) -> None:
        while True:
            await client.send(b"X-More: x\r\n")
            await asyncio.sleep(0.5)

    async with raw(site) as silent, raw(site) as slow, raw(site) as second:
        await second.send(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n\r\n".encode())
        assert b" 200 " in await second.head()
        for client in slow, second:
            await client.send(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n".encode())
        trickling = [asyncio.create_task(trickle(client)) for client in (slow, second)]
        began = asyncio.get_running_loop().time()
        for client in silent, slow, second:
            await client.rest()
        assert asyncio.get_running_loop().time() - began < 2 * doorway.HEAD_SECONDS
        for task in trickling:
            task.cancel()


async def test_headers_have_an_end(site: Site) -> None:
    async with raw(site) as client:
        await client.send(b"GET / HTTP/1.1\r\nX: ")
        for _ in range(doorway.HEAD_BYTES // 1024):  # and with what came before, too much
            await client.send(b"x" * 1024)
        assert (await client.rest()).startswith(b"HTTP/1.1 400 ")


async def test_one_address_may_wait_with_so_many_connections_only(site: Site) -> None:
    waiting = [await asyncio.open_connection("127.0.0.1", site.port) for _ in range(doorway.SILENT)]
    async with raw(site) as one_more:
        async with asyncio.timeout(doorway.HEAD_SECONDS / 2):
            assert await one_more.rest() == b""
        assert not any(reader.at_eof() for reader, _ in waiting)
    for _, writer in waiting:
        writer.transport.abort()


@pytest.fixture
async def answering(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[int, asyncio.Future[str]]]:
    """The port of a server with much to say, and patience for little; and what its application hears after that."""
    monkeypatch.setattr(doorway, "UNREAD_SECONDS", 0.5)
    heard = asyncio.get_running_loop().create_future()

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(100):
            await send({"type": "http.response.body", "body": bytes(200_000), "more_body": True})
        await send({"type": "http.response.body"})
        heard.set_result((await receive())["type"])

    config = Config(answer, lifespan="off", log_config=None, access_log=False)
    config.load()
    made = partial(doorway.Requests, config=config, server_state=ServerState(), app_state={})
    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


async def test_who_does_not_read_an_answer_is_ended_and_who_reads_slowly_is_not(
    answering: tuple[int, asyncio.Future[str]],
) -> None:
    port, heard = answering
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    taken = 0
    for _ in range(12):  # 2.4 seconds
        await asyncio.sleep(0.2)
        taken += len(await reader.readexactly(1_000_000))
    assert not heard.done()
    async with asyncio.timeout(5):
        assert await heard == "http.disconnect"
    assert taken == 12_000_000
    writer.transport.abort()


async def test_between_two_handshakes_others_have_their_turn() -> None:
    seen: list[str] = []
    loop, turnstile = asyncio.get_running_loop(), doorway.Turnstile()
    loop.set_exception_handler(lambda _, context: seen.append(str(context["exception"])))

    def enter() -> None:
        seen.append("one")
        loop.call_soon(seen.append, "others")

    def fail() -> None:
        enter()
        raise ConnectionError("has gone")

    for step in enter, fail, enter:
        turnstile.wait(loop, step)
    await until_async(lambda: len(seen) == 7, "all have passed")
    turnstile.wait(loop, enter)
    await until_async(lambda: len(seen) == 9, "it turns again")
    assert seen == ["one", "others", "one", "has gone", *["others", "one"] * 2, "others"]


FRAMES = {
    "a message of a gigabyte, claimed": ([frame(FINAL | BINARY, b"\0", length=1 << 30)], 1009),
    "a message of a mebibyte and one": ([frame(FINAL | BINARY, b"\0" * ((1 << 20) + 1))], 1009),
    "the same in fragments": ([frame(BINARY, b"\0" * (1 << 19)), *[frame(CONTINUED, b"\0" * (1 << 18))] * 3], 1009),
    "fragments without an end": ([frame(BINARY), *[frame(CONTINUED)] * 2 * doorway.FRAGMENTS], 1009),
    "compressed, which was not agreed on": ([frame(FINAL | 0x40 | BINARY, b"\0")], 1002),
    "a continuation of nothing": ([frame(FINAL | CONTINUED)], 1002),
    "a ping in pieces": ([frame(PING)], 1002),
    "a long ping": ([frame(FINAL | PING, b"\0" * 126)], 1002),
    "text that is not UTF-8": ([frame(FINAL | TEXT, b"\xff")], 1007),
    "ten thousand pings": ([frame(FINAL | PING)] * 10_000, 4429),
    "ten thousand pongs": ([frame(FINAL | PONG)] * 10_000, 4429),
}


@pytest.mark.parametrize(("frames", "code"), FRAMES.values(), ids=FRAMES.keys())
async def test_a_frame_that_must_not_be_ends_its_sender(
    site: Site, ada: Account, document_id: str, frames: list[bytes], code: int
) -> None:
    async with opened(site, document_id, ada, "Sec-WebSocket-Extensions: permessage-deflate\r\n") as client:
        await client.send(b"".join(frames))
        assert closed_with(await client.rest()) == code
    assert site.is_healthy()


async def test_none_of_it_costs_memory(
    site: Site, ada: Account, document_id: str, length: Length[int], figure: Figure
) -> None:
    async def send(frames: list[bytes]) -> None:
        async with opened(site, document_id, ada) as client:
            await client.send(b"".join(frames))
            await client.rest()

    async def send_all() -> None:
        await asyncio.gather(*(send(frames) for frames, _ in FRAMES.values()))

    await send_all()
    before, rounds = site.megabytes(), length(1, 50)
    for _ in range(rounds):
        await send_all()
    grown = site.megabytes() - before
    figure("E1", f"{rounds * len(FRAMES):,} giant, endless or broken messages, all closed: {grown:.0f} MB more memory")
    assert grown < 20


async def test_a_large_message_in_pieces_is_read_like_any_other(site: Site, ada: Account, document_id: str) -> None:
    """Questions, then a form that is none, and all of it in one segment: the form is what ends it."""
    question = frame(FINAL | BINARY, b"\0\0\1\0")
    async with opened(site, document_id, ada) as client:
        await client.send(question * 1000 + frame(FINAL | TEXT, b"{" + b" " * 60_000) + question * 1000)
        assert closed_with(await client.rest()) == 4400
