"""History thins out with age, never before what is left has been verified, and whoever lags behind loses nothing."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from collab import fold, thinning
from collab.errors import Replaced
from collab.hub import Hub, Tuning
from collab.memory import MemoryBroker
from collab.models import ClientOwner, LogEntry, Snapshot, Stream
from collab.peer import Peer
from collab.retention import Retention
from collab.store import DatabaseLog
from tests.support.chronicle import Chronicle, one_paragraph
from tests.support.live import Tab, does
from tests.support.plain_pages import PlainPages
from tests.support.until import until_async

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def past() -> Iterator[Chronicle]:
    """A document with a week's log, three snapshots and one that was named; nothing has been let go."""
    chronicle = Chronicle()
    for day in range(3):
        chronicle.types("user:1", f"day {day} ", "of ", "many ")
        chronicle.keeps()
        chronicle.passes(minutes=3)
        chronicle.types("user:2", "or so ")
        chronicle.keeps()
        chronicle.passes(days=1)
    chronicle.keeps("named", "A draft")
    yield chronicle
    async_to_sync(chronicle.log.close)()


def seqs() -> list[int]:
    return list(Snapshot.objects.order_by("seq").values_list("seq", flat=True))


def entries() -> list[int]:
    return list(LogEntry.objects.order_by("seq").values_list("seq", flat=True))


def test_old_entries_go_and_the_document_stays(past: Chronicle) -> None:
    past.passes(days=8)
    past.types("user:1", "Late. ")
    assert past.tidies() == 1
    floor = Stream.objects.get().floor
    assert floor == past.seq - 1 and entries() == [past.seq]
    assert fold.is_same(past.loaded(), past.doc)
    past.types("user:2", "Later.")
    assert fold.is_same(past.loaded(), past.doc)


def test_of_automatic_snapshots_the_last_of_the_hour_stays(past: Chronicle) -> None:
    before = seqs()
    assert past.tidies() == 1
    assert seqs() == [*before[1:5:2], *before[5:]]
    assert all(Snapshot.objects.values_list("is_verified", flat=True))
    assert entries() == list(range(1, past.seq + 1)), "the log is younger than a week"


def break_snapshot() -> None:
    other = fold.new_doc(1)
    one_paragraph(other)
    state = other.get_update()
    Snapshot.objects.filter(kind="named").update(state=state, checksum=fold.checksum(state))


def break_entry() -> None:
    row = LogEntry.objects.get(seq=3)
    LogEntry.objects.filter(pk=row.pk).update(payload=bytes(row.payload)[:-1] + b"\xff")


