"""Two small charts as one SVG: what an edit costs, and how long it takes, by the number of people in the document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from benchmarks.rounds import Row, of, typical

COLOURS = {"ours": "#1565c0", "y-websocket": "#8a5a00", "hocuspocus": "#b3261e", "hocuspocus-16": "#8e24aa"}
WIDTH, HEIGHT, LEFT, TOP = 380, 240, 60, 50
GAP = 70

Series = dict[str, list[tuple[int, float]]]
"""By server: people, figure."""


def plot(rows: Sequence[Row]) -> str:
    """The SVG, with a legend. Both scales are logarithmic."""
    charts = (
        _chart(_series(rows, "cost"), "server CPU, ms per 1,000 edits delivered", LEFT)
        + _chart(_series(rows, "p95"), "keystroke to another's socket, p95, ms", LEFT + WIDTH + GAP)
        + _legend()
    )
    width, height = LEFT + 2 * WIDTH + GAP + 30, TOP + HEIGHT + 80
    size = f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12"'
    paper = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', paper, *charts, "</svg>", ""])


def _series(rows: Sequence[Row], figure: str) -> Series:
    series: Series = {}
    for server in COLOURS:
        for name in dict.fromkeys(row["measurement"] for row in rows):
            value = typical(of(rows, name, server), figure)
            if name.count("x") == 1 and value > 0:  # nan is not
                series.setdefault(server, []).append((int(name.split("x")[0]), value))
    return series


def _chart(series: Series, title: str, left: int) -> list[str]:
    points = [point for line in series.values() for point in line]
    if not points:
        return []
    people, figures = _Scale([x for x, _ in points], WIDTH), _Scale([y for _, y in points], HEIGHT)
    out = [f'<text x="{left}" y="{TOP - 20}" font-weight="bold">{title}</text>']
    for value in figures.ticks():
        y = TOP + HEIGHT - figures.at(value)
        out.append(f'<path d="M{left} {y:.1f}h{WIDTH}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    for value in sorted({x for x, _ in points}):
        x = left + people.at(value)
        out.append(f'<text x="{x:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{value:,}</text>')
    for server, line in series.items():
        places = [(left + people.at(x), TOP + HEIGHT - figures.at(y)) for x, y in sorted(line)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[server]}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[server]}"/>' for x, y in places]
    return out


class _Scale:
    """Logarithmic, over whole powers of ten where the values are few."""

    def __init__(self, values: Sequence[float], size: int) -> None:
        self._low, self._high = math.log10(min(values)), math.log10(max(values))
        self._size = size

    def at(self, value: float) -> float:
        return (math.log10(value) - self._low) / ((self._high - self._low) or 1) * self._size

    def ticks(self) -> Iterator[float]:
        for power in range(math.floor(self._low), math.ceil(self._high) + 1):
            for step in (1, 3):
                if self._low <= math.log10(step * 10.0**power) <= self._high:
                    yield step * 10.0**power


def _legend() -> list[str]:
    out = []
    for number, (server, colour) in enumerate(COLOURS.items()):
        x, y = LEFT + number * 140, TOP + HEIGHT + 50
        out.append(f'<circle cx="{x}" cy="{y - 4}" r="5" fill="{colour}"/><text x="{x + 10}" y="{y}">{server}</text>')
    return out
