"""`make bench ARGS=sizing`: what things cost, the simulation held against a real town, and what many people need."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random

from benchmarks.report import DOCS, insert, markdown, number
from benchmarks.simulation import Pace, Route, simulate, town
from benchmarks.sizing import BUSY, KINDS, RATE, Costs, Foretold, by_chance, by_document, check, measure_costs, sum_of

PAGE = DOCS / "operations.md"
TYPING = 0.2  # of those who have a document open, how many type at a moment
TOWNS = (1_000, 10_000, 100_000)
PROCESSES, PEOPLE = 3, 300  # of the check
KEYSTROKES = 100_000  # in a document, in a year
ROW_BYTES = 130  # PostgreSQL's own, for an entry of the log with its index
ROUTES: Mapping[str, Callable[[int], Route]] = {"by chance": by_chance, "by document": by_document}
SPOKEN = {
    "received": "edit received, checked and applied",
    "entries": "log entry committed",
    "sent": "frame sent",
    "heard": "entry told another process, and heard of there",
    "connections": "connection, each second",
}


def sizing(facts: Mapping[str, str], seconds: float) -> None:
    """Print everything, and put it into the page."""
    costs = measure_costs(seconds)
    parts = [_told(facts), _costs(costs)]
    foretold = check(town(PEOPLE, TYPING, Random(1)), PROCESSES, costs, seconds)
    parts += [_check(foretold), _forecast(costs)]
    print("\n\n".join(parts))
    insert(PAGE, *parts)


def _told(facts: Mapping[str, str]) -> str:
    return f"Measured {facts['date']} on {facts['machine']}; {facts['ours']}."


def _costs(costs: Costs) -> str:
    lines = [["what one costs", "CPU"]]
    lines += [[SPOKEN[kind], f"{number(costs.cpu[kind])} µs"] for kind in KINDS]
    memory = (
        f"A process begins with {number(costs.base / 1024)} MiB; a connection takes {number(costs.connection)} KiB, "
        f"a small document that is open {number(costs.room)} KiB."
    )
    return f"{markdown(lines)}\n\n{memory}"


def _check(foretold: Sequence[Foretold]) -> str:
    lines = [[f"{PEOPLE} people by chance on {PROCESSES} processes", "simulated", "measured", "off by"]]
    lines += [[name, number(said), number(real), f"{said / real - 1:+.0%}"] for name, said, real in foretold]
    return markdown(lines)


def _forecast(costs: Costs) -> str:
    head = ["people online", "sent to a process", "processes", "connections each", "CPU each, cores", "MiB each",
            "log entries/s", "Redis messages/s", "Redis deliveries/s", "frames/s"]  # fmt: skip
    lines = [head, *(_line(people, costs, name, route) for people in TOWNS for name, route in ROUTES.items())]
    size = KEYSTROKES * (costs.entry + ROW_BYTES) / 1e6
    log = (
        f"A document in which one person types {KEYSTROKES:,} characters in a year adds {number(size)} MB of log, "
        f"{number(costs.entry)} bytes and PostgreSQL's {ROW_BYTES} for an entry, before old entries are thinned out."
    )
    return f"{markdown(lines)}\n\n{log}"


def _line(people: int, costs: Costs, name: str, route: Callable[[int], Route]) -> list[str]:
    gatherings = town(people, TYPING, Random(people))
    processes = 1
    while True:
        loads = simulate(gatherings, processes, Pace(RATE, costs.commit, 5.0), route(processes))
        total = sum_of(loads)
        needed = math.ceil(costs.cores(total) / BUSY)
        if needed <= processes:
            break
        processes = needed
    figures = [total["connections"] / processes, costs.cores(total) / processes, max(map(costs.mebibytes, loads)),
               *(total[kind] for kind in ("entries", "messages", "deliveries", "sent"))]  # fmt: skip
    return [f"{people:,}", name, f"{processes:,}", *map(number, figures)]
