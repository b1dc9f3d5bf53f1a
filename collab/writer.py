"""One writer per process: every room's waiting entry goes into the next transaction (group commit)."""

from __future__ import annotations

import asyncio
import math
import time

from collab.errors import CollabError, Unavailable
from collab.ports import Append, Log, Outcome
from collab.tally import tally

# A commit costs much the same whether it holds one entry or ten. So the more is written, the longer entries gather
# between two commits; somebody who writes alone waits for nothing.
GATHER_PER_ENTRY = 10e-6  # seconds, for each entry that a second brings
GATHER_LEAST, GATHER_MOST = 0.001, 0.005
MEMORY_SECONDS = 0.25


class Rhythm:
    """How long entries gather between two commits: the longer, the more of them come."""

    def __init__(self) -> None:
        self._rate = 0.0  # entries a second, lately
        self._rated_at = 0.0

    def gap_seconds(self, count: int, now: float) -> float:
        """Until the next commit, when `count` entries have been committed just `now` (in seconds)."""
        self._rate = self._rate * math.exp((self._rated_at - now) / MEMORY_SECONDS) + count / MEMORY_SECONDS
        self._rated_at = now
        gap = min(GATHER_MOST, self._rate * GATHER_PER_ENTRY)
        return gap if gap >= GATHER_LEAST else 0.0


class Writer:
    """Takes entries from rooms and hands the log all that wait whenever it is free."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._waiting: list[tuple[Append, asyncio.Future[Outcome]]] = []
        self._task: asyncio.Task[None] | None = None
        self._rhythm = Rhythm()

    def append(self, entry: Append) -> asyncio.Future[Outcome]:
        """A future of what became of `entry`: it is on disk when that says COMMITTED. Fails with Unavailable."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        return future

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            began = time.perf_counter()
            try:
                outcomes = await self._log.append([entry for entry, _ in batch])
            except Exception as error:  # noqa: BLE001 (whatever it was, nothing has been committed: every room is told)
                tally.failed_commits += 1
                failure = error if isinstance(error, CollabError) else Unavailable(f"The log failed: {error}")
                for _, future in batch:
                    _settle(future, failure)
                continue
            tally.commit_seconds.add(time.perf_counter() - began)
            tally.entries += outcomes.count(Outcome.COMMITTED)
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                _settle(future, outcome)
            if gap := self._rhythm.gap_seconds(len(batch), asyncio.get_running_loop().time()):
                await asyncio.sleep(gap)
        self._task = None

    async def drain(self) -> None:
        """Return once nothing waits any more."""
        while self._task is not None:
            await asyncio.wait([self._task])


def _settle(future: asyncio.Future[Outcome], outcome: Outcome | CollabError) -> None:
    if future.done():  # its room was cancelled meanwhile
        return
    if isinstance(outcome, CollabError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
