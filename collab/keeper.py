"""When a room keeps a snapshot: by itself after enough editing, and whenever somebody asks for one.

A snapshot is taken only when the replica is exactly what is on disk, and kept only if it loads again as the same
document. Where it does not, an editor has written structs whose order depends on who reads them when: the replica then
becomes what everybody has who opens the document now.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from collab import fold
from collab.errors import CollabError
from collab.ports import Entry, Log, SnapshotInfo, SnapshotKind, Write
from collab.replica import Replica
from collab.tally import tally

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Habit:
    """How much editing makes an automatic snapshot."""

    entries: int = 500
    seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Capture:
    """A state at a seq, with the entries and the authors that have led to it since the last one."""

    seq: int
    state: bytes
    entries: int
    authors: tuple[str, ...]
    since: float | None


class Keeper:
    """Counts what has been written since the last snapshot, and by whom."""

    def __init__(
        self, document_id: UUID, replica: Replica, log: Log, *, habit: Habit, on_kept: Callable[[], None]
    ) -> None:
        self._document_id = document_id
        self._replica = replica
        self._log = log
        self._habit = habit
        self._on_kept = on_kept
        self._entries = 0
        self._authors: dict[str, None] = {}
        self._since: float | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        return self._task is None

    async def settle(self) -> None:
        """Wait until an automatic snapshot that is under way has been kept."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def resume(self, entries: Iterable[Entry]) -> None:
        """Count the log's tail: it was written after the last snapshot, before this room was loaded."""
        for entry in entries:
            self._count(entry.writes)

    def written(self, writes: Iterable[Write]) -> None:
        """One more entry is on disk. Call only when the replica is exactly what is on disk."""
        self._count(writes)
        self.consider()

    def _count(self, writes: Iterable[Write]) -> None:
        self._entries += 1
        for write in writes:
            self._authors[write.principal] = None
        if self._since is None:
            self._since = _now()

    def consider(self) -> None:
        """Keep an automatic snapshot if enough has been written, or long enough ago."""
        if self._since is None:
            return
        if self._entries >= self._habit.entries or _now() - self._since >= self._habit.seconds:
            self.keep_automatic()

    def keep_automatic(self) -> None:
        """Keep a snapshot of what has been written since the last one, if anything has."""
        if not self._entries or self._task is not None:
            return
        try:
            capture = self.capture()
        except CollabError as error:  # the log still has every entry
            logger.warning("No snapshot of document %s: %s", self._document_id, error)
            self._entries, self._since = 1, _now()  # looking was dear: not again before as much has been written
            return
        self._task = asyncio.create_task(self._keep_automatic(capture))

    async def _keep_automatic(self, capture: Capture) -> None:
        try:
            await self.store(capture, "auto")
        except CollabError as error:  # the next occasion will do
            logger.warning("No snapshot of document %s: %s", self._document_id, error)
        finally:
            self._task = None

    def capture(self) -> Capture:
        """The state as it is now, and who has made it; counting starts anew. Raises CollabError if it does not load."""
        state = self._replica.state()
        if not fold.is_faithful(state, self._replica.doc):
            state = self._settle(state)
        capture = Capture(self._replica.seq, state, self._entries, tuple(self._authors), self._since)
        self._entries, self._authors, self._since = 0, {}, None
        return capture

    def _settle(self, state: bytes) -> bytes:
        """The state that loads as the replica does once it is loaded itself. Raises CollabError if there is none."""
        logger.warning("Document %s is read differently by who opens it now: it is loaded again", self._document_id)
        self._replica.settle(state)
        # The new state need not be read as it stands either, where structs change places at each reading; the old is.
        for candidate in self._replica.state(), state:
            if fold.is_faithful(candidate, self._replica.doc):
                return candidate
        raise CollabError("The document's state does not load again as the same document: the log is kept instead.")

    async def store(
        self, capture: Capture, kind: SnapshotKind, *, name: str = "", authors: Sequence[str] = ()
    ) -> SnapshotInfo:
        """Write a captured state down. Raises Unavailable, and then what it counted is counted again."""
        writers = tuple(dict.fromkeys([*capture.authors, *authors]))
        try:
            info = await self._log.save_snapshot(
                self._document_id, seq=capture.seq, state=capture.state, kind=kind, name=name, authors=writers
            )
        except CollabError:
            self._entries += capture.entries
            self._authors = dict.fromkeys([*capture.authors, *self._authors])
            self._since = capture.since if capture.since is not None else self._since
            raise
        tally.snapshots += 1
        self._on_kept()
        return info


def _now() -> float:
    return asyncio.get_running_loop().time()
