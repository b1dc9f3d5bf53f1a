"""One document in one process: its peers, who may say what, and what each of them hears.

Knows no socket and no database. Writes go to the ticker and come back through `show` once they are on disk; carets go
round at once and are kept nowhere.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from pycrdt import Doc, XmlFragment

from collab import fold, protocol
from collab.byline import Byline
from collab.carets import Carets
from collab.errors import CollabError, Unavailable
from collab.fragments import TOPICS, Fragments
from collab.framing import Frame
from collab.hearsay import Hearsay
from collab.keeper import Habit, Keeper
from collab.peer import Peer
from collab.ports import (
    Awareness,
    Broker,
    Committed,
    Entry,
    Grant,
    Log,
    Message,
    Notify,
    Pages,
    SnapshotInfo,
    SnapshotKind,
    Stored,
    Write,
)
from collab.questions import answer
from collab.reception import Reception
from collab.replica import Replica
from collab.tally import tally
from collab.tick import Tick, gap_seconds
from collab.ticker import Ticker
from collab.writer import Writer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a room is built with."""

    log: Log
    writer: Writer
    broker: Broker
    pages: Pages
    byline: Byline
    habit: Habit


class Room:
    """`on_recheck` is called when somebody's rights have changed elsewhere."""

    def __init__(self, document_id: UUID, stored: Stored, parts: Parts, *, on_recheck: Callable[[Room], None]) -> None:
        replica = Replica(stored)
        self.document_id = document_id
        self.peers: set[Peer] = set()
        self.has_failed = False  # the replica may be ahead of the disk: load the document anew
        self.ticker = Ticker(document_id, replica, log=parts.log, writer=parts.writer, audience=self)
        self.keeper = Keeper(document_id, replica, parts.log, habit=parts.habit, on_kept=self._snapshot_kept)
        self.keeper.resume(stored.entries)
        self.carets = Carets(
            show=self._send_all, publish=self._publish_carets, on_people=lambda: self.notify("presence")
        )
        self._reception = Reception(self.ticker, self.carets, self.peers, self._spawn)
        self._fragments = Fragments(document_id, parts.pages, peers=lambda: self.peers, people=self.carets.people)
        self._parts = parts
        self._hearsay = Hearsay(
            self.ticker,
            self.carets,
            spawn=self._spawn,
            notify=self.notify,
            recheck=lambda: on_recheck(self),
            fail=self.fail,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticked_at = -math.inf  # the loop's time

    @property
    def replica(self) -> Replica:
        return self.ticker.replica

    # --- peers ----------------------------------------------------------------------------------------------------

    def join(self, peer: Peer) -> None:
        """Greet a peer: who it is, what we have, who is here."""
        self.peers.add(peer)
        if peer.is_page:
            peer.send(protocol.hello(self._hello(peer.grant)))
        self._reception.inquire(peer)
        if frame := self.carets.frame():
            peer.send(frame)
        if peer.is_page:
            if self.ticker.trouble:
                peer.send(protocol.notice("not-saving", self.ticker.trouble))
            self._spawn(self._fragments.greet(peer))

    def leave(self, peer: Peer) -> None:
        self.peers.discard(peer)
        self.carets.leave(peer)
        if not self.peers:
            self.ticker.ask(self.keeper.keep_automatic)

    def _hello(self, grant: Grant) -> dict[str, object]:
        return {
            "epoch": str(self.replica.epoch),
            "schema": self._parts.pages.schema_version,
            "level": grant.level,
            "mayWrite": grant.may_write,
            "principal": grant.principal,
            "name": grant.name,
            "colour": grant.colour,
            "limits": {"frame": protocol.MAX_FRAME_BYTES},
        }

    def hear(self, peer: Peer, frame: bytes) -> Coroutine[Any, Any, None] | None:
        """Take one binary frame of a peer; what is wrong with it closes the peer.

        What cannot be done at once is answered as a coroutine, to be awaited before the peer's next frame.
        """
        return self._reception.hear(peer, frame)

    async def receive(self, peer: Peer, frame: bytes) -> None:
        """Take one binary frame to its end."""
        if rest := self.hear(peer, frame):
            await rest

    def regrant(self, peer: Peer, grant: Grant | CollabError) -> None:
        """The peer's rights are now `grant`, or have ended with an error: tell it."""
        if isinstance(grant, CollabError):
            peer.close(grant)
            return
        if grant == peer.grant:
            return
        was, peer.grant = peer.grant, grant
        self.carets.restamp(peer, grant)
        if grant.may_write and not was.may_write:  # what it could not say before may come now
            self._reception.inquire(peer)
        if peer.is_page:
            peer.send(protocol.level({"level": grant.level, "mayWrite": grant.may_write}))
            self._spawn(self._fragments.greet(peer))

    def end(self, error: CollabError) -> None:
        """Close every connection."""
        for peer in self.peers:
            peer.close(error)

    # --- what the ticker tells (collab.ticker.Audience) -------------------------------------------------------------

    def gap_seconds(self) -> float:
        """How long what is written gathers before it is committed."""
        return gap_seconds(len(self.peers), asyncio.get_running_loop().time() - self._ticked_at)

    def show(self, writes: Iterable[Write], *, spare: Peer | None = None) -> None:
        """Send what is on disk to everybody, encoded once."""
        for update in fold.together([write.update for write in writes]):
            self._send_all(protocol.update(update), spare=spare)

    def _send_all(self, payload: bytes, *, spare: Peer | None = None) -> None:
        frame = Frame(payload)
        for peer in self.peers:
            if peer is not spare:
                peer.show(frame)

    def committed(self, tick: Tick) -> None:
        """Acknowledge, and tell the other processes and the product."""
        self._ticked_at = asyncio.get_running_loop().time()
        self._reception.committed(tick)
        if tick.seq is not None:
            tally.tick_updates.add(len(tick.writes))
            entry = Entry(tick.seq, tuple(tick.writes))
            self._parts.broker.publish(self.document_id, Committed(self.replica.epoch, entry))
            self._parts.byline.written(self.document_id, tick.writes[-1].principal)
            self.keeper.written(tick.writes)

    def trouble(self, reason: str) -> None:
        """The log cannot be written (or can again: ""): say so on every page."""
        frame = protocol.notice("not-saving", reason) if reason else protocol.notice("saving-again", "")
        for peer in self.peers:
            if peer.is_page:
                peer.send(frame)

    def fail(self, error: CollabError) -> None:
        self.has_failed = True
        self.end(error)

    def refresh(self) -> None:
        """After a rebuild that brought news: send everybody the whole state (CRDT updates may come twice)."""
        self._send_all(protocol.update(self.replica.state()))

    # --- what the server itself does --------------------------------------------------------------------------------

    async def edit(self, principal: str, change: Callable[[Doc[XmlFragment]], T]) -> T:
        """Run `change` on the live document in one tick; return its result once that is on disk.

        Raises Unavailable while the log cannot be written.
        """
        result: T = await self.ticker.edit(principal, change)
        return result

    async def read(self, reader: Callable[[Replica], T]) -> T:
        """Run `reader` on the document exactly as it is on disk. Raises Unavailable while the log cannot be read."""
        try:
            return await answer(self.ticker.ask, lambda: reader(self.replica))
        except Unavailable:  # here it is ahead of the disk; what the log has can perhaps be read
            return reader(await self.ticker.on_disk())

    async def keep_snapshot(self, kind: SnapshotKind, *, name: str = "", authors: Sequence[str] = ()) -> SnapshotInfo:
        """Keep the document as it is on disk now. Raises Unavailable while the log cannot be written."""
        capture = await answer(self.ticker.ask, self.keeper.capture)
        return await self.keeper.store(capture, kind, name=name, authors=authors)

    def _snapshot_kept(self) -> None:
        self.notify("snapshots")
        self._parts.broker.publish(self.document_id, Notify("snapshots"))

    def _publish_carets(self, payload: bytes, to: str = "") -> None:
        self._parts.broker.publish(self.document_id, Awareness(payload), to)

    def notify(self, topic: str) -> None:
        """Something beside the text has changed: every page here gets its fragment."""
        if self.peers:
            self._fragments.notify(topic)

    def refresh_fragments(self) -> None:
        """Other processes may have told us of changes that we have not heard."""
        for topic in TOPICS:
            self.notify(topic)

    def beat(self) -> None:
        """Every few seconds: what is due by time alone."""
        self.carets.beat()
        self.ticker.ask(self.keeper.consider)

    # --- what other processes say -------------------------------------------------------------------------------------

    def deliver(self, message: Message) -> None:
        """A hint from the broker."""
        self._hearsay.take(message)

    def look(self) -> None:
        """Read the log for what this process has not heard of."""
        self._hearsay.look()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_quiet(self) -> bool:
        """Nobody is here and nothing is under way: the room may be dropped, for all it held is in the log."""
        idle = self.ticker.is_idle and self.keeper.is_idle
        return idle and not self.peers and not self._tasks

    async def settle(self) -> None:
        """Wait until what is under way is on disk."""
        await self.ticker.idle()
        await self.keeper.settle()
        self.carets.flush()
        if self._tasks:
            await asyncio.wait(self._tasks)
