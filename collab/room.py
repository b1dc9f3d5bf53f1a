"""One document in one process: its peers, who may say what, and what each of them hears.

Knows no socket and no database. Writes go to the ticker and come back through `show` once they are on disk; carets go
round at once and are kept nowhere.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from pycrdt import Doc, XmlFragment, merge_updates

from collab import protocol
from collab.carets import Carets
from collab.errors import CollabError, Forbidden, Gap, NoSuchDocument
from collab.fragments import Fragments
from collab.keeper import Habit, Keeper
from collab.peer import Peer
from collab.ports import (
    Awareness,
    Broker,
    Committed,
    Entry,
    Forget,
    Grant,
    Log,
    Message,
    Notify,
    Pages,
    Recheck,
    SnapshotInfo,
    SnapshotKind,
    Stored,
    Write,
)
from collab.replica import Replica
from collab.tick import Tick, Ticker
from collab.writer import Writer

T = TypeVar("T")
UNSAVED_FRAMES = 512  # a peer with this many frames waiting for the disk is not read until they are there


@dataclass(frozen=True, slots=True)
class Parts:
    """What a room is built with."""

    log: Log
    writer: Writer
    broker: Broker
    pages: Pages
    habit: Habit


class Room:
    """`on_recheck` is called when somebody's rights have changed elsewhere."""

    def __init__(self, document_id: UUID, stored: Stored, parts: Parts, *, on_recheck: Callable[[Room], None]) -> None:
        replica = Replica(stored)
        self.document_id = document_id
        self.peers: set[Peer] = set()
        self.ticker = Ticker(document_id, replica, log=parts.log, writer=parts.writer, audience=self)
        self.keeper = Keeper(document_id, replica, parts.log, habit=parts.habit, on_kept=self._snapshot_kept)
        self.keeper.resume(stored.entries)
        self.carets = Carets(
            show=self._send_all, publish=self._publish_carets, on_people=lambda: self.notify("presence")
        )
        self._parts = parts
        self._on_recheck = on_recheck
        self._fragments = Fragments(document_id, parts.pages, peers=lambda: self.peers, people=self.carets.people)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def replica(self) -> Replica:
        return self.ticker.replica

    # --- coming and going ---------------------------------------------------------------------------------------

    def join(self, peer: Peer) -> None:
        """Greet a peer: who it is, what we have, who is here."""
        self.peers.add(peer)
        if peer.is_page:
            peer.send(protocol.hello(self._hello(peer.grant)))
        peer.send(protocol.sync_step1(self.replica.knowledge.state_vector()))
        if frame := self.carets.frame():
            peer.send(frame)
        if peer.is_page:
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

    # --- what peers say -------------------------------------------------------------------------------------------

    async def receive(self, peer: Peer, frame: bytes) -> None:
        """Take one binary frame. A frame that is refused changes nothing and costs only its sender its connection."""
        if peer.closed:
            return
        await peer.settled.wait()
        try:
            if peer.grant.expires is not None and peer.grant.expires <= time.time():
                raise Forbidden("Your access to this document has ended.")
            match protocol.decode(frame):
                case protocol.Update(update):
                    await self._write(peer, update, is_whole=False)
                case protocol.SyncStep2(update):
                    await self._write(peer, update, is_whole=True)
                case protocol.SyncStep1(state_vector):
                    vector = protocol.encode_state_vector(state_vector)
                    self.ticker.ask(lambda: peer.send(protocol.sync_step2(self.replica.missing(vector))))
                case protocol.AwarenessUpdate(states):
                    self.carets.announce(peer, states)
                case protocol.QueryAwareness():
                    peer.send(self.carets.frame() or protocol.awareness([]))
        except CollabError as error:
            peer.close(error)

    async def _write(self, peer: Peer, update: bytes, *, is_whole: bool) -> None:
        """`is_whole`: a sync step 2, which holds everything we lack of this peer, so it mends what was refused before."""
        peer.received += 1
        if not peer.grant.may_write:
            self._refuse(peer, update)
            return
        try:
            is_news = await self.ticker.say(peer, update)
        except Gap:
            peer.desynced = True
            peer.send(protocol.sync_step1(self.replica.knowledge.state_vector()))
            return
        if is_whole:
            peer.desynced = False
        if is_news:
            peer.unsaved += 1
            if peer.unsaved >= UNSAVED_FRAMES:
                peer.settled.clear()
        elif not peer.unsaved:
            self._saved(peer, peer.received)

    def _refuse(self, peer: Peer, update: bytes) -> None:
        if self.replica.brings_news(update):
            peer.desynced = True
            sentence = "You can read this document, but not change it."
            peer.send(
                protocol.notice("refused", sentence) if peer.is_page else protocol.permission_denied(sentence)
            )
        else:
            self._saved(peer, peer.received)

    def _saved(self, peer: Peer, count: int) -> None:
        """The peer's first `count` frames are on disk."""
        if peer.is_page and not peer.desynced:
            peer.send(protocol.saved(count, self.replica.seq))

    # --- what the ticker tells (collab.tick.Audience) -----------------------------------------------------------------

    def gap_seconds(self) -> float:
        """How long writes gather before the next commit: nothing for a few people, up to 20 ms for many."""
        return min(0.020, 0.00004 * len(self.peers))

    def show(self, writes: Iterable[Write], *, spare: Peer | None = None) -> None:
        """Send what is on disk to everybody, as one frame encoded once."""
        updates = [write.update for write in writes]
        frame = protocol.update(updates[0] if len(updates) == 1 else merge_updates(*updates))
        self._send_all(frame, spare=spare)

    def _send_all(self, frame: bytes, *, spare: Peer | None = None) -> None:
        for peer in self.peers:
            if peer is not spare:
                peer.send(frame)

    def committed(self, tick: Tick, seq: int) -> None:
        """Tell each author how much of what it sent is on disk, and the other processes that there is more to read."""
        counts: dict[Peer, int] = {}
        for said in tick.said:
            said.peer.unsaved -= 1
            counts[said.peer] = said.count
        for peer, count in counts.items():
            peer.settled.set()
            self._saved(peer, count if peer.unsaved else peer.received)
        if tick.writes:
            self._parts.broker.publish(self.document_id, Committed(Entry(seq, tuple(tick.writes))))
            self.keeper.written(tick.writes)

    def trouble(self, reason: str) -> None:
        """The log cannot be written (or can again: ""): say so on every page."""
        frame = protocol.notice("not-saving", reason) if reason else protocol.notice("saving-again", "")
        for peer in self.peers:
            if peer.is_page:
                peer.send(frame)

    def fail(self, error: CollabError) -> None:
        for peer in self.peers:
            peer.close(error)

    def refresh(self) -> None:
        """After a rebuild that brought news: send everybody the whole state (CRDT updates may come twice)."""
        self._send_all(protocol.update(self.replica.state()))

    # --- what the server itself does --------------------------------------------------------------------------------

    async def edit(self, principal: str, change: Callable[[Doc[XmlFragment]], T]) -> T:
        """Run `change` on the live document in one tick; return its result once that is on disk."""
        result: T = await self.ticker.edit(principal, change)
        return result

    async def read(self, reader: Callable[[Doc[XmlFragment]], T]) -> T:
        """Run `reader` on the document exactly as it is on disk."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def ask() -> None:
            try:
                answer.set_result(reader(self.replica.doc))
            except Exception as error:  # noqa: BLE001 (it belongs to the reader)
                answer.set_exception(error)

        self.ticker.ask(ask)
        return await answer

    async def keep_snapshot(self, kind: SnapshotKind, *, name: str = "", authors: Sequence[str] = ()) -> SnapshotInfo:
        """Keep the document as it is on disk now."""
        capture = await self.read(lambda _: self.keeper.capture())
        return await self.keeper.store(capture, kind, name=name, authors=authors)

    def _snapshot_kept(self) -> None:
        self.notify("snapshots")
        self._parts.broker.publish(self.document_id, Notify("snapshots"))

    def _publish_carets(self, payload: bytes) -> None:
        self._parts.broker.publish(self.document_id, Awareness(payload))

    def notify(self, topic: str) -> None:
        """Something beside the text has changed: every page here gets its fragment."""
        if self.peers:
            self._fragments.notify(topic)

    def beat(self) -> None:
        """Every few seconds: what is due by time alone."""
        self.carets.beat()
        self.ticker.ask(self.keeper.consider)

    def regrant(self, peer: Peer, grant: Grant | None) -> None:
        """The peer's rights are now `grant`: tell it, or end it."""
        if grant is None:
            peer.close(Forbidden("Your access to this document has ended."))
        elif grant != peer.grant:
            was, peer.grant = peer.grant, grant
            if peer.is_page:
                peer.send(protocol.level({"level": grant.level, "mayWrite": grant.may_write}))
            if grant.may_write and not was.may_write:  # what it could not say before may come now
                peer.send(protocol.sync_step1(self.replica.knowledge.state_vector()))
            self.carets.restamp(peer, grant)
            if peer.is_page:
                self._spawn(self._fragments.greet(peer))

    # --- what other processes say -------------------------------------------------------------------------------------

    def deliver(self, message: Message) -> None:
        """A hint from the broker."""
        match message:
            case Committed(entry):
                if not self.ticker.hear(entry):
                    self.look()
            case Awareness(update):
                self.carets.hear(update)
            case Notify(topic):
                self.notify(topic)
            case Recheck():
                self._on_recheck(self)
            case Forget():
                self.fail(NoSuchDocument("This document has been deleted."))

    def look(self) -> None:
        """Read the log for what this process has not heard of."""
        self._spawn(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            await self.ticker.catch_up()
        except CollabError:
            return  # the next look, in a few seconds, will tell

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_quiet(self) -> bool:
        """Nobody is here and nothing is under way: the room may be dropped, for all it held is in the log."""
        return not self.peers and self.ticker.is_idle and not self._tasks and self.keeper.is_idle

    async def settle(self) -> None:
        """Wait until what is under way is on disk."""
        await self.ticker.idle()
        if self._tasks:
            await asyncio.wait(self._tasks)
