"""All rooms of one process: each document is loaded once however many ask, and dropped some time after the last left.

Loading subscribes first, then reads the log, then takes what the subscription has brought meanwhile, so that nothing
falls between. Dropping a room writes nothing: memory is a cache of the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from collab.byline import Byline
from collab.errors import CollabError, Unavailable
from collab.keeper import Habit
from collab.pace import CONNECTIONS, JOIN, Meter, Meters
from collab.patience import outage
from collab.peer import Peer
from collab.ports import Broker, Forget, Grant, Log, Message, Notify, Pages, Recheck
from collab.room import Parts, Room
from collab.tally import Census, tally
from collab.writer import Writer

DRAIN_SECONDS = 10.0  # how long a server that ends waits for its disk
FRESH_SECONDS = 0.1  # for which the rights hold that somebody has been let in with
FRAGMENTS_APART = 0.02  # seconds, when those of all rooms are rendered one after the other
RESTARTING = "The server is restarting."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tuning:
    """Times in seconds."""

    idle: float = 30.0  # how long a room outlives its last peer
    recheck: float = 0.75  # how often everybody's rights are read again, in case a push was lost
    look: float = 5.0  # how often the log's heads are compared, in case a hint was lost
    tidy: float = 2.0  # how often one document's old history is let go, where some is due
    habit: Habit = field(default_factory=Habit)
    connections: int = CONNECTIONS  # of one principal


class Hub:
    """Lives in one event loop. Call `start` before and `close` after."""

    def __init__(self, log: Log, broker: Broker, pages: Pages, tuning: Tuning | None = None) -> None:
        self.log = log
        self.broker = broker
        self.pages = pages
        self.tuning = tuning or Tuning()
        self.is_closing = False
        self._writer = Writer(log)
        self._meters = Meters(_now, self.tuning.connections)
        self._byline = Byline(pages)
        self._parts = Parts(log, self._writer, broker, pages, self._byline, self.tuning.habit)
        self._rooms: dict[UUID, asyncio.Task[Room]] = {}
        self._leaving: dict[UUID, asyncio.Task[None]] = {}
        self._empty_since: dict[UUID, float] = {}
        self._rechecks: dict[asyncio.Task[None], Room] = {}
        self._returning: asyncio.Task[None] | None = None
        self._timers: list[asyncio.Task[None]] = []

    # --- rooms --------------------------------------------------------------------------------------------------

    async def room(self, document_id: UUID) -> Room:
        """The document's room, loaded if need be. Raises NoSuchDocument or Unavailable."""
        if self.is_closing:
            raise Unavailable(RESTARTING)
        if (room := self._loaded(document_id)) and room.has_failed:
            self._drop(document_id)
        if leaving := self._leaving.get(document_id):
            await asyncio.wait([leaving])
        task = self._rooms.get(document_id)
        if task is None:
            task = self._rooms[document_id] = asyncio.create_task(self._load(document_id))
        # Shielded: one visitor who goes away while it loads does not take it from the others.
        room = await asyncio.shield(task)
        if self.is_closing:
            raise Unavailable(RESTARTING)
        self._empty_since[document_id] = _now()
        return room

    async def _load(self, document_id: UUID) -> Room:
        early: list[Message] = []
        await self.broker.subscribe(document_id, early.append)
        try:
            began = _now()
            stored = await self.log.load(document_id)
            room = Room(document_id, stored, self._parts, on_recheck=self._recheck_soon)
            tally.load_seconds.add(_now() - began)
        except BaseException:
            try:
                await self.broker.unsubscribe(document_id)
            finally:
                del self._rooms[document_id]
            raise
        await self.broker.subscribe(document_id, room.deliver)
        self._empty_since[document_id] = _now()  # whoever asked may have gone
        for message in early:
            room.deliver(message)
        return room

    def loaded(self) -> list[Room]:
        """The rooms that are in memory now."""
        return [room for document_id in self._rooms if (room := self._loaded(document_id))]

    def census(self) -> Census:
        """Who and what is here now."""
        rooms = self.loaded()
        peers = [peer for room in rooms for peer in room.peers]
        waiting = [peer.waiting for peer in peers]
        return Census(
            rooms=len(rooms),
            peers=len(peers),
            people=len({peer.grant.principal for peer in peers}),
            waiting_frames=sum(frames for frames, _ in waiting),
            waiting_bytes=sum(size for _, size in waiting),
            most_waiting_bytes=max((size for _, size in waiting), default=0),
        )

    def _loaded(self, document_id: UUID) -> Room | None:
        task = self._rooms.get(document_id)
        return task.result() if task and task.done() and not task.cancelled() and not task.exception() else None

    async def join(self, document_id: UUID, peer: Peer) -> Room:
        """Raises TooFast, NoSuchDocument or Unavailable, and Forbidden whose right ended while they waited."""
        began = _now()
        peer.meter = self._meters.enter(peer.grant.principal, peer.grant.crowd)
        try:
            await asyncio.sleep(peer.meter.spend(JOIN))
            room = await self.room(document_id)
            if _now() - began > FRESH_SECONDS:  # nobody has looked at these rights since: it is in no room yet
                peer.grant = await self._renewed(document_id, peer.grant)
        except BaseException:
            peer.meter.leave()
            raise
        room.join(peer)
        return room

    async def _renewed(self, document_id: UUID, grant: Grant) -> Grant:
        [now] = await self.pages.recheck([(document_id, grant)])
        if isinstance(now, CollabError):
            raise now
        return now

    def meter(self, principal: str) -> Meter:
        """What is done for a principal without a connection is paid by this."""
        return self._meters.of(principal)

    def leave(self, room: Room, peer: Peer) -> None:
        peer.meter.leave()
        room.leave(peer)
        if room.document_id in self._empty_since:
            self._empty_since[room.document_id] = _now()

    def sweep(self) -> None:
        """Drop rooms that have been empty and quiet for long enough."""
        now = _now()
        for room in self.loaded():
            if room.peers:
                self._empty_since[room.document_id] = now
            elif room.is_quiet and now - self._empty_since[room.document_id] >= self.tuning.idle:
                self._drop(room.document_id)

    def _drop(self, document_id: UUID) -> None:
        del self._rooms[document_id]
        self._empty_since.pop(document_id, None)
        task = self._leaving[document_id] = asyncio.create_task(self.broker.unsubscribe(document_id))
        task.add_done_callback(lambda _: self._leaving.pop(document_id, None))

    # --- telling ------------------------------------------------------------------------------------------------

    def notify(self, document_id: UUID, topic: str) -> None:
        """Something beside the text has changed: every page of the document, in every process, gets its fragment."""
        if room := self._loaded(document_id):
            room.notify(topic)
        self.broker.publish(document_id, Notify(topic))

    async def recheck(self, document_id: UUID) -> None:
        """Somebody's rights have changed: ask again for everybody who is there, in every process."""
        self.broker.publish(document_id, Recheck())
        if room := self._loaded(document_id):
            await self._recheck([room])

    def forget(self, document_id: UUID) -> None:
        """The document has been deleted: end everybody's connection to it."""
        if room := self._loaded(document_id):
            room.deliver(Forget())
        self.broker.publish(document_id, Forget())

    def _recheck_soon(self, room: Room) -> None:
        if sum(each is room for each in self._rechecks.values()) >= 2:
            return  # one may have read too early, the next has not begun
        task = asyncio.create_task(self._recheck([room]))
        self._rechecks[task] = room
        task.add_done_callback(self._rechecks.pop)

    async def _recheck(self, rooms: Sequence[Room]) -> None:
        peers = [(room, peer) for room in rooms for peer in room.peers]
        if not peers:
            return
        try:
            grants = await self.pages.recheck([(room.document_id, peer.grant) for room, peer in peers])
        except Unavailable as error:
            outage.noticed(error)
            return
        for (room, peer), grant in zip(peers, grants, strict=True):
            room.regrant(peer, grant)

    # --- what time brings ---------------------------------------------------------------------------------------

    def start(self) -> None:
        self.broker.watch(self._returned)
        self._timers = [
            asyncio.create_task(self._every(self.tuning.recheck, self._recheck_all)),
            asyncio.create_task(self._every(self.tuning.look, self.look)),
            asyncio.create_task(self._every(self.tuning.tidy, self._tidy)),
        ]

    async def _every(self, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except Unavailable as error:
                outage.noticed(error)
            except Exception:
                # One bad round must not end all later ones; rights and lost hints are looked at again in the next.
                logger.exception("A periodic task of the hub failed")

    def _returned(self) -> None:
        """The other processes can be heard again: catch up with what they said meanwhile."""
        if self._returning is None and not self.is_closing:
            self._returning = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            await self.look()
            for room in self.loaded():
                room.refresh_fragments()
                await asyncio.sleep(FRAGMENTS_APART)
        except Unavailable as error:  # the next look, in some seconds, will tell
            outage.noticed(error)
        finally:
            self._returning = None

    async def _recheck_all(self) -> None:
        await self._recheck(self.loaded())

    async def look(self) -> None:
        """Compare every room with the log's head, let rooms do what is due, and drop the idle ones."""
        rooms = self.loaded()
        heads = await self.log.heads([room.document_id for room in rooms]) if rooms else {}
        lacks = {room: heads.get(room.document_id, 0) - room.replica.seq for room in rooms}
        for room, lack in lacks.items():
            if lack > 0:
                room.look()
            room.beat()
        behind = [lack for lack in lacks.values() if lack > 0]
        tally.rooms_behind, tally.entries_behind = len(behind), max(behind, default=0)
        self.sweep()
        self._meters.forget()

    async def _tidy(self) -> None:
        await self.log.tidy()
        outage.is_answered()

    async def close(self) -> None:
        """Stop accepting, end every connection with "restarting", and let what is under way reach the disk.

        If that takes too long, it is left to the pages: they still have whatever has not been acknowledged.
        """
        self.is_closing = True
        for timer in [*self._timers, *([self._returning] if self._returning else [])]:
            timer.cancel()
        for room in self.loaded():
            room.end(Unavailable(RESTARTING))
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                for room in self.loaded():
                    await room.settle()
                await self._writer.drain()
                await self._byline.settle()
        except TimeoutError:
            logger.warning("The log did not answer in time: what was not saved is still in the pages.")
        await self.broker.close()
        await self.log.close()


def _now() -> float:
    return asyncio.get_running_loop().time()
