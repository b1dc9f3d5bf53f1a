"""What of a history may go, and that this does not depend on how often one looks."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from collab.ports import SnapshotInfo, SnapshotKind
from collab.retention import Retention, next_look, outlived

NOW = datetime(2026, 6, 17, 12, 30, tzinfo=UTC)


def snapshot(age: timedelta, kind: SnapshotKind = "auto") -> SnapshotInfo:
    at = NOW - age
    return SnapshotInfo(uuid4(), UUID(int=1), int(at.timestamp()), kind, "", (), 1, at)


def left(snapshots: list[SnapshotInfo], now: datetime = NOW) -> list[SnapshotInfo]:
    gone = {each.id for each in outlived(snapshots, now, Retention())}
    return [each for each in snapshots if each.id not in gone]


def test_the_older_the_fewer() -> None:
    year = [snapshot(timedelta(minutes=5 * number)) for number in range(500 * 24 * 12)]
    ages = [NOW - each.at for each in left(year)]
    counts = Counter(
        "hours" if age <= timedelta(hours=2) else "days" if age <= timedelta(days=2) else "weeks"
        if age <= timedelta(days=14) else "months"
        for age in ages
    )  # fmt: skip
    assert counts == {"hours": 25, "days": 47, "weeks": 13, "months": 51}
    assert max(ages) <= timedelta(days=365)


def test_what_somebody_wanted_stays() -> None:
    old = timedelta(days=4000)
    named, imported, before = snapshot(old, "named"), snapshot(old, "import"), snapshot(old, "before-restore")
    recent = [snapshot(timedelta(days=300, minutes=number), "before-restore") for number in range(3)]
    assert left([named, imported, before, *recent, snapshot(timedelta(0))])[:-1] == [named, imported, *recent]


def test_the_newest_stays_however_old_it_is() -> None:
    only = snapshot(timedelta(days=4000))
    assert left([only]) == [only]
    assert left([]) == []


@given(
    minutes=st.lists(st.integers(0, 40 * 24 * 60), max_size=60, unique=True),
    looks=st.lists(st.integers(0, 40 * 24 * 60), max_size=10),
)
def test_it_does_not_matter_how_often_one_looks(minutes: list[int], looks: list[int]) -> None:
    kept = snapshots = [snapshot(timedelta(minutes=minute)) for minute in sorted(minutes, reverse=True)]
    for look in sorted(looks, reverse=True):
        now = NOW - timedelta(minutes=look)
        there = [each for each in kept if each.at <= now]
        kept = left(there, now) + [each for each in kept if each.at > now]
    assert left(kept) == left(snapshots)


def test_a_document_that_rests_is_looked_at_ever_more_rarely() -> None:
    assert next_look(NOW, NOW) == NOW + timedelta(hours=6)
    assert next_look(NOW, NOW - timedelta(days=100)) == NOW + timedelta(days=10)
