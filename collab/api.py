"""The engine's door for the product: everything about a document's live text goes through here.

`create`, `erase`, and what is for whoever keeps the site (`audit`, `plan`, `alone` and their like) are ordinary
database work in the caller's thread and transaction. All else is asynchronous and talks to the live room, so it must
not be awaited from inside a transaction (the engine commits from another thread, and would wait for it): that raises
RuntimeError.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection
from pycrdt import Doc, XmlFragment

from collab.audit import Audit
from collab.audit import audit as _audit
from collab.engine import borrowed
from collab.pace import FORM, Meter
from collab.ports import SERVER, SnapshotInfo, SnapshotKind
from collab.records import document_ids, kept_bytes, one_moment, records_of, strays
from collab.repair import Plan, carry_out, plan
from collab.replica import Replica
from collab.serving import alone
from collab.store import create, erase, renew_epochs

__all__ = [
    "Plan",
    "alone",
    "audit",
    "carry_out",
    "create",
    "document_ids",
    "edit",
    "erase",
    "forget",
    "keep_snapshot",
    "kept_bytes",
    "notify",
    "one_moment",
    "plan",
    "recheck",
    "renew_epochs",
    "snapshot",
    "snapshot_state",
    "snapshots",
    "state",
    "strays",
]

T = TypeVar("T")


def audit(document_id: UUID) -> Audit:
    """Whether log, snapshots and owners agree. Database work, inside `one_moment`. Raises NoSuchDocument."""
    return _audit(records_of(document_id))


async def state(document_id: UUID) -> bytes:
    """The live document as it is on disk, whole: a Yjs v1 update. Raises NoSuchDocument."""
    async with borrowed() as hub:
        room = await hub.room(document_id)
        return await room.read(Replica.state)


async def edit(document_id: UUID, principal: str, change: Callable[[Doc[XmlFragment]], T]) -> T:
    """Run `change` in the live document, in one transaction, in `principal`'s name; return once it is on disk.

    Merges with what people are typing. An exception from `change` leaves the document as it was. Raises NoSuchDocument,
    and TooFast when this principal keeps the server busy.
    """
    await _refuse_inside_a_transaction()
    async with borrowed() as hub:
        if principal == SERVER:
            return await (await hub.room(document_id)).edit(principal, change)
        meter = hub.meter(principal)
        await asyncio.sleep(meter.spend(FORM))
        room = await hub.room(document_id)
        return await room.edit(principal, _on_the_clock(change, meter))


def _on_the_clock(change: Callable[[Doc[XmlFragment]], T], meter: Meter) -> Callable[[Doc[XmlFragment]], T]:
    """The same, paid for by whoever it is done for: nobody else is served meanwhile."""

    def timed(doc: Doc[XmlFragment]) -> T:
        began = time.thread_time()
        try:
            return change(doc)
        finally:
            meter.owe_stall(time.thread_time() - began)

    return timed


async def keep_snapshot(
    document_id: UUID, kind: SnapshotKind, *, name: str = "", authors: Sequence[str] = ()
) -> SnapshotInfo:
    """Keep the document as it is on disk now."""
    await _refuse_inside_a_transaction()
    async with borrowed() as hub:
        room = await hub.room(document_id)
        return await room.keep_snapshot(kind, name=name, authors=authors)


async def snapshots(document_id: UUID) -> Sequence[SnapshotInfo]:
    """All that are kept, newest first."""
    async with borrowed() as hub:
        return await hub.log.snapshots(document_id)


async def snapshot(document_id: UUID, snapshot_id: UUID) -> SnapshotInfo:
    """Raises NoSuchDocument, for another document's snapshot too."""
    async with borrowed() as hub:
        return await hub.log.snapshot(document_id, snapshot_id)


async def snapshot_state(document_id: UUID, snapshot_id: UUID) -> bytes:
    """A snapshot's full state, a Yjs v1 update. Raises NoSuchDocument, for another document's snapshot too."""
    async with borrowed() as hub:
        return await hub.log.snapshot_state(document_id, snapshot_id)


async def notify(document_id: UUID, topic: str) -> None:
    """Something beside the text has changed ("comments", "title", "snapshots"): every open page gets the fragment."""
    async with borrowed() as hub:
        hub.notify(document_id, topic)


async def recheck(document_id: UUID) -> None:
    """Rights have changed: everybody who has the document open is asked for again, in every process."""
    async with borrowed() as hub:
        await hub.recheck(document_id)


async def forget(document_id: UUID) -> None:
    """The document has been erased: end everybody's connection to it."""
    async with borrowed() as hub:
        hub.forget(document_id)


async def _refuse_inside_a_transaction() -> None:
    if await sync_to_async(lambda: connection.in_atomic_block)():
        raise RuntimeError("The engine cannot write while its caller holds a transaction: call it on commit.")
