"""A TCP proxy that treats its connections badly: cuts, delays, single bytes, and half-open ones that swallow all.

async with chaotic("127.0.0.1", port, mood=Mood(cut=0.05, delay=0.5)) as link: connect to link.port ...
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

CHUNK = 4096


@dataclass(slots=True)
class Mood:
    """Chances are per chunk of bytes that passes; `delay` is the most that one waits, in seconds."""

    cut: float = 0.0
    delay: float = 0.0
    crumbs: float = 0.0  # the chunk arrives byte by byte
    swallow: float = 0.0  # from here on nothing passes, in either direction, and nobody is told


class _Wire:
    """One connection through the proxy."""

    def __init__(self, link: Link, *ends: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        self._link = link
        (self._near, self._far) = ends
        self._is_dead = False  # swallows all, and nobody is told

    async def last(self) -> None:
        with suppress(OSError):
            await asyncio.gather(
                self._pass(self._near[0], self._far[1]), self._pass(self._far[0], self._near[1]), return_exceptions=True
            )

    def cut(self) -> None:
        for _, writer in (self._near, self._far):
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until somebody ends it or chance does."""
        while chunk := await reader.read(CHUNK):
            await asyncio.sleep(self._link.delay())
            fate = self._link.fate()
            self._is_dead |= fate == "swallow"
            if self._is_dead:
                continue
            if fate == "cut":
                self.cut()
                return
            for piece in (bytes((byte,)) for byte in chunk) if fate == "crumbs" else (chunk,):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
        self.cut()


class Link:
    """What is between. `done` counts what it has done to its connections; `mood` may be changed at any time."""

    def __init__(self, host: str, port: int, mood: Mood, seed: int) -> None:
        self.mood = mood
        self.port = 0
        self.done: Counter[str] = Counter()
        self._to = host, port
        self._chance = random.Random(seed)
        self._wires: dict[_Wire, asyncio.Task[None] | None] = {}

    def delay(self) -> float:
        return self._chance.random() * self.mood.delay

    def fate(self) -> str:
        """What happens to the next chunk."""
        for fate in ("cut", "swallow", "crumbs"):
            if self._chance.random() < getattr(self.mood, fate):
                self.done[fate] += 1
                return fate
        return ""

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._wires)

    async def end(self) -> None:
        """Cut all connections."""
        tasks = [task for task in self._wires.values() if task]
        for wire in list(self._wires):
            wire.cut()
        if tasks:
            await asyncio.wait(tasks)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far = await asyncio.open_connection(*self._to)
        except OSError:
            writer.transport.abort()
            return
        self.done["connection"] += 1
        wire = _Wire(self, (reader, writer), far)
        self._wires[wire] = asyncio.current_task()
        try:
            await wire.last()
        finally:
            wire.cut()
            del self._wires[wire]


@asynccontextmanager
async def chaotic(
    host: str, port: int, mood: Mood | None = None, *, seed: int = 1, at: str = "127.0.0.1"
) -> AsyncIterator[Link]:
    """A proxy to this address, `at` one of ours, on a port of its own. Without a mood it does no harm."""
    link = Link(host, port, mood or Mood(), seed)
    server = await asyncio.start_server(link.serve, at, 0)
    link.port = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        server.close()
        await link.end()
