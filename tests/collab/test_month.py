"""A month of editing: what is stored, and the time it takes to open the document, stay what they were."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.db.models import Sum
from django.db.models.functions import Length as Bytes

from collab import fold
from collab.hub import Hub, Tuning
from collab.memory import MemoryBroker
from collab.models import LogEntry, Snapshot
from collab.nobody import NoPages
from collab.store import DatabaseLog
from tests.support.chronicle import Chronicle
from tests.support.figures import Figure, Length

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS = 30_000  # of the text
HOURS = (9, 14)  # when they meet
AUTHORS = ("user:1", "user:2", "guest:3")


@dataclass(frozen=True, slots=True)
class Day:
    entries: int
    snapshots: int
    stored: int  # bytes
    opening: float  # milliseconds
    written: int  # bytes, from the beginning


def works(chronicle: Chronicle, entries: int) -> int:
    """A day: at two hours three people write by turns, with snapshots as rooms take them; bytes it took."""
    before = stored()
    for hour in HOURS:
        chronicle.now = chronicle.now.replace(hour=hour)
        for author in AUTHORS:
            chronicle.revises(author, entries, LETTERS)
            chronicle.passes(minutes=5)
            chronicle.keeps()
    return stored() - before


def stored() -> int:
    log = LogEntry.objects.aggregate(bytes=Sum(Bytes("payload")))["bytes"] or 0
    return int(log + (Snapshot.objects.aggregate(bytes=Sum("size"))["bytes"] or 0))


def opening(chronicle: Chronicle) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        chronicle.loaded()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


@pytest.mark.timeout(600)
def test_a_month_of_editing(figure: Figure, length: Length[int]) -> None:
    chronicle, days, written = Chronicle(), [], 0
    chronicle.types("user:1", "word " * (LETTERS // 5))
    for _ in range(30):
        written += works(chronicle, length(30, 300))
        chronicle.passes(hours=6)
        chronicle.tidies()
        at = opening(chronicle)
        days.append(Day(LogEntry.objects.count(), Snapshot.objects.count(), stored(), at, written))
        chronicle.now = chronicle.now.replace(hour=0)
        chronicle.passes(days=1)
    assert fold.is_same(chronicle.loaded(), chronicle.doc)
    half, last = days[14], days[-1]
    assert last.entries <= half.entries
    assert last.snapshots <= half.snapshots + 3, "one a week"
    assert last.stored <= half.stored * 1.25
    figure(
        "A month of editing",
        f"day 15: {half.entries:,} entries, {half.snapshots} snapshots, {half.stored:,} bytes, opens in "
        f"{half.opening:.1f} ms; day 30: {last.entries:,} entries, {last.snapshots} snapshots, {last.stored:,} bytes, "
        f"{last.opening:.1f} ms; {last.written // len(days):,} bytes written a day, {last.written:,} in all",
    )
    async_to_sync(chronicle.log.close)()


def resident() -> int:
    """Memory of this process, in kB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


@pytest.mark.timeout(600)
def test_rooms_that_open_and_close_leave_no_memory_behind(figure: Figure, length: Length[int]) -> None:
    chronicle = Chronicle()
    for author in AUTHORS:
        chronicle.revises(author, 300, LETTERS)
    chronicle.keeps()
    chronicle.revises(AUTHORS[0], 50, LETTERS)

    @async_to_sync
    async def open_and_close(times: int) -> None:
        hub = Hub(DatabaseLog(), MemoryBroker(), NoPages(), Tuning(idle=0.0))
        for _ in range(times):
            room = await hub.room(chronicle.document_id)
            await room.edit("user:1", lambda doc: None)
            await room.settle()
            hub.sweep()
            assert hub.loaded() == []
        await hub.close()

    times = length(125, 1250)
    slopes = []
    for _ in range(9):
        before = resident()
        open_and_close(times)
        gc.collect()
        slopes.append((resident() - before) * 1000 / times)
    # The median: an allocator takes memory in pieces, and the first round makes what is made once.
    slope = statistics.median(slopes)
    figure("Rooms opened and closed", f"{9 * times:,} cycles: {slope:+,.0f} kB a thousand")
    assert slope < 1000, "each leaves a kilobyte behind"
    async_to_sync(chronicle.log.close)()
