"""`make bench ARGS=sizing`: from measured costs to the machines that so many people need, checked against a small town.

Costs come from a few runs of real processes on PostgreSQL and Redis. The simulation turns people into counts, and is
held against a real run of a few hundred people, routed by chance over three processes. The outcome goes into
docs/operations.md between its markers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks import idle
from benchmarks.ours import Cluster
from benchmarks.rounds import Row
from benchmarks.scenarios import Run, Scenario, measure
from benchmarks.simulation import Gathering, Load, Pace, Route, simulate

RATE = 3.0  # characters a second of somebody who types
BUSY = 0.5  # of a core: how busy the processes may be on the whole
SMALL = Scenario(3, 1, 2, 100)
ALONE = (SMALL, Scenario(50, 10, 10), Scenario(200, 50, 5))  # on one process
SPREAD = (Scenario(4, 1, 2, 75), Scenario(100, 25, 5))  # every document on two
KINDS = ("received", "entries", "sent", "heard", "connections")

Counts = Mapping[str, float]
"""Of each kind, how many a second (of connections: how many there are)."""


@dataclass(frozen=True, slots=True)
class Costs:
    """`cpu`: microseconds for one of each kind. Memory in KiB, `commit` in seconds, `entry` in bytes."""

    cpu: Mapping[str, float]
    base: float
    connection: float
    room: float
    commit: float
    entry: float

    def cores(self, counts: Counts) -> float:
        return sum(self.cpu[kind] * counts.get(kind, 0.0) for kind in KINDS) / 1e6

    def mebibytes(self, load: Load) -> float:
        return (self.base + self.connection * load.connections + self.room * load.rooms) / 1024


def measure_costs(seconds: float) -> Costs:
    """A run per mix of counts, then the costs that explain them all best."""
    alone = {each: measure(Cluster(1, _first), each, seconds) for each in ALONE}
    spread = {each: measure(Cluster(2, _by_person), each, seconds) for each in SPREAD}
    connections = idle.connections(Cluster(1, _first), seconds)
    documents = idle.documents(Cluster(1, _first), seconds)
    mixes = [(counts_of(scenario, row, others=0), row["cpu"]) for scenario, row in alone.items()]
    mixes += [(counts_of(scenario, row, others=1), row["cpu"]) for scenario, row in spread.items()]
    mixes.append(({"connections": float(idle.FIRST + idle.CONNECTIONS)}, connections["cpu"]))
    return Costs(
        cpu=explain(mixes),
        base=connections["rss"][0] * 1024,
        connection=connections["each"],
        room=max(0.0, documents["each"] - connections["each"]),
        commit=alone[SMALL]["p50"] / 1e3,
        entry=alone[SMALL]["log_bytes/s"] / alone[SMALL]["log_entries/s"],
    )


def _first(document: int, person: int) -> int:
    return 0


def _by_person(document: int, person: int) -> int:
    return (document + person) % 2


def counts_of(scenario: Scenario, row: Row, *, others: int) -> Counts:
    """What a run counted. `others`: in how many other processes each document was open."""
    return {
        "received": scenario.documents * scenario.writers * scenario.rate,
        "entries": row["log_entries/s"],
        "sent": row["frames"],
        "heard": row["log_entries/s"] * others,
        "connections": float(scenario.documents * scenario.people),
    }


def explain(mixes: Sequence[tuple[Counts, float]]) -> dict[str, float]:
    """The costs, none below zero, whose sums come closest to the cores that were measured, by their share."""
    costs = dict.fromkeys(KINDS, 0.0)
    for _ in range(5000):
        for kind in KINDS:
            over = under = 0.0
            for counts, cores in mixes:
                others = sum(costs[each] * counts.get(each, 0.0) for each in KINDS if each != kind)
                count = counts.get(kind, 0.0) / cores / 1e6
                over += count * (1 - others / cores / 1e6)
                under += count * count
            costs[kind] = max(0.0, over / under) if under else 0.0
    return costs


# --- the check ----------------------------------------------------------------------------------------------------


class Town(Run):
    """As a run, but every document has its own number of people and of writers."""

    def __init__(self, server: Cluster, gatherings: Sequence[Gathering], seconds: float) -> None:
        people, writers = max(each.people for each in gatherings), max(each.writers for each in gatherings)
        super().__init__(server, Scenario(people, writers, RATE, len(gatherings)), seconds)
        self._gatherings = gatherings

    def enter(self) -> None:
        self.server.start()
        self.documents = self.server.seats(self.scenario.documents, self.scenario.people)
        for seats, gathering in zip(self.documents, self._gatherings, strict=True):
            self._enter_document(seats[: gathering.people], writers=gathering.writers, observers=0)
        self.crowd.listen(1.0)


def by_chance(processes: int) -> Route:
    """Everybody somewhere, always in the same place."""
    return lambda document, person: Random(document * 1_000_003 + person).randrange(processes)


def by_document(processes: int) -> Route:
    """Everybody who has a document open in the same place, as a proxy does that hashes the address."""
    return lambda document, person: Random(document).randrange(processes)


Foretold = tuple[str, float, float]
"""What, how much by the simulation, how much in truth."""


def check(gatherings: Sequence[Gathering], processes: int, costs: Costs, seconds: float) -> list[Foretold]:
    run = Town(Cluster(processes, by_chance(processes)), gatherings, seconds)
    try:
        run.enter()
        run.play()
        real = run.rates()
    finally:
        run.leave()
    total = sum_of(simulate(gatherings, processes, Pace(RATE, costs.commit, seconds), by_chance(processes)))
    return [
        ("log entries/s", total["entries"], real["log_entries/s"]),
        ("Redis messages/s", total["messages"], real["redis_messages/s"]),
        ("frames sent/s", total["sent"], real["frames"]),
        ("cores, all processes", costs.cores(total), real["cpu"]),
    ]


def sum_of(loads: Sequence[Load]) -> Counts:
    return {kind: float(sum(getattr(load, kind) for load in loads)) for kind in (*KINDS, "messages", "deliveries")}
