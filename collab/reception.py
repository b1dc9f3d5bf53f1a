"""What peers say: each frame to who deals with it, and every author told how much of what it said is on disk."""

from __future__ import annotations

import time

from collab import protocol
from collab.carets import Carets
from collab.errors import CollabError, Forbidden, Gap
from collab.peer import Peer
from collab.replica import Replica
from collab.tick import Tick
from collab.ticker import Ticker

UNSAVED_FRAMES = 512  # a peer with this many frames waiting for the disk is not read until they are there
READ_ONLY = "You can read this document, but not change it."


class Reception:
    """The room's ear."""

    def __init__(self, ticker: Ticker, carets: Carets) -> None:
        self._ticker = ticker
        self._carets = carets

    @property
    def _replica(self) -> Replica:
        return self._ticker.replica

    async def receive(self, peer: Peer, frame: bytes) -> None:
        """Take one binary frame. A frame that is refused changes nothing and costs only its sender its connection."""
        await peer.settled.wait()
        if peer.closed:
            return
        try:
            if peer.grant.expires is not None and peer.grant.expires <= time.time():
                raise Forbidden("Your access to this document has ended.")
            await self._take(peer, protocol.decode(frame))
        except CollabError as error:
            peer.close(error)

    async def _take(self, peer: Peer, message: protocol.Message) -> None:
        match message:
            case protocol.Update(update):
                await self._write(peer, update, is_whole=False)
            case protocol.SyncStep2(update):
                await self._write(peer, update, is_whole=True)
            case protocol.SyncStep1(state_vector):
                vector = protocol.encode_state_vector(state_vector)
                self._ticker.ask(lambda: peer.send(protocol.sync_step2(self._replica.missing(vector))))
            case protocol.AwarenessUpdate(states):
                self._carets.announce(peer, states)
            case protocol.QueryAwareness():
                peer.send(self._carets.frame() or protocol.awareness([]))

    async def _write(self, peer: Peer, update: bytes, *, is_whole: bool) -> None:
        """`is_whole`: a sync step 2, which holds all we lack of this peer, so it mends what was refused before."""
        peer.received += 1
        if not peer.grant.may_write and self._refuse(peer, update):
            return
        try:
            must_wait = await self._ticker.say(peer, update)
        except Gap:
            peer.desynced = True
            self.inquire(peer)
            return
        if is_whole:
            peer.desynced = False
        if must_wait:
            peer.unsaved += 1
            if peer.unsaved >= UNSAVED_FRAMES:
                peer.settled.clear()
        else:
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
        peer.desynced = True
        return True

    def inquire(self, peer: Peer) -> None:
        """Ask a peer for what it has and we lack."""
        peer.send(protocol.sync_step1(self._replica.knowledge.state_vector()))

    def committed(self, tick: Tick) -> None:
        """Tell each author how much of what it has said is on disk."""
        counts: dict[Peer, int] = {}
        for said in tick.said:
            said.peer.unsaved -= 1
            counts[said.peer] = said.count
        for peer, count in counts.items():
            peer.settled.set()
            self._acknowledge(peer, count if peer.unsaved else peer.received)

    def _acknowledge(self, peer: Peer, count: int) -> None:
        if peer.is_page and not peer.desynced:
            peer.send(protocol.saved(count, self._replica.seq))
