"""The figures of a run as tables, and into docs/performance.md between its markers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.plot import plot
from benchmarks.rounds import WRONG, Row, clean, of, typical

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "performance.md"
PLOT = DOCS / "images" / "performance.svg"
BEGIN, END = "<!-- written by make bench -->", "<!-- the end of what make bench writes -->"
OTHERS = ("y-websocket", "hocuspocus", "hocuspocus-16", "bare", "guarded")
OTHER_PAGES = ("tiptap", "blocknote", "floor")

Cell = Callable[[Sequence[Row]], str]


def number(value: float) -> str:
    """Three digits that count, no more."""
    if math.isnan(value):
        return "–"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def figure(name: str, factor: float = 1) -> Cell:
    return lambda rows: number(typical(rows, name) * factor)


def _delivered(rows: Sequence[Row]) -> str:
    return f"{number(typical(rows, 'delivered'))} of {number(typical(rows, 'offered'))}"


def _rss(rows: Sequence[Row]) -> str:
    return " / ".join(number(median(sizes)) for sizes in zip(*(row["rss"] for row in rows), strict=True))


def _sound(rows: Sequence[Row]) -> str:
    """How many of the repetitions ended with everybody equal and nobody lost; what disturbed others."""
    equal = sum(not row.get("disagree") and not row.get("lost_connections") for row in rows)
    disturbed = sum(bool(row.get("load_is_saturated")) for row in rows)
    return f"{equal} of {len(rows)}" + (f", {disturbed} with the load late" if disturbed else "")


TYPING: Mapping[str, Cell] = {
    "p50 ms": figure("p50"),
    "p95 ms": figure("p95"),
    "p99 ms": figure("p99"),
    "edits delivered/s": _delivered,
    "frames/s": figure("frames"),
    "kB/s": figure("kilobytes"),
    "log entries/s": figure("log_entries/s"),
    "server CPU, cores": figure("cpu"),
    "CPU ms per 1,000 edits delivered": figure("cost"),
    "RSS MiB start / connected / loaded": _rss,
    "ended equal": _sound,
}
MEMORY: Mapping[str, Cell] = {"KiB each": figure("each"), "CPU of all, cores": figure("cpu"), "RSS MiB": _rss}
OPENING: Mapping[str, Cell] = {
    "cold ms": figure("cold"),
    "cold, server CPU ms": figure("cold_cpu"),
    "of it from the database into memory, ms": figure("cold_loading"),
    "warm ms": figure("warm"),
    "warm, server CPU ms": figure("warm_cpu"),
    "ended equal": _sound,
}
CRASH: Mapping[str, Cell] = {
    "edits sent": figure("sent"),
    "shown to somebody": figure("shown"),
    "of these lost": figure("lost"),
    "database equal": _sound,
}
BROWSER: Mapping[str, Cell] = {
    "key to paint p50 ms": figure("p50"),
    "p95 ms": figure("p95"),
    "p99 ms": figure("p99"),
    "first key possible, cold ms": figure("cold"),
    "warm ms": figure("warm"),
    "script kB gzipped": figure("script"),
    "tasks over 50 ms": figure("long_tasks"),
    "page's thread busy, ms a second": figure("busy"),
    "of it script": figure("scripting"),
    "layout": figure("layout"),
    "style": figure("style"),
    "ended equal": _sound,
}
CLUSTER: Mapping[str, Cell] = {
    "p95 ms": figure("p95"),
    "edits delivered/s": _delivered,
    "CPU ms per 1,000 edits delivered, all processes": figure("cost"),
    "log entries/s": figure("log_entries/s"),
    "Redis messages/s": figure("redis_messages/s"),
    "PostgreSQL CPU": figure("postgres_cpu/s"),
    "Redis CPU": figure("redis_cpu/s"),
    "ended equal": _sound,
}
COLUMNS: Mapping[str, tuple[str, Mapping[str, Cell]]] = {
    "connections": ("Idle connections to one document", MEMORY),
    "documents": ("Small documents, each with one connection", MEMORY),
    "opening": ("Opening the document of 259,778 edits", OPENING),
    "crash": ("kill -9 while 1,000 people have a document open and 100 type", CRASH),
    "browser": ("Writing in the browser: 2,000 blocks, 100,000 characters, 20 others typing", BROWSER),
    "documents-over-two": ("200 documents of three, over PostgreSQL and Redis", CLUSTER),
    "people-over-two": ("One document of 200 with 50 typing, over PostgreSQL and Redis", CLUSTER),
}


def tables(rows: Sequence[Row]) -> str:
    """Everything that was measured, a table each, ratios first."""
    parts = [_ratios(rows), _page_ratios(rows)]
    for name in dict.fromkeys(row["measurement"] for row in rows):
        title, columns = COLUMNS.get(name) or (f"{spoken(name)}", TYPING)
        parts.append(f"### {title}\n\n{_table(of(rows, name), columns)}")
    return "\n\n".join(filter(None, parts))


def spoken(name: str) -> str:
    people, writers, *documents = name.split("x")
    if documents:
        return f"{documents[0]} documents of {people}, {writers} typing in each"
    return f"{int(people):,} people, {writers} typing"


def _table(rows: Sequence[Row], columns: Mapping[str, Cell]) -> str:
    names = dict.fromkeys(row["server"] for row in sorted(rows, key=lambda row: row["repetition"]))
    by_server = {name: [row for row in rows if row["server"] == name] for name in names}
    body = [[name, *(cell(by_server[name]) for cell in columns.values())] for name in names]
    kept = [index for index in range(len(columns) + 1) if any(line[index] != "–" for line in body)]
    return markdown([["server", *columns], *body], kept)


def markdown(lines: Sequence[Sequence[str]], kept: Sequence[int] | None = None) -> str:
    """The first line is the head; `kept` are the columns to be shown."""
    kept = range(len(lines[0])) if kept is None else kept
    head, *body = [[line[index] for index in kept] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *body))


def _ratios(rows: Sequence[Row]) -> str:
    """Ours divided by each other server, in the same repetition, medians: below 1 is better."""
    lines = []
    for name in dict.fromkeys(row["measurement"] for row in rows if "cost" in row):
        cells = [number(ratio(rows, name, server, what)) for what in ("cost", "p95") for server in OTHERS]
        if set(cells) != {"–"}:
            lines.append([spoken(name) if name[0].isdigit() else name, *cells])
    head = ["ours divided by", *(f"{what}, {server}" for what in ("CPU per edit", "p95") for server in OTHERS)]
    return f"### Ratios\n\n{markdown([head, *lines])}" if lines else ""


def _page_ratios(rows: Sequence[Row]) -> str:
    """Our page divided by the stock ones, in the same repetition, medians."""
    figures = {
        "key to paint p50": "p50",
        "p99": "p99",
        "page's thread busy": "busy",
        "first key, cold": "cold",
        "script": "script",
    }
    lines = [
        [page, *(number(ratio(rows, "browser", page, figure)) for figure in figures.values())] for page in OTHER_PAGES
    ]
    head = ["our page divided by", *figures]
    return f"### Ratios in the browser\n\n{markdown([head, *lines])}" if of(rows, "browser") else ""


def ratio(rows: Sequence[Row], measurement: str, server: str, what: str) -> float:
    """The median of the repetitions' ratios, or nan."""
    ours = {row["repetition"]: row[what] for row in clean(of(rows, measurement, "ours"))}
    others = {row["repetition"]: row[what] for row in clean(of(rows, measurement, server))}
    ratios = [ours[each] / others[each] for each in ours.keys() & others.keys() if others[each]]
    return median(ratios) if ratios else math.nan


def doubts(rows: Sequence[Row]) -> list[str]:
    """What was wrong with single runs, a sentence each."""
    return [
        f"{row['measurement']}, {row['server']}, repetition {row['repetition'] + 1}: {what} {row[what]}"
        for row in rows
        for what in WRONG
        if row.get(what)
    ]


def publish(facts: Mapping[str, str], rows: Sequence[Row]) -> None:
    """Write tables and plot where readers find them."""
    told = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(plot(rows))
    picture = f"![CPU and latency by the number of people, for each server](images/{PLOT.name})"
    insert(PAGE, told, picture, tables(rows))


def insert(page: Path, *parts: str) -> None:
    """Put the parts, as paragraphs, between the markers of a page."""
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, f"{page.name} has lost its markers, {BEGIN} and {END}."
    page.write_text("\n\n".join([f"{before}{begin}", *parts, f"{end}{after}"]))
