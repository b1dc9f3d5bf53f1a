"""What one log entry will hold, who waits for it and who is told. Pure values; collab.ticker makes them happen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pycrdt import Doc, XmlFragment

from collab.errors import CollabError
from collab.peer import Peer
from collab.ports import Entry, Write
from collab.replica import Vetted

Question = Callable[[], None]
Refused = Callable[[CollabError], None]


@dataclass(slots=True)
class Said:
    """What a peer has sent, waiting for its tick. `vetted` is None for what is known, but perhaps not on disk yet."""

    peer: Peer
    update: bytes
    vetted: Vetted | None
    generation: int  # of the replica that it was vetted against
    count: int  # how many frames of the peer this one completes

    def fail(self, error: CollabError) -> None:
        self.peer.close(error)


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

    def succeed(self) -> None:
        if not self.done.done():
            self.done.set_result(self.result)


@dataclass(slots=True)
class Tick:
    """Applied to the replica, not yet known to be on disk."""

    items: list[Said | Job] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    claims: dict[int, str] = field(default_factory=dict)
    seq: int | None = None  # its entry's, once that is on disk

    def recognise(self, entries: Iterable[Entry]) -> None:
        """Find the entry in the log, should the answer to its commit have been lost."""
        for entry in entries:
            if entry.writes == tuple(self.writes):
                self.seq = entry.seq

    def take(self, item: Said | Job, vetted: Vetted | None) -> None:
        self.items.append(item)
        if vetted is not None:
            self.seq = None
            self.writes.append(vetted.write)
            self.claims.update(vetted.claims)

    @property
    def said(self) -> list[Said]:
        return [item for item in self.items if isinstance(item, Said)]

    @property
    def jobs(self) -> list[Job]:
        return [item for item in self.items if isinstance(item, Job)]

    @property
    def lone_author(self) -> Peer | None:
        """The peer whose words all of this is, if it is one peer's: it need not be told them again."""
        authors = {item.peer if isinstance(item, Said) else None for item in self.items}
        return authors.pop() if len(authors) == 1 else None


class Questions:
    """What waits until the replica is exactly what is on disk, and who would rather be refused than wait long."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Question, Refused | None]] = []

    def add(self, question: Question, refused: Refused | None) -> None:
        self._waiting.append((question, refused))

    def take(self) -> list[tuple[Question, Refused | None]]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def refuse(self, error: CollabError) -> None:
        for question, refused in self.take():
            if refused:
                refused(error)
            else:
                self.add(question, None)


class Audience(Protocol):
    """Whom the ticker tells: the room."""

    def show(self, writes: Iterable[Write], *, spare: Peer | None = None) -> None: ...

    def committed(self, tick: Tick) -> None: ...

    def trouble(self, reason: str) -> None: ...

    def fail(self, error: CollabError) -> None: ...

    def refresh(self) -> None: ...

    def gap_seconds(self) -> float: ...
