"""One document's CRDT in memory, guarded: what it holds, who owns which client id, and how far along the log it is.

Nothing here waits. An update is first *vetted* (read by our own guard, never by pycrdt) and later *applied*, at a tick.
Any exception out of pycrdt makes the Doc suspect: it is reported as Poisoned, and the caller rebuilds from the log.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, TypeVar

from pycrdt import Doc, TransactionEvent, XmlFragment

from collab import fold, guard, pairs
from collab.errors import CollabError, Gap, Malformed, Replaced
from collab.ports import SERVER, Entry, Stored, Write
from collab.tally import tally

T = TypeVar("T")
_MAX_CLIENT_ID = 2**32 - 1
READ_WHOLE = 65_536  # bytes of state
NOTHING = b"\0"  # the state vector of who has nothing
# A few kilobytes of well-formed structs can keep a CRDT busy for minutes (docs/protocol.md, "Limits"): longer updates
# are applied in pieces of so many structs, against the clock.
AT_ONCE = 1024  # bytes
PIECE = 64
PATIENCE_SECONDS, PATIENCE_PER_BYTE = 0.25, 1e-6


class Poisoned(Malformed):
    """pycrdt choked on something that passed the guard: the Doc may be half changed and must be rebuilt."""


@dataclass(frozen=True, slots=True)
class Vetted:
    """A write that may be applied, and the client ids it uses for the first time."""

    write: Write
    claims: dict[int, str]


class Replica:
    """`seq` is the last log entry applied; `generation` counts rebuilds."""

    def __init__(self, stored: Stored) -> None:
        self.generation = 0
        self.epoch = stored.epoch
        self.reset(stored)

    def reset(self, stored: Stored) -> None:
        """Start again from the log. Raises Poisoned when even that cannot be loaded, Replaced for another epoch's."""
        if stored.epoch != self.epoch:
            raise Replaced("This document has been brought back from a copy.")
        tally.rebuilds += self.generation > 0
        self.generation += 1
        self.owners = dict(stored.owners)
        self._unconfirmed: set[int] = set()  # client ids whose owner is only guessed from others' entries
        self.seq = stored.head
        # What is stored, as long as nothing has come to it: it says the same, and need not be written anew.
        self._stored = stored.state if not stored.entries else None
        with _suspect:
            self.doc = fold.replay(stored.state, stored.entries, self._new_client_id())
            self.knowledge = self._know(self._stored or self.doc.get_update())

    def _new_client_id(self) -> int:
        # 32 bits, as Yjs makes them: fewer bytes in every struct than pycrdt's 53.
        while (client_id := secrets.randbelow(_MAX_CLIENT_ID) + 1) in self.owners:
            pass
        return client_id

    def _know(self, state: bytes) -> guard.Knowledge:
        # Reading every struct also tells how deep nodes stand. A large document is opened without: its depth was
        # looked at as it was written, and it is read whole once somebody has made us load it again.
        if self.generation > 1 or len(state) <= READ_WHOLE:
            with suppress(CollabError):  # what is stored may be odder than what is let in
                knowledge = guard.Knowledge()
                knowledge.absorb(guard.scan(state, guard.TRUSTED))
                return knowledge
        clocks, found = self.doc.get_state(), {}
        with suppress(CollabError):
            found = pairs.find(state)
        return guard.Knowledge.of(clocks, self.doc.get_update(clocks), found)

    def vet(self, principal: str, update: bytes, *, is_current: bool) -> Vetted | None:
        """Check an update and reckon with it; None if it brings nothing new.

        Raises Malformed, TooLarge, ClientIdTaken or Gap, and then nothing has changed. A client id that is not known
        here may belong to somebody on another process: it is given away only if this replica `is_current` with the
        log, and raises Gap otherwise.
        """
        scan = guard.scan(update)
        claims = guard.check(scan, self.knowledge.clocks, principal, self.owners)
        if claims and not is_current:
            raise Gap("Whose client ids these are is read from the log first.")
        if not self.knowledge.news(scan):
            return None
        if self._unconfirmed:
            claims |= dict.fromkeys(self._unconfirmed.intersection(self.knowledge.ahead(scan)), principal)
            self._unconfirmed -= claims.keys()
        if claims:
            self.owners.update(claims)
        self.knowledge.absorb(scan)
        return Vetted(Write(principal, update), claims)

    def readmit(self, writes: Sequence[Write], claims: dict[int, str]) -> None:
        """Apply once more, after a rebuild, what had been vetted before and is not in the log yet. Raises Poisoned."""
        for write in writes:
            self.knowledge.absorb(guard.scan(write.update, guard.TRUSTED))
        self.owners.update(claims)
        self.apply(writes)

    def would_change(self, update: bytes) -> Literal["nothing", "deletions", "text"]:
        """What an update of a peer who may not change anything would do. Raises Malformed or TooLarge."""
        scan = guard.scan(update)
        if self.knowledge.inserts(scan):
            return "text"
        return "deletions" if self.knowledge.news(scan) else "nothing"

    def apply(self, writes: Iterable[Write]) -> None:
        """Apply writes that are on disk or have been applied before. Raises Poisoned."""
        self._stored = None
        with _suspect, self.doc.transaction():
            for write in writes:
                self.doc.apply_update(write.update)

    def admit(self, write: Write) -> None:
        """Apply a vetted write of a peer. Raises Poisoned, also when it takes longer than honest ones do."""
        self._stored = None
        if len(write.update) <= AT_ONCE:
            with _suspect:
                self.doc.apply_update(write.update)
            return
        with _suspect, self.doc.transaction():
            patience = time.thread_time() + PATIENCE_SECONDS + PATIENCE_PER_BYTE * len(write.update)
            for piece in guard.split(write.update, PIECE):
                self.doc.apply_update(piece)
                if time.thread_time() > patience:
                    raise TimeoutError("It was made to keep the server busy.")

    def merge(self, entry: Entry) -> None:
        """Apply an entry that another process has committed, if it is the next one. Raises Poisoned."""
        if entry.seq != self.seq + 1:
            return
        self.apply(entry.writes)
        for write in entry.writes:
            scan = guard.scan(write.update, guard.TRUSTED)
            self.knowledge.absorb(scan)
            # An edit by a server has its author's name, but the server's client id: the log decides at the next use.
            for client_id in scan.inserts.keys() - self.owners.keys():
                self.owners[client_id] = write.principal
                self._unconfirmed.add(client_id)
        self.seq = entry.seq

    def change(self, principal: str, change: Callable[[Doc[XmlFragment]], T]) -> tuple[T, Vetted | None]:
        """Let the server itself edit, in one transaction: the result, and the update to commit (None: no change).

        An exception from `change` passes through; it is Poisoned's cause when the document was already touched,
        for pycrdt cannot roll back.
        """
        updates: list[bytes] = []
        self._stored = None
        # Observing costs O(length of the author's run): fine for a server's edit, never for a keystroke.
        subscription = self.doc.observe(lambda event: _keep(event, updates))
        try:
            with self.doc.transaction():
                result = change(self.doc)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            if updates or not isinstance(error, Exception):
                raise Poisoned("The edit failed half way.") from error
            raise
        finally:
            self.doc.unobserve(subscription)
        if not updates:
            return result, None
        try:
            return result, self._vetted_by_us(principal, updates[0])
        except CollabError as error:
            raise Poisoned("The edit is not one that documents may hold.") from error

    def _vetted_by_us(self, principal: str, update: bytes) -> Vetted:
        self.knowledge.absorb(guard.scan(update, guard.TRUSTED))
        own = self.doc.client_id
        claims = {} if own in self.owners else {own: SERVER}
        self.owners.update(claims)
        return Vetted(Write(principal, update), claims)

    def state(self) -> bytes:
        """The whole document as one Yjs v1 update."""
        if self._stored is not None:
            return self._stored
        with _suspect:
            return self.doc.get_update()

    def settle(self, state: bytes) -> None:
        """Become what whoever loads this state of ours has: the same structs, perhaps in another order.

        Only between two ticks. Raises Poisoned.
        """
        self._stored = state
        with _suspect:
            self.doc = fold.replay(state, (), self.doc.client_id)

    def missing(self, state_vector: bytes) -> bytes:
        """What a replica at `state_vector` (encoded by us, never a client's own bytes) lacks."""
        if state_vector == NOTHING:
            return self.state()
        with _suspect:
            return self.doc.get_update(state_vector)


def _keep(event: TransactionEvent, updates: list[bytes]) -> None:
    if event.update != b"\0\0":
        updates.append(event.update)


class _Suspect:
    """What goes wrong in pycrdt inside of it is raised as Poisoned."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        # pycrdt's PanicException is a BaseException and cannot be imported: everything but an interrupt counts.
        if error is not None and not isinstance(error, KeyboardInterrupt | SystemExit):
            raise Poisoned(f"The document could not be changed: {type(error).__name__}.") from error


_suspect = _Suspect()  # there is nothing in it to be made anew for each key
