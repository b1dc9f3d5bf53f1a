"""Fixtures that any test may ask for: servers, sites and browsers, each made only when somebody asks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser as Chromium
from pytest_django import DjangoDbBlocker

from tests.support.browser import Browser, running_chromium
from tests.support.servers import new_database, private_postgres, private_redis
from tests.support.site import ROOT, Site, new_site, prepare_ground

pytest_plugins = ["tests.support.figures"]

REPORTS = pytest.StashKey[dict[str, pytest.TestReport]]()


SLOW = {"browser", "figure"}
"""What those tests ask for that take long. Their files begin first, lest one process be left with them in the end."""


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        elif item.get_closest_marker("django_db"):
            item.add_marker("database")
    slow = {item.path for item in items if SLOW.intersection(getattr(item, "fixturenames", ()))}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash.setdefault(REPORTS, {})[report.when] = report
    return report


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What PostgreSQL wants otherwise than SQLite: how tables are emptied between tests, and to be left in the end."""
    if connection.vendor != "postgresql":
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "sql_flush", _deletions)
        yield
    # Threads that outlive their test hold connections, and no database is dropped that somebody is in.
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608


def _deletions(_ops: object, _style: object, tables: Iterable[str], **_options: bool) -> list[str]:
    """Instead of TRUNCATE, which makes every table and index a new file: 60 ms after each test, not 1."""
    without_foreign_keys = "SET LOCAL session_replication_role = replica"
    return [without_foreign_keys, *(f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables)]  # noqa: S608


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own; `new_database(postgres_url)` makes an empty database in it."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield os.environ["DATABASE_URL"]
        return
    with private_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of our own."""
    if os.environ.get("REDIS_URL"):
        yield os.environ["REDIS_URL"]
        return
    with private_redis() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> str:
    """The URL of a new, empty PostgreSQL database."""
    return new_database(postgres_url)


@pytest.fixture(scope="session")
def front_end() -> None:
    """static/dist/ and static/languages/ as the sources say. Keyed and locked: workers may all ask."""
    subprocess.run([sys.executable, "-m", "project.bootstrap", "front", "languages"], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def ground(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_ground(tmp_path_factory.mktemp("ground") / "var")


Sites = Callable[..., Site]


@pytest.fixture
def sites(ground: Path, tmp_path: Path) -> Iterator[Sites]:
    """Starts servers of this test's own: `sites(REDIS_URL=…)`. They may be killed, and are at the end.

    `command` is how, if not by `manage.py serve`.
    """
    started: list[Site] = []

    def start(command: list[str] | None = None, **environment: str) -> Site:
        site = new_site(ground, tmp_path / f"var-{len(started)}", **environment)
        site.command = command or site.command
        started.append(site)
        return site.start()

    yield start
    for site in started:
        if site.is_running:
            site.kill()


@pytest.fixture(scope="module")
def site(ground: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that the tests of a module share; each makes people and documents of its own."""
    shared = new_site(ground, tmp_path_factory.mktemp("site") / "var").start()
    yield shared
    if shared.is_running:
        assert shared.terminate() == 0, shared.log


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """For a module, not for the session: playwright's event loop must not be there when async tests run."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def browser(request: pytest.FixtureRequest, chromium: Chromium, site: Site) -> Iterator[Browser]:
    """Browsers for people of `site`. Fails the test when a page logs an error that was not allowed."""
    browser = Browser(chromium, site)
    yield browser
    reports = request.node.stash.get(REPORTS, {})
    complaints = browser.complaints()
    if complaints or not ("call" in reports and reports["call"].passed):
        browser.keep_screenshots(request.node.nodeid)
    browser.close()
    assert not complaints, "\n".join(complaints)
