"""Many people on many processes, simulated: who reaches which process, when rooms tick, what is sent, said and kept.

Everybody is routed by chance, as a proxy without sticky sessions does. A room ticks as `collab.ticker` does: at once
when it was idle, else after the commit that is under way and the gap that `collab.tick` leaves. Counts only; what they
cost is `benchmarks.sizing`'s to say. Knows no server.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.script import spread
from collab.broker import PULSE_SECONDS
from collab.tick import gap_seconds

Route = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Gathering:
    """Those who have one document open, and how many of them type at the moment."""

    people: int
    writers: int


@dataclass(slots=True)
class Load:
    """One process: what it holds, and what it does in a second."""

    connections: int = 0
    rooms: int = 0
    received: float = 0.0  # edits from its own writers
    entries: float = 0.0  # log entries committed
    sent: float = 0.0  # frames to its own people, receipts included
    heard: float = 0.0  # entries of other processes
    messages: float = 0.0  # to Redis: entries of documents that others have open, and how far these are
    deliveries: float = 0.0  # of those, by Redis, which tells the sender too


def town(people: int, typing: float, chance: Random) -> list[Gathering]:
    """So many people online: mostly alone or two or three in a document, a few in large ones. `typing`: their share."""
    gatherings: list[Gathering] = []
    left = people
    while left > 0:
        size = min(left, chance.choices(list(SIZES), list(SIZES.values()))[0])
        writers = sum(chance.random() < typing for _ in range(size))
        gatherings.append(Gathering(size, writers))
        left -= size
    return gatherings


SIZES = {1: 0.60, 2: 0.20, 3: 0.10, 5: 0.06, 10: 0.03, 30: 0.0095, 200: 0.0005}
"""How many people a document that is open has open, and how frequent that is."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`rate`: edits a second of somebody who types. `commit`: seconds. `seconds`: how long is simulated."""

    rate: float
    commit: float
    seconds: float


def simulate(gatherings: Sequence[Gathering], processes: int, pace: Pace, route: Route) -> list[Load]:
    """The load of each process. `route` says, of a document's number and a person's, which process they reach."""
    loads = [Load() for _ in range(processes)]
    for number, gathering in enumerate(gatherings):
        homes = [route(number, person) for person in range(gathering.people)]
        here = Counter(homes)
        for process, connections in here.items():
            loads[process].connections += connections
            loads[process].rooms += 1
        for process in here:
            writers = sum(homes[person] == process for person in spread(gathering.people, gathering.writers))
            if writers:
                _type(loads, here, process, pace, Random(f"{number} {process}"), writers=writers)
    return loads


def _type(loads: Sequence[Load], here: Counter[int], process: int, pace: Pace, chance: Random, *, writers: int) -> None:
    """What the writers of one document on one process set going, there and in the document's other processes."""
    home = loads[process]
    ticks = _ticks(writers, here[process], pace, chance)
    for authors, edits in ticks:
        home.received += edits / pace.seconds
        home.entries += 1 / pace.seconds
        spared = 1 if authors == 1 else 0  # a lone author gets no echo
        home.sent += (here[process] - spared + authors) / pace.seconds
        for other, connections in here.items():
            if other != process:
                loads[other].heard += 1 / pace.seconds
                loads[other].sent += connections / pace.seconds
    if len(here) > 1:
        entries = len(ticks) / pace.seconds
        messages = entries + min(entries, 1 / PULSE_SECONDS)
        home.messages += messages
        home.deliveries += messages * len(here)


def _ticks(writers: int, peers: int, pace: Pace, chance: Random) -> list[tuple[int, int]]:
    """Of each tick: how many authors, how many edits."""
    typed = heapq.merge(*[_rhythm(writer, pace, chance) for writer in range(writers)])
    ticks: list[tuple[set[int], int]] = []
    closes = ended = -math.inf  # when the last tick was closed, and when it was on disk
    for at, writer in typed:
        if ticks and at <= closes:
            ticks[-1][0].add(writer)
            ticks[-1] = (ticks[-1][0], ticks[-1][1] + 1)
            continue
        first = max(at, ended)
        closes = first + gap_seconds(peers, first - ended)
        ended = closes + pace.commit
        ticks.append(({writer}, 1))
    return [(len(authors), edits) for authors, edits in ticks]


def _rhythm(writer: int, pace: Pace, chance: Random) -> list[tuple[float, int]]:
    """As `benchmarks.script.rhythm`: uneven, but so many a second on the whole."""
    start = chance.random() / pace.rate
    edits = int(pace.seconds * pace.rate)
    return [(start + (edit + chance.uniform(0.1, 0.9)) / pace.rate, writer) for edit in range(edits)]
