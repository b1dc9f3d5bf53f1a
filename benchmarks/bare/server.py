"""The least that a server in Python can do which shows nothing before it is on disk.

It merges what comes, commits it, and sends it on: no rights, no guard, no receipts, no fragments, no snapshots and no
limits. uvloop reads and writes, pycrdt merges, SQLite commits with `synchronous=FULL` in a thread of its own, all that
waits in one transaction. What our server costs more is for what it does more.

python -m benchmarks.bare.server PORT FILE
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1
from pathlib import Path
from typing import cast

import uvloop
from pycrdt import Doc, XmlFragment, merge_updates
from websockets.frames import apply_mask  # type: ignore[attr-defined]

from collab.encoding import Reader, varbytes
from collab.framing import BINARY, framed

SYNC, STEP_1, STEP_2, UPDATE = 0, 0, 1, 2
NOTHING = b"\0\0"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3


class Room:
    def __init__(self) -> None:
        self.doc: Doc[XmlFragment] = Doc()
        self.lines: set[Line] = set()

    def takes(self, line: Line, update: bytes) -> bool:
        """Whether it is to be committed."""
        return update != NOTHING

    def show(self, said: list[tuple[Line, bytes]]) -> None:
        update = merge_updates(*(update for _, update in said)) if len(said) > 1 else said[0][1]
        wire = framed(BINARY, bytes([SYNC, UPDATE]) + varbytes(update))
        authors = {line for line, _ in said}
        spared = authors.pop() if len(authors) == 1 else None
        for line in self.lines:
            if line is not spared:
                line.transport.write(wire)


class Log:
    """Commits what waits, then shows it."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE log (data BLOB)")
        self._thread = ThreadPoolExecutor(1)
        self._waiting: dict[Room, list[tuple[Line, bytes]]] = defaultdict(list)
        self._running: asyncio.Task[None] | None = None

    def say(self, line: Line, update: bytes) -> None:
        self._waiting[line.room].append((line, update))
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._waiting:
            await self._gather(self._waiting)
            waiting, self._waiting = self._waiting, defaultdict(list)
            rows = [(b"".join(update for _, update in said),) for said in waiting.values()]
            await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, rows)
            for room, said in waiting.items():
                with room.doc.transaction():
                    for _, update in said:
                        room.doc.apply_update(update)
                room.show(said)
            await self._rest(len(rows))
        self._running = None

    async def _gather(self, rooms: Iterable[Room]) -> None:
        """Wait for more."""

    async def _rest(self, entries: int) -> None:
        """So many have been committed and shown."""

    def _commit(self, rows: list[tuple[bytes]]) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO log VALUES (?)", rows)
        self._database.execute("COMMIT")


class Line(asyncio.Protocol):
    """One WebSocket of a client that behaves."""

    transport: asyncio.WriteTransport
    room: Room

    def __init__(self, log: Log, rooms: dict[bytes, Room]) -> None:
        self._log = log
        self._rooms = rooms
        self._data = b""
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.WriteTransport", transport)

    def connection_lost(self, _: Exception | None) -> None:
        if self._is_open:
            self.room.lines.discard(self)

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._is_open and b"\r\n\r\n" in self._data:
            self._shake_hands()
        if self._is_open:
            for message in self._messages():
                self._hear(message)

    def _shake_hands(self) -> None:
        head, _, self._data = self._data.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])
        }
        accept = b64encode(sha1(headers[b"sec-websocket-key"] + GUID, usedforsecurity=False).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.room = self._rooms[lines[0].split()[1]]
        self.room.lines.add(self)
        self._is_open = True

    def _messages(self) -> Iterator[bytes]:
        while len(self._data) >= 2:
            size, at = self._data[1] & 127, 2
            if more := {126: 2, 127: 8}.get(size, 0):
                size, at = int.from_bytes(self._data[2 : 2 + more], "big"), 2 + more
            if len(self._data) < at + 4 + size:
                return
            mask, payload = self._data[at : at + 4], self._data[at + 4 : at + 4 + size]
            is_binary = self._data[0] == BINARY
            self._data = self._data[at + 4 + size :]
            if is_binary:
                yield apply_mask(payload, mask)

    def _hear(self, message: bytes) -> None:
        kind, body = message[1], Reader(message[2:]).varbytes()
        if kind == STEP_1:
            state = self.room.doc.get_update()
            self.transport.write(framed(BINARY, bytes([SYNC, STEP_2]) + varbytes(state)))
        elif self.room.takes(self, body):
            self._log.say(self, body)


async def serve(port: int, log: Log, rooms: dict[bytes, Room], line: type[Line] = Line) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: line(log, rooms), "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), Log(Path(sys.argv[2])), defaultdict(Room)))
