"""The log and the broker in memory: for tests, benchmarks, and as the plainest statement of what the ports mean."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from collab.errors import NoSuchDocument, Pruned
from collab.ports import Append, Ask, Deliver, Entry, Message, Outcome, SnapshotInfo, SnapshotKind, Stored


@dataclass(slots=True)
class _Document:
    epoch: UUID
    floor: int = 0
    entries: list[Entry] = field(default_factory=list)
    owners: dict[int, str] = field(default_factory=dict)
    snapshots: list[tuple[SnapshotInfo, bytes]] = field(default_factory=list)


async def _at_once() -> None:
    return None


class MemoryLog:
    """`pause` is awaited before every operation: a test's way to make the disk slow, or fail with Unavailable."""

    def __init__(self, pause: Callable[[], Awaitable[None]] = _at_once) -> None:
        self.pause = pause
        self._documents: dict[UUID, _Document] = {}

    def create(self, document_id: UUID) -> None:
        self._documents[document_id] = _Document(uuid4())

    def erase(self, document_id: UUID) -> None:
        self._documents.pop(document_id, None)

    def prune(self, document_id: UUID) -> None:
        """Let go of the entries that the newest snapshot has."""
        document = self._find(document_id)
        document.floor = max([document.floor, *(info.seq for info, _ in document.snapshots)])

    def _find(self, document_id: UUID) -> _Document:
        try:
            return self._documents[document_id]
        except KeyError:
            raise NoSuchDocument(f"There is no document {document_id}.") from None

    async def load(self, document_id: UUID) -> Stored:
        await self.pause()
        document = self._find(document_id)
        newest = max(reversed(document.snapshots), key=lambda kept: kept[0].seq, default=None)
        seq, state = (newest[0].seq, newest[1]) if newest else (0, None)
        return Stored(document.epoch, seq, state, tuple(document.entries[seq:]), dict(document.owners))

    async def since(self, document_id: UUID, seq: int) -> Sequence[Entry]:
        await self.pause()
        document = self._find(document_id)
        if seq < document.floor:
            raise Pruned(f"The log of document {document_id} begins after entry {document.floor}.")
        return tuple(document.entries[seq:])

    async def append(self, batch: Sequence[Append]) -> Sequence[Outcome]:
        await self.pause()
        return [self._append(entry) for entry in batch]

    def _append(self, entry: Append) -> Outcome:
        document = self._documents.get(entry.document_id)
        if document is None:
            return Outcome.GONE
        if entry.seq != len(document.entries) + 1:
            return Outcome.BEHIND
        if any(document.owners.get(client_id, who) != who for client_id, who in entry.claims.items()):
            return Outcome.CLAIMED
        document.owners.update(entry.claims)
        document.entries.append(Entry(entry.seq, entry.writes))
        return Outcome.COMMITTED

    async def heads(self, document_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        await self.pause()
        return {each: len(self._documents[each].entries) for each in document_ids if each in self._documents}

    async def save_snapshot(
        self,
        document_id: UUID,
        *,
        seq: int,
        state: bytes,
        kind: SnapshotKind,
        name: str = "",
        authors: Sequence[str] = (),
    ) -> SnapshotInfo:
        await self.pause()
        now = datetime.now(UTC)
        info = SnapshotInfo(uuid4(), document_id, seq, kind, name, tuple(authors), len(state), now)
        self._find(document_id).snapshots.append((info, state))
        return info

    async def snapshots(self, document_id: UUID) -> Sequence[SnapshotInfo]:
        await self.pause()
        return [info for info, _ in reversed(self._find(document_id).snapshots)]

    async def snapshot(self, document_id: UUID, snapshot_id: UUID) -> SnapshotInfo:
        await self.pause()
        return self._kept(document_id, snapshot_id)[0]

    async def snapshot_state(self, document_id: UUID, snapshot_id: UUID) -> bytes:
        await self.pause()
        return self._kept(document_id, snapshot_id)[1]

    async def tidy(self) -> bool:
        return False

    async def close(self) -> None:
        return None

    def _kept(self, document_id: UUID, snapshot_id: UUID) -> tuple[SnapshotInfo, bytes]:
        for kept in self._find(document_id).snapshots:
            if kept[0].id == snapshot_id:
                return kept
        raise NoSuchDocument(f"There is no snapshot {snapshot_id} of this document.")


class Exchange:
    """What joins the brokers of several processes: hands each message to everybody else's loop at once."""

    def __init__(self) -> None:
        self.brokers: list[MemoryBroker] = []

    def publish(self, sender: MemoryBroker, document_id: UUID, message: Message, to: str) -> None:
        for broker in self.brokers:
            if broker is not sender and to in ("", broker.address):
                broker.receive(document_id, message)


class MemoryBroker:
    """One process's end of an Exchange."""

    def __init__(self, exchange: Exchange | None = None) -> None:
        self._exchange = exchange or Exchange()
        self._exchange.brokers.append(self)
        self._deliver: dict[UUID, Deliver] = {}
        self.address = uuid4().hex

    def watch(self, on_return: Callable[[], None]) -> None:
        """Nothing is ever lost here."""

    async def subscribe(self, document_id: UUID, deliver: Deliver) -> None:
        is_new = document_id not in self._deliver
        self._deliver[document_id] = deliver
        if is_new:
            self.publish(document_id, Ask(self.address))

    async def unsubscribe(self, document_id: UUID) -> None:
        self._deliver.pop(document_id, None)

    def publish(self, document_id: UUID, message: Message, to: str = "") -> None:
        self._exchange.publish(self, document_id, message, to)

    def receive(self, document_id: UUID, message: Message) -> None:
        """A message from another process, in the next turn of the loop."""
        asyncio.get_running_loop().call_soon(self._hand_over, document_id, message)

    def _hand_over(self, document_id: UUID, message: Message) -> None:
        if deliver := self._deliver.get(document_id):
            deliver(message)

    async def close(self) -> None:
        self._deliver.clear()
        if self in self._exchange.brokers:
            self._exchange.brokers.remove(self)
