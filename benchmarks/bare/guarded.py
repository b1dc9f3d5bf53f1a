"""The bare server with what the goals ask for besides the commit: a guard, rights, receipts and back-pressure.

Each as lean as can be. What is written gathers as long as with ours, where many listen and where much is written. Our
own guard reads every update; who may write is asked of the database as often as ours asks, in one query; authors hear
when their words are on disk; whoever does not read is let go. Still no fragments, no carets, no snapshots, no budgets
of time, no other processes, no figures, and no Django before the database.

python -m benchmarks.bare.guarded PORT FILE
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import uvloop

from benchmarks.bare.server import Line, Log, Room, serve
from collab import guard, protocol
from collab.errors import CollabError
from collab.framing import BINARY, framed
from collab.peer import OUTBOX_BYTES
from collab.tick import gap_seconds
from collab.writer import Rhythm

RECHECK_SECONDS = 0.75  # as in collab/hub.py
_numbers = count(1)


class GuardedLine(Line):
    def __init__(self, log: Log, rooms: dict[bytes, Room]) -> None:
        super().__init__(log, rooms)
        self.person = next(_numbers)
        self.principal = f"user:{self.person}"
        self.may_write = True
        self.saved = 0  # frames that are on disk


class GuardedRoom(Room):
    def __init__(self) -> None:
        super().__init__()
        self._knowledge = guard.Knowledge()
        self._owners: dict[int, str] = {}
        self._seq = 0

    def takes(self, line: Line, update: bytes) -> bool:
        assert isinstance(line, GuardedLine)
        if not line.may_write:
            return False
        try:
            scan = guard.scan(update)
            claims = guard.check(scan, self._knowledge.clocks, line.principal, self._owners)
            if not self._knowledge.news(scan):
                return False
        except CollabError:
            line.transport.abort()
            return False
        self._owners.update(claims)
        self._knowledge.absorb(scan)
        return True

    def show(self, said: list[tuple[Line, bytes]]) -> None:
        for line in self.lines:
            if line.transport.get_write_buffer_size() > OUTBOX_BYTES:
                line.transport.abort()
        super().show(said)
        self._seq += 1
        for line, frames in Counter(line for line, _ in said).items():
            assert isinstance(line, GuardedLine)
            line.saved += frames
            line.transport.write(framed(BINARY, protocol.saved(line.saved, self._seq)))


class GatheringLog(Log):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._rhythm = Rhythm()

    async def _gather(self, rooms: Iterable[Room]) -> None:
        await asyncio.sleep(max(gap_seconds(len(room.lines), 0) for room in rooms))

    async def _rest(self, entries: int) -> None:
        await asyncio.sleep(self._rhythm.gap_seconds(entries, asyncio.get_running_loop().time()))


class Rights:
    """Everybody may write, and the database is asked again and again whether that is still so."""

    def __init__(self, path: Path, rooms: dict[bytes, Room]) -> None:
        self._rooms = rooms
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
            "CREATE TABLE account (person INTEGER PRIMARY KEY, is_active BOOL);"
            "CREATE TABLE role (document TEXT, person INTEGER, may_write BOOL, PRIMARY KEY (document, person))"
        )

    async def watch(self) -> None:
        while True:
            lines = {
                (document.decode(), line.person): line
                for document, room in self._rooms.items()
                for line in room.lines
                if isinstance(line, GuardedLine)
            }
            held = await asyncio.get_running_loop().run_in_executor(None, self._held, list(lines))
            for key, line in lines.items():
                line.may_write = key in held
            await asyncio.sleep(RECHECK_SECONDS)

    def _held(self, keys: list[tuple[str, int]]) -> set[tuple[str, int]]:
        query = "SELECT document, person FROM role JOIN account USING (person) WHERE is_active AND may_write"
        held = set(self._database.execute(query))
        if new := [key for key in keys if key not in held]:  # nobody is ever turned away
            self._database.executemany("INSERT INTO role VALUES (?, ?, TRUE)", new)
            self._database.executemany("INSERT INTO account VALUES (?, TRUE)", [(person,) for _, person in new])
        return held.union(new)


async def guarded(port: int, path: Path) -> None:
    rooms: dict[bytes, Room] = defaultdict(GuardedRoom)
    watching = asyncio.create_task(Rights(path.with_suffix(".rights"), rooms).watch())
    await serve(port, GatheringLog(path), rooms, GuardedLine)
    await watching


if __name__ == "__main__":
    uvloop.run(guarded(int(sys.argv[1]), Path(sys.argv[2])))
