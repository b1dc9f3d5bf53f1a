"""What of a document's history is let go with age: pure rules, given what there is and what time it is.

Snapshots that somebody named or imported stay for ever. Automatic ones thin out step by step; those from before a
restore stay as they are until the history's end. Log entries go once a snapshot says all that they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collab.ports import SnapshotInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Up to which age one automatic snapshot of every so long is kept: the last of it.
STEPS = (
    (timedelta(hours=2), timedelta(0)),
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta(days=14), timedelta(days=1)),
    (timedelta.max, timedelta(weeks=1)),
)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long log entries, and snapshots that nobody asked for, are kept."""

    log: timedelta = timedelta(days=7)
    history: timedelta = timedelta(days=365)


def outlived(snapshots: Sequence[SnapshotInfo], now: datetime, retention: Retention) -> list[SnapshotInfo]:
    """The snapshots that may go. Never the newest one, from which the document is loaded.

    Which ones does not depend on how often one asks: the last of a week is the last of its day and of its hour.
    """
    if not snapshots:
        return []
    newest = max(snapshots, key=lambda each: (each.seq, each.at))
    return [each for each in _too_many(snapshots, now, retention) if each is not newest]


def _too_many(snapshots: Sequence[SnapshotInfo], now: datetime, retention: Retention) -> list[SnapshotInfo]:
    last: dict[tuple[timedelta, int], SnapshotInfo] = {}
    gone: list[SnapshotInfo] = []
    for each in sorted(snapshots, key=lambda each: each.at):
        if each.kind in ("named", "import"):
            continue
        age = now - each.at
        if age > retention.history:
            gone.append(each)
        elif each.kind == "auto" and (step := _step(age)):
            place = step, (each.at - _EPOCH) // step
            if earlier := last.get(place):
                gone.append(earlier)
            last[place] = each
    return gone


def _step(age: timedelta) -> timedelta:
    return next(step for until, step in STEPS if age <= until)


def next_look(now: datetime, newest: datetime) -> datetime:
    """When to look at a document again: the longer nobody has written in it, the later."""
    return now + max(timedelta(hours=6), (now - newest) / 10)
