"""The database log keeps the contract, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.utils import timezone

from collab import commits, fold, store, thinning
from collab.errors import Malformed, NoSuchDocument
from collab.models import ClientOwner, LogEntry, Snapshot, Stream
from collab.ports import Append, Entry, Log, Outcome, Write
from collab.store import DatabaseLog
from tests.contracts.log_contract import LogContract, entry, state

pytestmark = pytest.mark.django_db(transaction=True)


class TestDatabaseLog(LogContract):
    @pytest.fixture
    async def log(self, anyio_backend: str) -> AsyncIterator[DatabaseLog]:
        log = DatabaseLog()
        yield log
        await log.close()

    @pytest.fixture
    async def document_id(self, anyio_backend: str) -> UUID:
        document_id = uuid4()
        await sync_to_async(store.create)(document_id)
        return document_id

    async def prune(self, log: Log, document_id: UUID) -> None:
        rows = Snapshot.objects.filter(document_id=document_id)
        await rows.aupdate(is_verified=True)
        newest = await rows.order_by("-seq").afirst()
        assert newest is not None
        await sync_to_async(thinning.let_go)(document_id, newest.seq, [])

    async def test_a_hole_in_the_log_is_said(self, log: DatabaseLog, document_id: UUID) -> None:
        await log.append([entry(document_id, seq) for seq in (1, 2, 3)])
        await LogEntry.objects.filter(seq=1).adelete()
        with pytest.raises(Malformed, match="lacks entry 1"):
            await log.load(document_id)

    async def test_a_damaged_row_is_said(self, log: DatabaseLog, document_id: UUID) -> None:
        await log.append([entry(document_id, 1)])
        await LogEntry.objects.aupdate(payload=b"\7junk")
        with pytest.raises(Malformed, match="does not read"):
            await log.load(document_id)

    async def test_a_flipped_bit_is_said(self, log: DatabaseLog, document_id: UUID) -> None:
        await log.append([entry(document_id, 1)])
        row = await LogEntry.objects.aget()
        await LogEntry.objects.aupdate(payload=bytes(row.payload)[:-1] + bytes([row.payload[-1] ^ 1]))
        with pytest.raises(Malformed, match="checksum"):
            await log.load(document_id)
        await LogEntry.objects.aupdate(payload=row.payload)
        await log.save_snapshot(document_id, seq=1, state=state("a"), kind="auto")
        await Snapshot.objects.aupdate(state=state("b"))
        with pytest.raises(Malformed, match="checksum"):
            await log.load(document_id)

    async def test_entries_of_the_first_format_are_read(self, log: DatabaseLog, document_id: UUID) -> None:
        await log.append([entry(document_id, 1)])
        row = await LogEntry.objects.aget()
        await LogEntry.objects.aupdate(payload=b"\1" + bytes(row.payload)[5:])
        assert (await log.load(document_id)).entries == (Entry(1, entry(document_id, 1).writes),)

    async def test_what_is_committed_is_seen_by_other_connections(self, log: DatabaseLog, document_id: UUID) -> None:
        assert await log.append([entry(document_id, 1)]) == [Outcome.COMMITTED]
        assert await LogEntry.objects.filter(document_id=document_id).acount() == 1

    async def test_two_processes_that_commit_the_same_documents_do_not_wait_for_each_other(
        self, log: DatabaseLog
    ) -> None:
        """Each takes them in its own order; a database that locks rows would have to end one of the two."""
        documents = [uuid4() for _ in range(40)]
        for each in documents:
            await sync_to_async(store.create)(each)
        other = DatabaseLog()
        try:
            for seq in range(1, 11):
                ours = [entry(each, seq) for each in documents]
                theirs = [entry(each, seq, Write("user:2", b"u")) for each in reversed(documents)]
                first, second = await asyncio.gather(log.append(ours), other.append(theirs))
                assert {*first, *second} == {Outcome.COMMITTED, Outcome.BEHIND}
                assert all(
                    {one, two} == {Outcome.COMMITTED, Outcome.BEHIND}
                    for one, two in zip(first, reversed(second), strict=True)
                )
        finally:
            await other.close()

    async def test_nothing_is_committed_to_a_document_that_is_being_erased(
        self, log: DatabaseLog, document_id: UUID
    ) -> None:
        """Until the erasing transaction has ended, others see the document: what they write must not outlive it."""
        await log.append([entry(document_id, 1)])
        erased, may_end = threading.Event(), threading.Event()

        def erase() -> None:
            with transaction.atomic():
                store.erase(document_id)
                erased.set()
                may_end.wait(10)

        erasing = asyncio.create_task(sync_to_async(erase, thread_sensitive=False)())
        await asyncio.to_thread(erased.wait, 10)
        appending = asyncio.create_task(log.append([entry(document_id, 2)]))
        keeping = asyncio.create_task(log.save_snapshot(document_id, seq=1, state=state("a"), kind="auto"))
        done, _ = await asyncio.wait([appending, keeping], timeout=0.5)
        may_end.set()
        await erasing
        assert not done and await appending == [Outcome.GONE]
        with pytest.raises(NoSuchDocument):
            await keeping
        assert not await LogEntry.objects.aexists() and not await Snapshot.objects.aexists()


def test_a_document_begins_with_its_first_text() -> None:
    document_id = uuid4()
    store.create(document_id, "user:1", state("paragraph"))
    row = LogEntry.objects.get(document_id=document_id)
    assert [write.principal for write in fold.unpack(bytes(row.payload))] == ["user:1"]
    assert list(ClientOwner.objects.values_list("client_id", "principal")) == [(1, "server")]


def test_creating_is_undone_with_the_transaction_around_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        store.create(uuid4(), "user:1", state("paragraph"))
        1 / 0  # noqa: B018
    assert not Stream.objects.exists() and not LogEntry.objects.exists()


def test_erasing_leaves_nothing() -> None:
    document_id, other = uuid4(), uuid4()
    for each in (document_id, other):
        store.create(each, "user:1", state("paragraph"))
        Snapshot.objects.create(document_id=each, seq=1, kind="auto", state=state("paragraph"), size=1)
    store.erase(document_id)
    for model in (Stream, LogEntry, Snapshot, ClientOwner):
        assert list(model.objects.values_list("document_id", flat=True)) == [other]


def _commit(document_id: UUID) -> None:
    with commits._writing() as cursor:
        commits._insert(cursor, Append(document_id, 1, (Write("user:1", state("paragraph")),)), timezone.now())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one machine")
@pytest.mark.parametrize("work", [_commit, store.erase, lambda document_id: thinning.let_go(document_id, 0, [])])
def test_a_machine_that_is_lost_holds_nobody_up_for_long(work: Callable[[UUID], None]) -> None:
    """Its transaction stays open, and has the document: the database ends it, for nobody else would for hours."""
    document_id, is_over, is_open = uuid4(), threading.Event(), threading.Event()
    store.create(document_id)

    def lose() -> None:
        with suppress(DatabaseFailure), transaction.atomic():
            work(document_id)
            is_open.set()
            is_over.wait(60)
        connection.close()

    lost = threading.Thread(target=lose)
    lost.start()
    is_open.wait(60)
    try:
        again = Append(document_id, 1, (Write("user:2", state("heading")),))
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '40s'")
        assert commits.append([again], timezone.now()) == [Outcome.COMMITTED]
    finally:
        is_over.set()
        lost.join()
        connection.close()
    (row,) = LogEntry.objects.filter(document_id=document_id)
    assert [write.principal for write in fold.unpack(bytes(row.payload))] == ["user:2"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone counts its steps")
def test_how_far_logs_are_is_known_however_long_they_are() -> None:
    documents = [uuid4() for _ in range(3)]
    for each in documents:
        store.create(each)
    few = _steps(documents, entries=10)
    assert _steps(documents, entries=4_000) < 2 * few


def _steps(documents: Sequence[UUID], entries: int) -> int:
    """Tens of steps in SQLite's machine to ask for the heads of so long logs."""
    LogEntry.objects.all().delete()
    for each in documents:
        LogEntry.objects.bulk_create(LogEntry(document_id=each, seq=seq + 1, payload=b"") for seq in range(entries))
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    connection.connection.set_progress_handler(count, 10)
    try:
        assert store._heads(documents) == dict.fromkeys(documents, entries)
    finally:
        connection.connection.set_progress_handler(None, 10)
    return steps
