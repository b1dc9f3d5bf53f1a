"""The seams of the engine: what it stores, hears and asks, as Protocols, and the values that cross them.

A *principal* is the engine's word for an author: an opaque string such as "user:7", "guest:<uuid>" or "server".
Updates are Yjs v1 bytes; `seq` counts a document's log entries 1, 2, 3 ... without a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from collab.errors import CollabError

SERVER = "server"
LINE = "scriptorium.line"  # a server's ASGI extension (project/line.py): its value is a Line
SnapshotKind = Literal["auto", "named", "before-restore", "import"]


class Readers(NamedTuple):
    """Whom a fragment is for: everybody of one level whose pages are in one language."""

    level: int
    language: str


@dataclass(frozen=True, slots=True)
class Grant:
    """Who a peer is and what it may do. The engine itself only asks `may_write`; the rest is the product's."""

    principal: str
    name: str
    colour: str
    level: int
    may_write: bool
    credential: object = None
    crowd: str = ""  # those who can be many at will, and so are counted together (collab.pace); "" stands alone
    language: str = ""  # of the page

    @property
    def readers(self) -> Readers:
        return Readers(self.level, self.language)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has the document open now (once, however many tabs)."""

    principal: str
    name: str
    colour: str
    level: int


@dataclass(frozen=True, slots=True)
class Write:
    """One update with its author."""

    principal: str
    update: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed tick."""

    seq: int
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Append:
    """A tick that asks to become an entry; `claims` are client ids that its authors use for the first time."""

    document_id: UUID
    seq: int
    writes: tuple[Write, ...]
    claims: Mapping[int, str] = field(default_factory=dict)


class Outcome(Enum):
    COMMITTED = "committed"
    BEHIND = "behind"  # another process has taken this seq: catch up, then ask again
    GONE = "gone"  # the document has been deleted
    CLAIMED = "claimed"  # another process has given one of the client ids to someone else


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as the log has it: the newest snapshot's state at `seq`, and the entries after it."""

    epoch: UUID
    seq: int
    state: bytes | None
    entries: tuple[Entry, ...]
    owners: Mapping[int, str]

    @property
    def head(self) -> int:
        """The seq of the newest entry."""
        return self.entries[-1].seq if self.entries else self.seq


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A kept state, without its bytes. `size` is in bytes of the full state; `authors` are principals."""

    id: UUID
    document_id: UUID
    seq: int
    kind: SnapshotKind
    name: str
    authors: tuple[str, ...]
    size: int
    at: datetime


class Log(Protocol):
    """The truth. Every method may raise Unavailable; none may acknowledge what is not on disk."""

    async def load(self, document_id: UUID) -> Stored: ...  # raises NoSuchDocument

    async def since(self, document_id: UUID, seq: int) -> Sequence[Entry]: ...

    # raises NoSuchDocument, and Pruned: load instead

    async def append(self, batch: Sequence[Append]) -> Sequence[Outcome]: ...  # one transaction, one Outcome each

    async def heads(self, document_ids: Sequence[UUID]) -> Mapping[UUID, int]: ...  # the seq of each newest entry

    async def save_snapshot(
        self,
        document_id: UUID,
        *,
        seq: int,
        state: bytes,
        kind: SnapshotKind,
        name: str = "",
        authors: Sequence[str] = (),
    ) -> SnapshotInfo: ...

    async def snapshots(self, document_id: UUID) -> Sequence[SnapshotInfo]: ...  # newest first

    async def snapshot(self, document_id: UUID, snapshot_id: UUID) -> SnapshotInfo: ...  # raises NoSuchDocument

    async def snapshot_state(self, document_id: UUID, snapshot_id: UUID) -> bytes: ...  # raises NoSuchDocument

    async def tidy(self) -> bool: ...  # let one document's old history go, if any is due; whether one was

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Head:
    """The log has so many entries: whoever has fewer reads it."""

    epoch: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Committed:
    """Another process has committed `entry`. A hint: it may be lost, repeated or out of order.

    `epoch` is the document's: entries that were made before it came back from a backup are not its own.
    """

    epoch: UUID
    entry: Entry

    @property
    def head(self) -> Head:
        return Head(self.epoch, self.entry.seq)


@dataclass(frozen=True, slots=True)
class Awareness:
    """Stamped awareness states of another process, as the payload of an awareness message."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Notify:
    """Something the page shows beside the text has changed: "comments", "title" or "snapshots"."""

    topic: str


@dataclass(frozen=True, slots=True)
class Recheck:
    """Somebody's rights have changed."""


@dataclass(frozen=True, slots=True)
class Forget:
    """The document is gone for good, the log will say."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A process has opened the document: who is there answers with Awareness, to that address alone."""

    answer_to: str


Message = Committed | Head | Awareness | Notify | Recheck | Forget | Ask
Deliver = Callable[[Message], None]


class Broker(Protocol):
    """Hints between processes: at most once, in any order. `publish` never raises and never blocks the room."""

    def watch(self, on_return: Callable[[], None]) -> None: ...  # called when hints may have been lost

    async def subscribe(self, document_id: UUID, deliver: Deliver) -> None: ...

    async def unsubscribe(self, document_id: UUID) -> None: ...

    def publish(self, document_id: UUID, message: Message, to: str = "") -> None: ...

    # not delivered to the publisher itself; `to` is the address in an Ask, "" is everybody who has the document open

    async def close(self) -> None: ...


class Line(Protocol):
    """The wire itself, where the server hands it out: ASGI costs more than all else we do with a small frame."""

    def put(self, wire: bytes) -> bool: ...  # whole frames; False: the other side is behind, and nothing was taken

    def listen(self, hear: Callable[[Mapping[str, Any]], None]) -> None: ...  # ASGI's messages, as they come

    def hold(self) -> None: ...  # do not read on

    def go_on(self) -> None: ...

    def stay(self, rest: Coroutine[Any, Any, None]) -> None: ...

    # when the application returns the connection stays, and this is run; what the application was called with is let go


class Pages(Protocol):
    """What the product answers the engine. Fragments are HTML whose top elements htmx swaps by id."""

    schema_version: int

    async def authorize(self, scope: Mapping[str, Any], document_id: UUID) -> Grant: ...

    # raises NotSignedIn, Forbidden, NoSuchDocument

    async def recheck(self, grants: Sequence[tuple[UUID, Grant]]) -> Sequence[Grant | CollabError]: ...

    # what each holds now, or what ends it (Forbidden, NoSuchDocument); one call a second for a whole process

    async def render(self, document_id: UUID, topic: str, readers: Readers, people: Sequence[Person]) -> str: ...

    async def submit(self, document_id: UUID, grant: Grant, fields: Mapping[str, str]) -> str: ...

    # a ws-send form; answers a fragment for the sender alone, "" for none

    async def edited(self, authors: Mapping[UUID, str]) -> None: ...

    # each document's last author; one call every few seconds for a whole process, while somebody writes
