"""What peers say: each frame to who deals with it, and every author told how much of what it said is on disk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine
from typing import Any, TypeAlias

from collab import pace, protocol
from collab.carets import Carets
from collab.errors import ClientIdTaken, CollabError, Gap, TooFast
from collab.peer import Peer
from collab.replica import Replica
from collab.tally import tally
from collab.tick import Tick
from collab.ticker import Ticker

Rest: TypeAlias = Coroutine[Any, Any, None]  # what is still to be done about a frame

READ_ONLY = "You can read this document, but not change it."


class Reception:
    """The room's ear. `peers` is everybody who hears what is said; `spawn` runs what nobody waits for."""

    def __init__(self, ticker: Ticker, carets: Carets, peers: Collection[Peer], spawn: Callable[[Rest], None]) -> None:
        self._ticker = ticker
        self._carets = carets
        self._peers = peers
        self._spawn = spawn

    @property
    def _replica(self) -> Replica:
        return self._ticker.replica

    def hear(self, peer: Peer, frame: bytes) -> Rest | None:
        """Take one binary frame. A frame that is refused changes nothing and costs only its sender its connection.

        What cannot be done at once is answered, to be awaited before the peer's next frame.
        """
        tally.frames += 1
        cost = pace.FRAME + len(frame) * (pace.BYTE + pace.SHOWN * len(self._peers))
        if frame and frame[0] != protocol.AWARENESS:
            cost += pace.WRITE
        try:
            wait = peer.meter.spend(cost)
        except TooFast as error:
            peer.close(error)
            return None
        if wait or not peer.is_settled:
            return self._hear_later(peer, frame, wait)
        return self._hear(peer, frame)

    async def _hear_later(self, peer: Peer, frame: bytes, wait: float) -> None:
        await asyncio.sleep(wait)
        await peer.settled()
        if rest := self._hear(peer, frame):
            await rest

    def _hear(self, peer: Peer, frame: bytes) -> Rest | None:
        if peer.closed:
            return None
        try:
            return self._take(peer, protocol.decode(frame))
        except CollabError as error:
            peer.refuse(error)
            return None

    def _take(self, peer: Peer, message: protocol.Message) -> Rest | None:
        match message:
            case protocol.Update(update):
                return self._write(peer, update, is_whole=False)
            case protocol.SyncStep2(update):
                return self._write(peer, update, is_whole=True)
            case protocol.SyncStep1(state_vector):
                self._ask(peer, protocol.encode_state_vector(state_vector))
            case protocol.AwarenessUpdate(states):
                peer.meter.owe(pace.CARET + pace.CARET_SHOWN * len(self._peers))
                self._carets.announce(peer, states)
            case protocol.QueryAwareness():
                peer.send(self._carets.frame() or protocol.awareness([]))
        return None

    def _ask(self, peer: Peer, state_vector: bytes) -> None:
        """Answer a step 1 in the next turn or as soon as may be; a peer's latest stands for those that still wait."""
        is_waiting, peer.asked = peer.asked is not None, state_vector
        if not is_waiting:
            asyncio.get_running_loop().call_soon(self._put_question, peer)

    def _put_question(self, peer: Peer) -> None:
        self._ticker.ask(lambda: self._answer(peer), lambda _: self._spawn(self._answer_from_disk(peer)))

    def _answer(self, peer: Peer, replica: Replica | None = None) -> None:
        state_vector, peer.asked = peer.asked, None
        if state_vector is None or peer.closed:
            return
        began = time.thread_time()
        answer = (replica or self._replica).missing(state_vector)
        peer.send(protocol.sync_step2(answer))
        peer.meter.owe(pace.ANSWER + pace.ANSWER_BYTE * len(answer))
        try:
            peer.meter.stalled(time.thread_time() - began)
        except TooFast as error:
            peer.close(error)

    async def _answer_from_disk(self, peer: Peer) -> None:
        """The log cannot be written: what it has can still be read by whoever comes, or else the question waits."""
        peer.meter.owe(pace.LOOK)
        try:
            replica = await self._ticker.on_disk()
        except CollabError:
            self._ticker.ask(lambda: self._answer(peer))
            return
        self._answer(peer, replica)

    def _write(self, peer: Peer, update: bytes, *, is_whole: bool) -> Rest | None:
        """`is_whole`: a sync step 2, which holds all we lack of this peer, so it mends what was refused before."""
        peer.received += 1
        if not peer.grant.may_write and self._refuse(peer, update):
            return None
        peer.hold(len(update))  # while it is looked at, the receipt for another frame must not cover this one
        try:
            must_wait = self._ticker.say(peer, update)
        except (Gap, ClientIdTaken):
            return self._write_informed(peer, update, is_whole)
        self._written(peer, update, is_whole=is_whole, must_wait=must_wait)
        return None

    async def _write_informed(self, peer: Peer, update: bytes, is_whole: bool) -> None:
        try:
            must_wait = await self._ticker.say_informed(peer, update)
        except Gap:
            peer.release(len(update))
            peer.mended = None
            peer.meter.owe(pace.LOOK)
            self.inquire(peer)
        except CollabError as error:
            peer.refuse(error)
        else:
            self._written(peer, update, is_whole=is_whole, must_wait=must_wait)

    def _written(self, peer: Peer, update: bytes, *, is_whole: bool, must_wait: bool) -> None:
        if is_whole and peer.mended is None:
            peer.mended = peer.received
        if not must_wait:
            peer.release(len(update))
            self._acknowledge(peer, peer.received)

    def _refuse(self, peer: Peer, update: bytes) -> bool:
        """Whether somebody who may only read would change something: then it is not taken."""
        match self._replica.would_change(update):
            case "nothing":
                return False
            case "text":
                refuse = (
                    protocol.notice("refused", READ_ONLY) if peer.is_page else protocol.permission_denied(READ_ONLY)
                )
                peer.send(refuse)
            case "deletions":
                pass  # perhaps nobody's doing: Yjs drops marks that have become redundant wherever it sees them
        peer.mended = None
        return True

    def inquire(self, peer: Peer) -> None:
        """Ask a peer for what it has and we lack."""
        peer.send(protocol.sync_step1(self._replica.knowledge.state_vector()))

    def committed(self, tick: Tick) -> None:
        """Tell each author how much of what it has said is on disk."""
        counts: dict[Peer, int] = {}
        for said in tick.said:
            said.peer.release(len(said.update))
            counts[said.peer] = said.count
        for peer, count in counts.items():
            self._acknowledge(peer, count if peer.unsaved else peer.received)

    def _acknowledge(self, peer: Peer, count: int) -> None:
        if peer.is_page and peer.mended is not None and count >= peer.mended:
            peer.send(protocol.saved(count, self._replica.seq))
