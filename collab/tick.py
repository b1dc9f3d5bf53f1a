"""What one log entry will hold, who waits for it and who is told. Pure values; collab.ticker makes them happen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pycrdt import Doc, XmlFragment

from collab.errors import ClientIdTaken, CollabError, Forbidden
from collab.pace import POISONED, STALL_FREE
from collab.peer import Peer
from collab.ports import Entry, Write
from collab.replica import Replica, Vetted

LONGEST = 0.010  # seconds for which a tick is made without letting anything else be done
FEW = 12  # people who are told at once, each time
SILENCE = 4  # gaps: so long without a tick is a silence


def gap_seconds(people: int, since_tick: float) -> float:
    """For how many seconds what is written gathers, from the first of it on: up to 0.02, where many are told each time.

    Who writes into a silence is not kept waiting. `since_tick`: seconds since the last tick.
    """
    gap = min(0.020, 0.0000375 * people) if people > FEW else 0.0
    return gap if since_tick < SILENCE * gap else 0.0


@dataclass(slots=True)
class Said:
    """What a peer has sent, waiting for its tick. `vetted` is None for what is known, but perhaps not on disk yet."""

    peer: Peer
    update: bytes
    vetted: Vetted | None
    count: int  # how many frames of the peer this one completes

    def vet_again(self, replica: Replica) -> None:
        """It was vetted against a document that has been rebuilt since. Raises CollabError when it is not taken."""
        self.peer.meter.check()
        if not self.peer.grant.may_write and replica.would_change(self.update) != "nothing":
            raise Forbidden("You can read this document, but not change it.")
        claims = self.vetted.claims if self.vetted else {}
        if any(replica.owners.get(client_id, who) != who for client_id, who in claims.items()):
            raise ClientIdTaken("This client id belongs to someone else in this document.")
        self.vetted = replica.vet(self.peer.grant.principal, self.update, is_current=True)

    def apply(self, replica: Replica, computed_since: Callable[[float], float]) -> None:
        """Its principal pays for the time in which nobody else was served. Raises Poisoned or TooFast."""
        if self.vetted is not None:
            began = time.perf_counter()
            replica.admit(self.vetted.write)
            seconds = time.perf_counter() - began
            if seconds > STALL_FREE:  # unless it was another program that ran meanwhile
                self.peer.meter.stalled(min(seconds, computed_since(began)))

    def fail(self, error: CollabError) -> None:
        self.peer.close(error)

    def spoil(self, error: CollabError) -> None:
        """The document must be loaded again because of it."""
        self.peer.refuse(error, POISONED)


@dataclass(slots=True)
class Job:
    """An edit by the server for somebody, waiting for its tick."""

    principal: str
    change: Callable[[Doc[XmlFragment]], Any]
    done: asyncio.Future[Any]
    result: Any = None

    def fail(self, error: BaseException) -> None:
        if not self.done.done():
            self.done.set_exception(error)

    def spoil(self, error: CollabError) -> None:
        self.fail(error.__cause__ or error)

    def succeed(self) -> None:
        if not self.done.done():
            self.done.set_result(self.result)


@dataclass(slots=True)
class Tick:
    """Applied to the replica, not yet known to be on disk."""

    said: list[Said] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    claims: dict[int, str] = field(default_factory=dict)
    seq: int | None = None  # its entry's, once that is on disk
    began: float = field(default_factory=time.perf_counter)
    _began_at: float = field(default_factory=time.thread_time)

    def computed_since(self, moment: float) -> float:
        """For how many seconds this thread has been at work since a moment of the tick, at least. It is dear to ask."""
        return time.thread_time() - self._began_at - (moment - self.began)

    @property
    def is_long(self) -> bool:
        """Whether it has taken so long that the rest had better wait for the next one."""
        return time.perf_counter() - self.began > LONGEST

    def recognise(self, entries: Iterable[Entry]) -> None:
        """Find the entry in the log, should the answer to its commit have been lost."""
        for entry in entries:
            if entry.writes == tuple(self.writes):
                self.seq = entry.seq

    def take(self, item: Said | Job, vetted: Vetted | None) -> None:
        if isinstance(item, Said):
            self.said.append(item)
        else:
            self.jobs.append(item)
        if vetted is not None:
            self.seq = None
            self.writes.append(vetted.write)
            if vetted.claims:
                self.claims.update(vetted.claims)

    def give_up(self) -> list[Said | Job]:
        """All that was taken, in order but for the jobs, which come last; nothing is left."""
        items: list[Said | Job] = [*self.said, *self.jobs]
        self.said, self.jobs, self.writes, self.claims = [], [], [], {}
        return items

    @property
    def lone_author(self) -> Peer | None:
        """The peer whose words all of this is, if it is one peer's: it need not be told them again."""
        authors = {said.peer for said in self.said}
        return authors.pop() if len(authors) == 1 and not self.jobs else None


class Audience(Protocol):
    """Whom the ticker tells: the room."""

    def show(self, writes: Iterable[Write], *, spare: Peer | None = None) -> None: ...

    def committed(self, tick: Tick) -> None: ...

    def trouble(self, reason: str) -> None: ...

    def fail(self, error: CollabError) -> None: ...

    def refresh(self) -> None: ...

    def gap_seconds(self) -> float: ...
