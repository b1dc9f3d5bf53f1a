"""The way past ASGI, over real sockets: all is heard in order, nothing is written to who does not read."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

from collab.framing import BINARY, framed
from collab.ports import LINE
from project.line import Gate, LineProtocol, Stream
from project.management.commands.serve import configuration, listen
from tests.support.until import until_async

pytestmark = pytest.mark.anyio


class Station:
    """An ASGI application that takes the line of its one visitor."""

    def __init__(self) -> None:
        self.line: LineProtocol | None = None
        self.heard: list[Any] = []
        self.is_over = asyncio.Event()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.line = scope["extensions"][LINE]
        self.line.listen(self._hear)
        await self.is_over.wait()

    def _hear(self, message: Mapping[str, Any]) -> None:
        if self.is_over.is_set():  # that it is over is told once by the frame, and again by the connection's end
            return
        if message["type"] == "websocket.disconnect":
            self.heard.append(message["code"])
            self.is_over.set()
        else:
            self.heard.append(message.get("bytes") or message["text"])


class Luggage:
    """Something that a scope holds."""


class Lodger(Station):
    """An application that returns at once, while its visitor stays."""

    luggage: weakref.ref[Luggage]

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.line = scope["extensions"][LINE]
        luggage = scope["luggage"] = Luggage()
        self.luggage = weakref.ref(luggage)
        self.line.listen(self._hear)
        self.line.stay(self._stay(send))

    async def _stay(self, send: Any) -> None:
        await until_async(lambda: b"go" in self.heard, "it is asked to go")
        await send({"type": "websocket.send", "bytes": b"farewell"})
        await send({"type": "websocket.close", "code": 4321})


@asynccontextmanager
async def call(station: Station, *, ping_seconds: float = 20) -> AsyncIterator[ClientConnection]:
    """A client that is connected to it, by the server that `manage.py serve` starts."""
    listener = listen("127.0.0.1", 0)
    config = configuration()
    config.ws_ping_interval = ping_seconds
    config.app, config.lifespan = station, "off"
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        async with connect(f"ws://127.0.0.1:{listener.getsockname()[1]}", compression=None) as client:
            yield client
    finally:
        server.should_exit = True
        await serving


async def heard(station: Station, *messages: object) -> None:
    await until_async(lambda: station.heard == list(messages), f"{messages} have been heard")


async def test_all_messages_are_heard_in_order_from_the_first() -> None:
    station = Station()
    async with call(station) as client:
        await client.send(b"sent before anybody listened")
        await client.send("a form")
        await client.send([b"in two ", b"pieces"])
        await heard(station, b"sent before anybody listened", "a form", b"in two pieces")
    await heard(station, b"sent before anybody listened", "a form", b"in two pieces", 1000)


async def test_who_answers_pings_stays_and_is_not_parsed_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    station = Station()
    async with call(station, ping_seconds=0.05) as client:
        await client.send(b"1")
        await heard(station, b"1")
        assert station.line
        monkeypatch.setattr(station.line.conn, "receive_data", None)
        pongs: set[bytes] = set()
        handle = station.line.handle_pong

        def listen_in(pong: Frame) -> None:
            pongs.add(bytes(pong.data))
            handle(pong)

        monkeypatch.setattr(station.line, "handle_pong", listen_in)
        await until_async(lambda: len(pongs) > 3, "several pings have been answered")
        monkeypatch.undo()
        await client.send(b"2")
        await heard(station, b"1", b"2")


async def test_what_is_held_waits_in_the_network() -> None:
    station = Station()
    async with call(station) as client:
        await client.send(b"1")
        await heard(station, b"1")
        assert station.line
        station.line.hold()
        await client.send(b"2")
        assert not station.line.transport.is_reading()
        assert station.heard == [b"1"]
        station.line.go_on()
        await heard(station, b"1", b"2")


async def test_who_does_not_read_is_not_written_to_without_end() -> None:
    station = Station()
    async with call(station) as client:
        await client.send(b"hello")
        await heard(station, b"hello")
        assert station.line
        frame, sent = framed(BINARY, bytes(65_536)), 0
        while station.line.put(frame):
            sent += 1
            assert sent < 1000, "there is no end to it"
            await asyncio.sleep(0)
        assert not station.line.put(frame)
        for _ in range(sent):
            assert len(await client.recv()) == 65_536
        await until_async(partial(station.line.put, framed(BINARY, b"again")), "there is room")
        assert await client.recv() == b"again"


async def test_who_stays_is_served_when_the_application_has_returned_and_let_all_go() -> None:
    station = Lodger()
    async with call(station) as client:
        await client.send(b"hello")
        await heard(station, b"hello")
        assert station.luggage() is None
        assert station.line and station.line.put(framed(BINARY, b"still here"))
        await client.send(b"go")
        assert [await client.recv(), await client.recv()] == [b"still here", b"farewell"]
        await client.wait_closed()
    assert client.close_code == 4321


async def test_all_who_wait_at_a_gate_pass_when_it_opens_whoever_of_them_has_gone() -> None:
    gate = Gate()
    await gate.wait()
    gate.clear()
    gone, waits, waits_too = [asyncio.create_task(gate.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    assert gone.cancelled() and not waits.done()
    gate.set()
    await asyncio.wait_for(asyncio.gather(waits, waits_too), 1)
    await gate.wait()


async def test_nobody_is_written_to_who_has_gone() -> None:
    station = Station()
    async with call(station) as client:
        await client.send(b"hello")
        await heard(station, b"hello")
    await heard(station, b"hello", 1000)
    assert station.line and not station.line.put(framed(BINARY, b"too late"))


PAYLOADS = st.lists(st.integers(0, 300).flatmap(lambda size: st.binary(min_size=size, max_size=size)), max_size=12)


@given(PAYLOADS, st.lists(st.integers(1, 400)), st.data())
def test_a_message_that_comes_by_itself_is_found_however_the_others_are_cut(
    payloads: list[bytes], cuts: list[int], data: st.DataObject
) -> None:
    """What is taken for a whole message is one: never the middle of another that looks alike."""
    frames = [Frame(Opcode.BINARY, payload).serialize(mask=True, extensions=[]) for payload in payloads]
    whole, at, stream = b"".join(frames), 0, Stream()
    begins = {sum(map(len, frames[:number])): frame for number, frame in enumerate(frames)}
    for size in [*cuts, len(whole)]:
        piece = begins[at] if at in begins and data.draw(st.booleans()) else whole[at : at + size]
        if not piece:
            break
        payload = stream.take(piece)
        if payload is not None:
            assert piece == begins.get(at)
            assert piece.endswith(payload) and len(payload) == len(piece) - 6
        at += len(piece)
