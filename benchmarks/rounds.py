"""Many measurements in turns: every server once, then every server again, so that a busy moment hits them all alike."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.server import Server

RESULTS = Path(__file__).parent / "results"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measurement:
    """`run(server, seconds)` measures one server, once. `servers`: those that it makes sense for.

    `again`: whether it is repeated; not what takes medians of its own, or only counts. `needs`: a file without which it
    is skipped.
    """

    run: Callable[[Server, float], Row]
    servers: Mapping[str, Callable[[], Server]]
    again: bool = True
    needs: Path | None = None


UNUSUAL = ("ours-plain",)
"""The servers that are measured only when they are named."""


class Results:
    """The raw figures of one run of the benchmarks, in a file of results/, written after every measurement."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        self.facts = facts
        self.rows: list[Row] = []
        RESULTS.mkdir(exist_ok=True)
        self.path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}.json"

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self.path.write_text(json.dumps({"facts": self.facts, "rows": self.rows}, indent=1))


def play(
    measurements: Mapping[str, Measurement], results: Results, *, repeat: int, seconds: float, only: Sequence[str]
) -> None:
    """Each repetition begins with another server."""
    for repetition in range(repeat):
        for name, measurement in measurements.items():
            if measurement.needs and not measurement.needs.is_file():
                print(f"{name} is skipped: {measurement.needs.name} is not in SCRIPTORIUM_DATA.")
            elif measurement.again or repetition == 0:
                servers = [each for each in measurement.servers if (each in only if only else each not in UNUSUAL)]
                turn = repetition % len(servers) if servers else 0
                for server in servers[turn:] + servers[:turn]:
                    begun = time.monotonic()
                    row = {"measurement": name, "server": server, "repetition": repetition}
                    row |= measurement.run(measurement.servers[server](), seconds)
                    results.add(row)
                    print(f"{time.monotonic() - begun:6.1f} s  {name:12} {server:14} {_brief(row)}", flush=True)


def _brief(row: Row) -> str:
    """The figures of a row in one line, what went wrong last."""
    told = {name: value for name, value in row.items() if name != "repetition" and not isinstance(value, bool)}
    figures = [f"{name} {value:,.2f}" for name, value in told.items() if isinstance(value, (int, float))]
    wrong = [f"{name}: {value}" for name, value in row.items() if value and (name in WRONG)]
    return "  ".join([*figures, *(f"!! {what}" for what in wrong)])


WRONG = ("disagree", "lost_connections", "load_is_saturated")
"""What makes a row doubtful if it holds anything."""


def typical(rows: Iterable[Row], figure: str) -> float:
    """The median of a figure over repetitions, of those that nothing disturbed if there are such; nan of none."""
    values = [row[figure] for row in clean(rows) if isinstance(row.get(figure), (int, float))]
    values = [value for value in values if not math.isnan(value)]
    return median(values) if values else math.nan


def clean(rows: Iterable[Row]) -> list[Row]:
    everything = list(rows)
    return [row for row in everything if not row.get("load_is_saturated")] or everything


def of(rows: Iterable[Row], measurement: str, server: str = "") -> list[Row]:
    return [row for row in rows if row["measurement"] == measurement and server in ("", row["server"])]