DAMAGE: dict[str, tuple[Callable[[], object], str]] = {
    "a snapshot of something else": (break_snapshot, "is not what the log says"),
    "a damaged entry": (break_entry, "checksum"),
    "a hole": (lambda: LogEntry.objects.filter(seq=3).delete(), "missing"),
    "a wrong owner": (lambda: ClientOwner.objects.update(principal="user:3"), "belongs to another"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_document_that_does_not_agree_with_itself_keeps_everything(
    past: Chronicle, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    damage, said = DAMAGE[name]
    damage()
    past.passes(days=30)
    there = seqs(), entries()
    assert past.tidies() == 1
    assert (seqs(), entries()) == there
    assert "stays as it is" in caplog.text and said in caplog.text


def test_what_is_named_while_it_is_thinned_out_stays(past: Chronicle, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Snapshot.objects.order_by("seq").first()
    assert first is not None
    verify = thinning._verify

    def name_it_meanwhile(*args: Any) -> Any:
        Snapshot.objects.filter(pk=first.pk).update(kind="named", name="Mine")
        return verify(*args)

    monkeypatch.setattr(thinning, "_verify", name_it_meanwhile)
    past.tidies()
    assert Snapshot.objects.filter(pk=first.pk).exists()


def test_a_turn_is_one_process_s_and_another_s_when_that_has_died(past: Chronicle) -> None:
    due = Stream.objects.get()
    assert due.tidy_at is not None and due.tidy_at <= past.now
    Stream.objects.update(tidy_at=past.now + thinning.LEASE)  # as whoever took it has left it
    assert past.tidies() == 0
    past.now += thinning.LEASE
    assert past.tidies() == 1
    assert past.tidies() == 0, "it has just been looked at"


def test_documents_that_nobody_writes_in_are_not_looked_at_for_nothing() -> None:
    chronicle = Chronicle()
    chronicle.passes(days=30)
    assert chronicle.tidies() == 0
    chronicle.keeps()
    chronicle.passes(days=1)
    assert chronicle.tidies() == 1


def test_two_at_once_leave_what_one_would(past: Chronicle) -> None:
    past.passes(days=30)
    past.types("user:1", "Now.")
    both = [threading.Thread(target=_thin_out, args=(past,)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert fold.is_same(past.loaded(), past.doc) and entries() == [past.seq]


def _thin_out(past: Chronicle) -> None:
    try:
        assert thinning.thin_out(past.document_id, Retention(), past.now) == []
    finally:
        connection.close()


@pytest.mark.anyio
async def test_a_running_server_does_it_by_itself(past: Chronicle) -> None:
    past.passes(days=30)
    hub = Hub(DatabaseLog(clock=lambda: past.now), MemoryBroker(), PlainPages(), Tuning(tidy=0.01))
    hub.start()
    await until_async(lambda: does(lambda: entries() == []), "the log has been let go")
    await hub.close()


def test_the_command_does_it_at_once(past: Chronicle) -> None:
    LogEntry.objects.update(at=timezone.now() - timedelta(days=8))
    said = io.StringIO()
    call_command("compact", stdout=said)
    assert re.match(rf"{past.seq} log entries and \d snapshots have been let go\.", said.getvalue()) and entries() == []
    past.types("user:1", "More.")
    ClientOwner.objects.filter(principal="user:1").update(principal="user:3")
    past.keeps()
    with pytest.raises(CommandError, match="1 documents disagree"):
        call_command("compact", stdout=said, stderr=said)
    assert f"{past.document_id}: Client" in said.getvalue()


# --- servers that lag behind ------------------------------------------------------------------------------------------


@asynccontextmanager
async def open_elsewhere(past: Chronicle) -> AsyncIterator[tuple[Hub, Tab]]:
    """A server that has the document open, with somebody at it, and hears nothing of what others do."""
    pages = PlainPages()
    hub = Hub(DatabaseLog(), MemoryBroker(), pages)
    peer = Peer(pages.grant("user:5"))
    tab = Tab(await hub.join(past.document_id, peer), peer)
    await tab.sync()
    yield hub, tab
    await hub.close()


def let_all_go(past: Chronicle) -> None:
    past.types("user:2", "Meanwhile. ")
    past.keeps()
    past.passes(days=30)
    assert past.tidies() == 1 and entries() == []


@pytest.mark.anyio
async def test_a_server_that_lags_behind_the_log_loads_and_goes_on(past: Chronicle) -> None:
    async with open_elsewhere(past) as (_, tab):
        await does(let_all_go, past)
        await tab.type("Mine.")
        assert tab.text == ["day 0 of many or so day 1 of many or so day 2 of many or so Meanwhile. Mine."]
        assert await does(entries) == [past.seq + 1]


@pytest.mark.anyio
async def test_a_server_that_only_looks_finds_it_too(past: Chronicle) -> None:
    async with open_elsewhere(past) as (hub, tab):
        await does(let_all_go, past)
        await hub.look()
        await until_async(lambda: "Meanwhile. " in tab.text[0], "it is shown")
        assert tab.closed is None


def replace(past: Chronicle) -> None:
    """As a repair does: another epoch, which begins after all that anybody can have seen."""
    past.seq += 1
    past.keeps()
    Snapshot.objects.filter(seq=past.seq).update(is_verified=True)
    Stream.objects.update(epoch=uuid4(), floor=past.seq)


@pytest.mark.anyio
@pytest.mark.parametrize("occasion", ["look", "write"])
async def test_another_epoch_ends_whoever_has_the_old_one(past: Chronicle, occasion: str) -> None:
    async with open_elsewhere(past) as (hub, tab):
        await does(replace, past)
        if occasion == "look":
            await hub.look()
        else:
            await tab.room.receive(tab.peer, tab.typed("Of the past."))
        await until_async(lambda: tab.closed and tab.room.has_failed, "the connection has ended")
        assert isinstance(tab.closed, Replaced)
        again = await hub.room(past.document_id)
        assert again.replica.epoch == (await Stream.objects.aget()).epoch != tab.room.replica.epoch
        assert await does(entries) == list(range(1, past.seq)), "nothing of the past came in"
