"""The heart: writes gather into a tick, the tick becomes one log entry, and only then is anybody told.

Check happened when the write came in (Replica.vet). Here: apply, commit, answer, show. The replica is touched only at
a tick, so between two ticks it is exactly what is on disk: questions about the document are answered there and nowhere
else, and nobody ever sees an update that could still be lost. See docs/architecture.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from pycrdt import Doc, XmlFragment

from collab.errors import ClientIdTaken, CollabError, Gap, Malformed, NoSuchDocument, Unavailable
from collab.peer import Peer
from collab.ports import Append, Entry, Log, Outcome, Stored, Write
from collab.replica import Poisoned, Replica, Vetted
from collab.writer import Writer

RETRY_FIRST, RETRY_MOST = 0.1, 5.0  # seconds


@dataclass(slots=True)
class Said:
    """A write of a peer, waiting for its tick."""

    peer: Peer
    vetted: Vetted
    count: int  # how many frames of the peer this one completes


@dataclass(slots=True)
class Job:
    """An edit by the server for somebody, waiting for its tick."""

    principal: str
    change: Callable[[Doc[XmlFragment]], Any]
    done: asyncio.Future[Any]


@dataclass(slots=True)
class Tick:
    """What one log entry will hold, and who waits for it."""

    writes: list[Write] = field(default_factory=list)
    claims: dict[int, str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    jobs: list[tuple[Job, Any]] = field(default_factory=list)

    def take(self, vetted: Vetted) -> None:
        self.writes.append(vetted.write)
        self.claims.update(vetted.claims)

    def drop(self, peer: Peer) -> None:
        """Take back everything this peer has said: later updates build on earlier ones."""
        for said in [said for said in self.said if said.peer is peer]:
            self.said.remove(said)
            self.writes = [write for write in self.writes if write is not said.vetted.write]
            for client_id in said.vetted.claims:
                self.claims.pop(client_id, None)

    @property
    def lone_author(self) -> Peer | None:
        peers = {id(said.peer): said.peer for said in self.said}
        return next(iter(peers.values())) if len(peers) == 1 and not self.jobs else None


class Audience(Protocol):
    """Whom the ticker tells: the room."""

    def show(self, writes: Iterable[Write], *, spare: Peer | None = None) -> None: ...

    def committed(self, tick: Tick, seq: int) -> None: ...

    def trouble(self, reason: str) -> None: ...

    def fail(self, error: CollabError) -> None: ...

    def refresh(self) -> None: ...

    def gap_seconds(self) -> float: ...


class Ticker:
    """Runs the ticks of one room, one after the other, and sleeps when there is nothing to do."""

    def __init__(self, document_id: UUID, replica: Replica, *, log: Log, writer: Writer, audience: Audience) -> None:
        self.replica = replica
        self._document_id = document_id
        self._log = log
        self._writer = writer
        self._audience = audience
        self._waiting: list[Said | Job] = []
        self._questions: list[Callable[[], None]] = []
        self._running: asyncio.Task[None] | None = None
        self._tick: Tick | None = None  # applied, perhaps not committed: the replica is ahead of the disk
        self._is_suspect = False
        self._catching_up = asyncio.Lock()
        self._trouble = ""

    @property
    def is_idle(self) -> bool:
        return self._running is None

    async def idle(self) -> None:
        while self._running is not None:
            await asyncio.wait([self._running])

    # --- what comes in ------------------------------------------------------------------------------------------

    async def say(self, peer: Peer, update: bytes) -> bool:
        """Take a peer's update into the next tick: False if it brings nothing new. Raises what Replica.vet raises.

        A gap may only mean that another process has committed what this one has not heard of: the log is read first.
        """
        try:
            vetted = self.replica.vet(peer.grant.principal, update)
        except Gap:
            await self.catch_up()
            vetted = self.replica.vet(peer.grant.principal, update)
        if vetted is None:
            return False
        self._waiting.append(Said(peer, vetted, peer.received))
        self._wake()
        return True

    def edit(self, principal: str, change: Callable[[Doc[XmlFragment]], Any]) -> asyncio.Future[Any]:
        """Queue an edit by the server; the future has its result after the commit, or its exception."""
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(Job(principal, change, done))
        self._wake()
        return done

    def ask(self, question: Callable[[], None]) -> None:
        """Call `question` when the replica is exactly what is on disk: now, or at the end of this tick."""
        if self._tick is None:
            question()
        else:
            self._questions.append(question)

    def _wake(self) -> None:
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    # --- the ticks ----------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, []
                tick = self._tick = Tick()
                for item in waiting:
                    await self._perform(item, tick)
                await self._commit(tick)
                self._tick = None
                self._answer()
                self._tell(tick)
                await asyncio.sleep(self._audience.gap_seconds())
        except CollabError as error:  # the document is gone, or cannot be loaded any more
            self._audience.fail(error)
        finally:
            self._running = None

    async def _perform(self, item: Said | Job, tick: Tick) -> None:
        try:
            if isinstance(item, Said):
                self._apply(item, tick)
            else:
                self._edit(item, tick)
        except Poisoned as error:
            if isinstance(item, Said):
                item.peer.close(Malformed(str(error)))
            elif not item.done.done():
                item.done.set_exception(error.__cause__ or error)
            await self._rebuild()

    def _apply(self, said: Said, tick: Tick) -> None:
        if said.vetted.generation != self.replica.generation:  # vetted against a document that has been rebuilt since
            try:
                again = self.replica.vet(said.peer.grant.principal, said.vetted.write.update)
            except CollabError as error:
                said.peer.close(error)
                return
            if again is None:
                tick.said.append(said)
                return
            said.vetted = again
        self.replica.apply([said.vetted.write])
        tick.said.append(said)
        tick.take(said.vetted)

    def _edit(self, job: Job, tick: Tick) -> None:
        try:
            result, vetted = self.replica.change(job.principal, job.change)
        except Poisoned:
            raise
        except Exception as error:  # noqa: BLE001 (it belongs to whoever asked for the edit; the document is untouched)
            if not job.done.done():
                job.done.set_exception(error)
            return
        if vetted is not None:
            tick.take(vetted)
        tick.jobs.append((job, result))

    async def _commit(self, tick: Tick) -> None:
        delay = RETRY_FIRST
        while tick.writes:
            entry = Append(self._document_id, self.replica.seq + 1, tuple(tick.writes), tick.claims)
            try:
                outcome = await self._writer.append(entry)
                if outcome is Outcome.COMMITTED or (outcome is Outcome.BEHIND and await self._is_ours(entry)):
                    self.replica.seq = max(self.replica.seq, entry.seq)
                    break
                if outcome is Outcome.CLAIMED:
                    await self._expel(tick)
                if outcome is Outcome.GONE:
                    raise NoSuchDocument("This document has been deleted.")
            except Unavailable as error:
                self._report(str(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, RETRY_MOST)
        self._report("")

    async def _is_ours(self, entry: Append) -> bool:
        """Catch up with who was first; it was ourselves if a commit's answer got lost on the way."""
        return any(other.seq == entry.seq and other.writes == entry.writes for other in await self.catch_up())

    def _answer(self) -> None:
        questions, self._questions = self._questions, []
        for question in questions:
            question()

    def _tell(self, tick: Tick) -> None:
        if tick.writes:
            self._audience.show(tick.writes, spare=tick.lone_author)
        self._audience.committed(tick, self.replica.seq)
        for job, result in tick.jobs:
            if not job.done.done():
                job.done.set_result(result)

    def _report(self, reason: str) -> None:
        if reason != self._trouble:
            self._trouble = reason
            self._audience.trouble(reason)

    # --- other processes, and accidents ---------------------------------------------------------------------------

    async def catch_up(self) -> list[Entry]:
        """Read from the log what this replica lacks, and show it. The entries read, oldest first."""
        async with self._catching_up:
            entries = list(await self._log.since(self._document_id, self.replica.seq))
            for entry in entries:
                self.hear(entry)
            if self._is_suspect:
                await self._rebuild()
            return entries

    def hear(self, entry: Entry) -> bool:
        """Take an entry committed elsewhere if it is the next one; False if the log must be read."""
        if entry.seq <= self.replica.seq:
            return True
        if entry.seq != self.replica.seq + 1 or self._is_suspect:
            return False
        try:
            self.replica.merge(entry)
        except Poisoned:
            self._is_suspect = True
            return False
        self._audience.show(entry.writes)
        return True

    async def _expel(self, tick: Tick) -> None:
        """Another process has given some of our client ids away: their users here must take new ones."""
        stored = await self._load()
        for said in list(tick.said):
            if any(stored.owners.get(client_id, who) != who for client_id, who in said.vetted.claims.items()):
                said.peer.close(ClientIdTaken("This client id belongs to someone else in this document."))
                tick.drop(said.peer)
        self._reset(stored)

    async def _rebuild(self) -> None:
        """The Doc is suspect: start again from the log, then apply this tick's good writes once more."""
        self._reset(await self._load())

    async def _load(self) -> Stored:
        delay = RETRY_FIRST
        while True:
            try:
                return await self._log.load(self._document_id)
            except Unavailable as error:
                self._report(str(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, RETRY_MOST)

    def _reset(self, stored: Stored) -> None:
        # What other processes wrote meanwhile has not been shown here; whoever is here asks again and gets it.
        behind = stored.entries[-1].seq if stored.entries else stored.seq
        unseen = behind > self.replica.seq
        self.replica.reset(stored)
        self._is_suspect = False
        if self._tick is not None:
            self.replica.readmit(self._tick.writes, self._tick.claims)
        if unseen:
            self._audience.refresh()
