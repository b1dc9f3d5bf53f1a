"""The heart: writes gather into a tick, the tick becomes one log entry, and only then is anybody told.

A write is checked when it comes in (Replica.vet). Here: apply, commit, answer, show. The replica is touched only at a
tick, so between two ticks it is exactly what is on disk: questions about the document are answered there and nowhere
else, and nobody ever sees an update that could still be lost. See docs/architecture.md.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from pycrdt import Doc, XmlFragment

from collab.errors import CollabError, Gap, NoSuchDocument, Pruned, TooFast, Unavailable
from collab.patience import insist
from collab.peer import Peer
from collab.ports import Append, Entry, Log, Outcome, Stored
from collab.questions import Question, Questions, Refused
from collab.replica import Poisoned, Replica, Vetted
from collab.tick import Audience, Job, Said, Tick
from collab.writer import Writer

logger = logging.getLogger(__name__)


class Ticker:
    """Runs the ticks of one room, one after the other, and sleeps when there is nothing to do."""

    def __init__(self, document_id: UUID, replica: Replica, *, log: Log, writer: Writer, audience: Audience) -> None:
        self.replica = replica
        self._document_id = document_id
        self._log = log
        self._writer = writer
        self._audience = audience
        self._waiting: deque[Said | Job] = deque()
        self._questions = Questions()
        self._running: asyncio.Task[None] | None = None
        self._tick: Tick | None = None  # applied, perhaps not committed: the replica is ahead of the disk
        self._is_suspect = False
        self._catching_up = asyncio.Lock()
        self._trouble = ""
        self._failure: CollabError | None = None

    @property
    def trouble(self) -> str:
        """Why nothing can be committed at the moment; "" if it can."""
        return "" if self.is_idle else self._trouble

    @property
    def is_idle(self) -> bool:
        return self._running is None

    async def idle(self) -> None:
        while self._running is not None:
            await asyncio.wait([self._running])

    # --- what comes in ------------------------------------------------------------------------------------------

    def say(self, peer: Peer, update: bytes) -> bool:
        """Take a peer's update into the next tick; False if it is on disk already. Raises what Replica.vet raises.

        Gap and ClientIdTaken may only mean that another process has committed what this one has not heard of: then
        `say_informed` decides.
        """
        return self._accept(peer, update, self.replica.vet(peer.grant.principal, update, is_current=False))

    async def say_informed(self, peer: Peer, update: bytes) -> bool:
        """The same, but the log is read first."""
        with suppress(Unavailable):  # then the commit, once there can be one, decides
            await self.catch_up()
        if peer.closed or not peer.grant.may_write:  # meanwhile
            raise Gap("The right to write has ended.")
        return self._accept(peer, update, self.replica.vet(peer.grant.principal, update, is_current=True))

    def _accept(self, peer: Peer, update: bytes, vetted: Vetted | None) -> bool:
        if vetted is None and self.is_idle:
            return False
        self._enqueue(Said(peer, update, vetted, peer.received))
        return True

    def edit(self, principal: str, change: Callable[[Doc[XmlFragment]], Any]) -> asyncio.Future[Any]:
        """Queue an edit by the server; the future has its result after the commit, or its exception."""
        job = Job(principal, change, asyncio.get_running_loop().create_future())
        if error := self._obstacle():
            job.fail(error)
        else:
            self._enqueue(job)
        return job.done

    def _obstacle(self) -> CollabError | None:
        """Why nobody should begin to wait for the next commit, if there is a reason."""
        return self._failure or (Unavailable(self.trouble) if self.trouble else None)

    def _enqueue(self, item: Said | Job) -> None:
        self._waiting.append(item)
        self._wake()

    def _wake(self) -> None:
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    def ask(self, question: Question, refused: Refused | None = None) -> None:
        """Call `question` when the replica is exactly what is on disk: now, or at the end of this tick.

        It must deal with its own errors, but may raise Poisoned: then the document is loaded again. Who gives `refused`
        does not wait while nothing can be committed: that is called instead, with the reason.
        """
        if self._tick is None and not self._is_suspect and self._failure is None:
            self._put(question)
            return
        self._questions.add(question, refused)
        if error := self._obstacle():
            self._questions.refuse(error)
        else:
            self._wake()

    def _put(self, question: Question) -> None:
        try:
            question()
        except Poisoned as error:
            logger.warning("Document %s is loaded again: %s", self._document_id, error)
            self._is_suspect = True
            self._wake()

    async def on_disk(self) -> Replica:
        """The document without what still waits for its commit. Raises Unavailable, NoSuchDocument or Poisoned."""
        return Replica(await self._log.load(self._document_id))

    # --- the ticks ----------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        try:
            while self._waiting or self._is_suspect:
                if gap := self._audience.gap_seconds():
                    await asyncio.sleep(gap)
                await self._one_tick()
        except CollabError as error:  # the document is gone, or cannot be loaded any more
            self._give_up(error)
        except Exception:
            logger.exception("The ticker of document %s failed", self._document_id)
            self._give_up(CollabError("Something went wrong on the server."))
        finally:
            self._running = None

    async def _one_tick(self) -> None:
        if self._is_suspect:
            await self._rebuild()
        tick = self._tick = Tick()
        while self._waiting and not tick.is_long:
            await self._perform(self._waiting.popleft(), tick)
        await self._commit(tick)
        self._tick = None
        for question, refused in self._questions.take():
            self.ask(question, refused)
        self._tell(tick)

    async def _perform(self, item: Said | Job, tick: Tick) -> None:
        try:
            if isinstance(item, Said):
                item.apply(self.replica, tick.computed_since)
                tick.take(item, item.vetted)
            else:
                self._edit(item, tick)
        except (Poisoned, TooFast) as error:
            logger.warning("Document %s is loaded again: %s", self._document_id, error)
            item.spoil(error)
            await self._rebuild()

    def _edit(self, job: Job, tick: Tick) -> None:
        try:
            job.result, vetted = self.replica.change(job.principal, job.change)
        except Poisoned:
            raise
        except Exception as error:  # noqa: BLE001 (it belongs to whoever asked for the edit; the document is untouched)
            job.fail(error)
            return
        tick.take(job, vetted)

    async def _commit(self, tick: Tick) -> None:
        while tick.writes and tick.seq is None:
            await insist(lambda: self._append(tick), self._report)
        self._report("")

    async def _append(self, tick: Tick) -> None:
        if tick.seq is not None:  # it was on disk, though the log had not said so
            return
        entry = Append(self._document_id, self.replica.seq + 1, tuple(tick.writes), tick.claims)
        outcome = await self._writer.append(entry)
        if outcome is Outcome.COMMITTED:
            tick.seq = entry.seq
            self.replica.seq = max(self.replica.seq, entry.seq)
        elif outcome is Outcome.BEHIND:
            await self.catch_up()
        elif outcome is Outcome.CLAIMED:
            await self._begin_again(tick)
        else:
            raise NoSuchDocument("This document has been deleted.")

    async def _begin_again(self, tick: Tick) -> None:
        """Another process has given some of our client ids away: their users must take new ones, the rest stays."""
        stored = await self._load()
        self._waiting.extendleft(reversed(tick.give_up()))
        self._reset(stored)

    def _tell(self, tick: Tick) -> None:
        for job in tick.jobs:
            job.succeed()
        if tick.writes:
            self._audience.show(tick.writes, spare=tick.lone_author)
        self._audience.committed(tick)

    def _report(self, reason: str) -> None:
        if reason != self._trouble:
            self._trouble = reason
            self._audience.trouble(reason)
            if reason:
                self._questions.refuse(Unavailable(reason))

    def _give_up(self, error: CollabError) -> None:
        """Nothing of this can be committed any more: everybody is told, and the room is not used again."""
        unfinished = [*(self._tick.give_up() if self._tick else []), *self._waiting]
        self._tick, self._waiting, self._failure = None, deque(), error
        for item in unfinished:
            item.fail(error)
        self._questions.refuse(error)
        self._audience.fail(error)

    # --- other processes, and accidents ---------------------------------------------------------------------------

    async def catch_up(self) -> list[Entry]:
        """Read from the log what this replica lacks, and show it. The entries read, oldest first."""
        async with self._catching_up:
            try:
                entries = list(await self._log.since(self._document_id, self.replica.seq))
            except Pruned:  # we lag far behind, or all has been replaced: then the next tick ends this room
                entries, self._is_suspect = [], True
                self._wake()
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
        if self._tick is not None:
            self._tick.recognise([entry])
        self._audience.show(entry.writes)
        return True

    async def _rebuild(self) -> None:
        """The Doc is suspect, or old: start again from the log, then apply this tick's good writes once more."""
        stored = await self._load()
        if stored.head < self.replica.seq:  # a tick was committed while we read
            stored = await self._load()
        self._reset(stored)

    async def _load(self) -> Stored:
        return await insist(lambda: self._log.load(self._document_id), self._report)

    def _reset(self, stored: Stored) -> None:
        # What other processes wrote meanwhile has not been shown here: everybody gets the whole.
        unseen = stored.head > self.replica.seq
        self.replica.reset(stored)
        self._is_suspect = False
        if unseen:
            self._audience.refresh()
        if self._tick is not None:
            self._tick.recognise(stored.entries)
            self.replica.readmit(self._tick.writes, self._tick.claims)
        self._vet_again()

    def _vet_again(self) -> None:
        """What waits was vetted against the document as it was, and what comes next builds on it."""
        waiting, self._waiting = self._waiting, deque()
        for item in waiting:
            try:
                if isinstance(item, Said):
                    item.vet_again(self.replica)
                self._waiting.append(item)
            except CollabError as error:
                item.fail(error)
