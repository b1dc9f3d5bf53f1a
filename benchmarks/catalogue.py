"""All that can be measured, and on which servers, by the names that `make bench` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks import idle
from benchmarks.bare.floor import Bare, Pair
from benchmarks.browser.keystrokes import keystrokes
from benchmarks.browser.surfaces import SURFACES
from benchmarks.crash import crash
from benchmarks.node_servers import Hocuspocus, WebsocketServer
from benchmarks.opening import RECORDING, opening
from benchmarks.ours import Cluster, Ours
from benchmarks.rounds import Measurement, Row
from benchmarks.scenarios import TYPING, Scenario, measure
from benchmarks.server import Server

COMPARED: Mapping[str, Callable[[], Server]] = {
    "ours": Ours,
    "y-websocket": WebsocketServer,
    "hocuspocus": Hocuspocus,
    "hocuspocus-16": lambda: Hocuspocus(16),
}
PLAIN: Mapping[str, Callable[[], Server]] = {"ours-plain": lambda: Ours(is_page=False)}
"""Ours with clients that do not speak scriptorium.v1, for `--only`."""
FLOOR: Mapping[str, Callable[[], Server]] = {
    "bare": Bare,
    "guarded": lambda: Bare("guarded"),
}
PAIR: Mapping[str, Callable[[], Server]] = {
    "guarded": FLOOR["guarded"],
    "guarded-pair": lambda: Pair("guarded"),
}
OVER_TWO: Mapping[str, Callable[[], Server]] = {
    "one-process": lambda: Cluster(1, lambda document, person: 0),
    "two-by-document": lambda: Cluster(2, lambda document, person: document % 2),
    "two-by-person": lambda: Cluster(2, lambda document, person: (document + person) % 2),
}


def _with(scenario: Scenario) -> Callable[[Server, float], Row]:
    return lambda server, seconds: measure(server, scenario, seconds)


def _without(*names: str) -> Mapping[str, Callable[[], Server]]:
    return {name: server for name, server in COMPARED.items() if name not in names}


def _crash(server: Server, seconds: float) -> Row:
    return crash(server, TYPING["1000x100"], seconds)


def _once(run: Callable[[Server, float], Row]) -> Measurement:
    return Measurement(run, _without("hocuspocus-16"), again=False)


OURS = ("ours", *PLAIN, *OVER_TWO)
SERVERS = {**SURFACES, **COMPARED, **FLOOR, **PLAIN, **OVER_TWO, **PAIR}
MEASUREMENTS = {
    **{name: Measurement(_with(scenario), {**COMPARED, **FLOOR, **PLAIN}) for name, scenario in TYPING.items()},
    "2000x100": Measurement(_with(Scenario(2000, 100, 4)), {"ours": Ours}),
    "connections": _once(idle.connections),
    "documents": _once(idle.documents),
    "opening": Measurement(opening, _without("hocuspocus-16"), again=False, needs=RECORDING),
    "crash": _once(_crash),
    "browser": Measurement(keystrokes, SURFACES),
    "documents-over-two": Measurement(_with(TYPING["3x1x200"]), {**OVER_TWO, **PAIR}),
    "people-over-two": Measurement(_with(TYPING["200x50"]), OVER_TWO, again=False),
}
