"""What this process's engine has done since it began, in plain numbers. Whoever watches reads them (project.metrics).

Counting is an addition and no more, for much of it happens at every keystroke. See docs/operations.md, "Figures".
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field


class Histogram:
    """How many values were at most each bound and above the one before; the last count is of those above all."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, *bounds: float) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


def _commit_seconds() -> Histogram:
    return Histogram(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _load_seconds() -> Histogram:
    return Histogram(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


def _tick_updates() -> Histogram:
    return Histogram(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(slots=True)
class Tally:
    """Numbers only grow, but for those of the last look at the log's heads."""

    frames: int = 0  # binary frames of peers
    tick_updates: Histogram = field(default_factory=_tick_updates)
    commit_seconds: Histogram = field(default_factory=_commit_seconds)  # of one transaction, with all rooms' entries
    load_seconds: Histogram = field(default_factory=_load_seconds)  # of one document: from the log into memory
    entries: int = 0
    failed_commits: int = 0
    catch_ups: int = 0  # reads of what another process may have written
    rebuilds: int = 0
    snapshots: int = 0
    closed: Counter[int] = field(default_factory=Counter)  # connections, by close code
    rooms_behind: int = 0  # at the last look
    entries_behind: int = 0  # of the room that lacked most


@dataclass(frozen=True, slots=True)
class Census:
    """What there is at this moment. `waiting` is what peers have not taken yet: frames and bytes."""

    rooms: int = 0
    peers: int = 0
    people: int = 0  # principals, however many tabs and documents they have open
    waiting_frames: int = 0
    waiting_bytes: int = 0
    most_waiting_bytes: int = 0  # for the peer that is furthest behind


tally = Tally()
