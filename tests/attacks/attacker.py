"""A process that attacks a document's socket, so that its own work is not taken for the server's slowness.

`python -m tests.attacks.attacker NAME SOCKET_ADDRESS TOKEN` goes on until it is ended.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from urllib.parse import SplitResult, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage

from collab import protocol
from tests.collab import hostile as h

STRANGERS = int(os.environ.get("STRANGERS", "200"))  # at once

Attack = Callable[[str, str], Awaitable[None]]


@asynccontextmanager
async def socket(address: str, token: str) -> AsyncIterator[ClientConnection]:
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(address, additional_headers=headers, subprotocols=["scriptorium.v1"], max_size=None) as open_one:  # type: ignore[list-item]
        yield open_one


async def again_and_again(once: Attack, address: str, token: str) -> None:
    """Whatever ends the attack, it begins again."""
    while True:
        with suppress(ConnectionClosed, InvalidMessage, OSError):
            await once(address, token)
        await asyncio.sleep(0.05)


async def _flood(address: str, token: str) -> None:
    """Ten thousand honest keystrokes a second, as fast as they are taken."""
    async with socket(address, token) as connection:
        frames = [protocol.update(each) for each in _keystrokes(10_000)]
        reading = asyncio.create_task(_read(connection))
        for number, frame in enumerate(frames):
            await connection.send(frame)
            if number % 100 == 0:
                await asyncio.sleep(0.01)
        reading.cancel()


async def _read(connection: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _ in connection:
            pass


def _keystrokes(count: int) -> list[bytes]:
    client = int(time.time_ns()) % 2**31
    first = h.update([h.block(h.item(h.TEXT, parent=h.root()), h.item(h.string("x"), parent=h.inside(client, 0)),
                              client=client)])  # fmt: skip
    rest = (
        h.update([h.block(h.item(h.string("y"), origin=h.id_(client, clock - 1)), client=client, clock=clock)])
        for clock in range(2, count)
    )
    return [first, *rest]


async def _poison(address: str, token: str) -> None:
    """An update that keeps the CRDT busy until it is stopped, and the document loaded again."""
    async with socket(address, token) as connection:
        await connection.send(_slow())
        await _read(connection)


@cache
def _slow() -> bytes:
    return protocol.update(h.slow(5000))


async def _ask(address: str, token: str) -> None:
    """The whole document, please; and again."""
    async with socket(address, token) as connection:
        reading = asyncio.create_task(_read(connection))
        while not reading.done():
            for _ in range(50):
                await connection.send(protocol.sync_step1(b"\0"))
            await asyncio.sleep(0.005)


async def _wave(address: str, token: str) -> None:
    """A caret that never rests."""
    async with socket(address, token) as connection:
        reading, clock = asyncio.create_task(_read(connection)), 0
        while not reading.done():
            for _ in range(50):
                clock += 1
                await connection.send(protocol.awareness([protocol.ClientState(9, clock, {"cursor": {"at": clock}})]))
            await asyncio.sleep(0.005)


async def _break(address: str, token: str) -> None:
    """Malformed; and again, on a new connection."""
    async with socket(address, token) as connection:
        await connection.send(b"\0\2\x10\1\1")
        await _read(connection)


async def _knock(address: str, _: str) -> None:
    """Strangers by the hundred: each is sent away, and comes again."""
    await asyncio.gather(*(_one_stranger(address) for _ in range(STRANGERS)))


async def _one_stranger(address: str) -> None:
    with suppress(ConnectionClosed, InvalidMessage, OSError, TimeoutError):
        async with connect(address, subprotocols=["scriptorium.v1"], open_timeout=60) as connection:  # type: ignore[list-item]
            await connection.recv()


async def _dawdle(address: str, _: str) -> None:
    """Handshakes by the hundred that never come to an end, a letter at a time."""
    await asyncio.gather(*(_one_dawdler(urlsplit(address)) for _ in range(STRANGERS)))


async def _one_dawdler(address: SplitResult) -> None:
    with suppress(OSError):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for letter in f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nX-Slow: {'x' * 1000}":
            writer.write(letter.encode())
            await writer.drain()
            await asyncio.sleep(0.5)


ATTACKS: dict[str, tuple[str, Attack]] = {
    "E2 strangers": ("hundreds of strangers' sockets, again and again", _knock),
    "E2 handshakes": ("hundreds of handshakes that never end", _dawdle),
    "E3 keystrokes": ("10,000 keystrokes a second by one editor", _flood),
    "E3 poison": ("documents poisoned again and again", _poison),
    "E3 questions": ("sync step 1 without end", _ask),
    "E3 carets": ("10,000 carets a second", _wave),
    "E3 refusals": ("malformed frames on ever new connections", _break),
}


if __name__ == "__main__":
    asyncio.run(again_and_again(ATTACKS[sys.argv[1]][1], *sys.argv[2:]))
