"""Tests that measure, and what they measured: a pytest plugin.

A test that asks for `length` runs short in `make test` and long in `make torture` (pytest --torture). What it says to
`figure` is printed at the end of the run, and after a long one stands in docs/reliability.md, a row for each figure:
rows of tests that did not run stay as they were.
"""

from __future__ import annotations

import platform
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, cast

import pytest

from tests.support.site import ROOT

T = TypeVar("T")
Figure = Callable[[str, str], None]
Length = Callable[[T, T], T]

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: written by make torture -->", "<!-- end of figures -->"
PACKAGES = ("Django", "channels", "channels-redis", "pycrdt", "psycopg", "redis", "uvicorn")
PROPERTY = "figure"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="run the long form of tests that have one")


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "figure" in getattr(item, "fixturenames", ()):
            item.add_marker("torture")
            if item.config.getoption("--torture"):
                item.add_marker(pytest.mark.timeout(7200), append=False)  # before one of its own


@pytest.fixture(scope="session")
def length(request: pytest.FixtureRequest) -> Length[int]:
    """`length(short, long)`: the one that this run is for."""
    is_long = bool(request.config.getoption("--torture"))
    return lambda short, long: long if is_long else short


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """`figure("A1 SQLite", "200 kills under 20 writers: 81,210 edits acknowledged, 0 lost, 0 doubled")`."""

    def say(name: str, words: str) -> None:
        request.node.user_properties.append((PROPERTY, (name, words)))

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    said = dict(_figures(terminalreporter.stats.get("passed", [])))
    if not said:
        return
    terminalreporter.section("figures")
    for name, words in sorted(said.items()):
        terminalreporter.write_line(f"{name}: {words}")
    if config.getoption("--torture") and PAGE.exists():
        PAGE.write_text(with_figures(PAGE.read_text(), said, versions(), date.today().isoformat()))


def _figures(reports: list[pytest.TestReport]) -> Iterator[tuple[str, str]]:
    for report in reports:
        if report.when == "call":
            for key, value in report.user_properties:
                if key == PROPERTY:
                    name, words = map(str, cast("tuple[str, str]", value))
                    yield name, words


def with_figures(page: str, said: dict[str, str], on: str, today: str) -> str:
    """The page with these figures' rows in its table; other rows stay. Raises ValueError if it has no table."""
    before, begin, rest = page.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page lacks {BEGIN} or {END}.")
    rows = dict(re.findall(r"^\| ([A-Z]\d[^|]*?) (\|.*)$", table, re.MULTILINE))
    rows |= {name: f"| {words} | {today} |" for name, words in said.items()}
    lines = [f"Last run with {on}.", "", "| test | figure | date |", "| --- | --- | --- |"]
    lines += [f"| {name} {rest}" for name, rest in sorted(rows.items())]
    return "\n".join([f"{before}{begin}", *lines, f"{end}{after}"])


def versions() -> str:
    """What this machine runs: Python, the packages and the servers."""
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    servers = [f"SQLite {sqlite3.sqlite_version}", *_servers()]
    return ", ".join([f"Python {platform.python_version()}", *packages, *servers])


def _servers() -> Iterator[str]:
    for name, command in ("PostgreSQL", _newest("postgres")), ("Redis", "redis-server"), ("Node", "node"):
        try:
            said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            continue
        if found := re.search(r"\d+[.\d]+", said):
            yield f"{name} {found[0]}"


def _newest(program: str) -> str:
    return max(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{program}")), default=program)
