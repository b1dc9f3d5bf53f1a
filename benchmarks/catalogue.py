"""All that can be measured, by the name that `make bench` takes."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.rounds import Measurement, Row
from benchmarks.scenarios import TYPING, Scenario, measure
from benchmarks.servers import SERVERS

COMPARED = ("ours", "y-websocket", "hocuspocus", "hocuspocus-16")


def _typing(scenario: Scenario) -> Callable[[str, float], Row]:
    return lambda server, seconds: measure(SERVERS[server](), scenario, seconds)


MEASUREMENTS = {
    name: Measurement(_typing(scenario), COMPARED if scenario.people <= 1000 else COMPARED[:1])
    for name, scenario in TYPING.items()
}
