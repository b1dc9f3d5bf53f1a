"""/healthz and /readyz: what they say of a process, to whom, and that they name what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import connect
from pytest_django import Settings

from collab import engine
from docs_app.socket import DocumentPages
from project.probes import Probes
from tests.conftest import Sites
from tests.support.asgi import Heard, ask
from tests.support.live import does
from tests.support.servers import free_port, private_redis
from tests.support.site import Site
from tests.support.until import until

pytestmark = pytest.mark.anyio


async def nothing_else(scope: dict[str, Any], receive: Any, send: Any) -> None:
    raise AssertionError(f"{scope['path']} was not for a probe")


@pytest.fixture
async def probes() -> AsyncIterator[Probes]:
    """Those of a process that has started."""
    engine.start(DocumentPages())
    yield Probes(nothing_else)
    await engine.stop()


def get(site: Site, path: str, **headers: str) -> tuple[int, str]:
    """As a probe asks: by address, over http. Says what the site answers."""
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=20)) as asking:
        asking.request("GET", path, headers=headers)
        answer = asking.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.django_db(transaction=True)
async def test_a_process_that_can_do_its_work_is_ready(probes: Probes, settings: Settings) -> None:
    settings.REDIS_URL = ""
    assert (await ask(probes, "/readyz"))[::2] == (200, "ready\n")
    assert (await ask(probes, "/healthz"))[::2] == (200, "ok\n")


async def test_they_are_asked_with_get_or_head(probes: Probes) -> None:
    assert (await ask(probes, "/healthz", method="POST"))[::2] == (405, "Ask with GET.")
    heard: Heard = await ask(probes, "/healthz", method="HEAD")
    assert (heard.status, heard.headers["content-length"], heard.text) == (200, "3", "")


async def test_one_that_ends_is_not_ready_but_alive(probes: Probes) -> None:
    await engine.stop()
    assert (await ask(probes, "/readyz"))[::2] == (503, "The server is ending.\n")
    assert (await ask(probes, "/healthz")).status == 200


@pytest.mark.django_db(transaction=True)
async def test_a_redis_that_never_answered_is_a_mistake(probes: Probes, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://:hunter2@127.0.0.1:{free_port()}/0"
    assert (await ask(probes, "/readyz"))[::2] == (503, "Redis does not answer.\n")


@pytest.mark.django_db(transaction=True)
async def test_one_that_goes_later_is_worth_a_word(probes: Probes, settings: Settings) -> None:
    with private_redis() as settings.REDIS_URL:
        assert (await ask(probes, "/readyz"))[::2] == (200, "ready\n")
    assert (await ask(probes, "/readyz"))[::2] == (200, "ready\nRedis does not answer.\n")


def test_a_public_site_answers_probes_that_ask_by_address(sites: Sites) -> None:
    site = sites(ALLOWED_HOSTS="docs.example.org")
    assert get(site, "/healthz") == (200, "ok\n")
    assert get(site, "/readyz") == (200, "ready\n")
    assert get(site, "/", **{"X-Forwarded-Proto": "https"})[0] == 400  # all others must name the site


@pytest.mark.django_db(transaction=True)
async def test_a_database_that_lacks_migrations_is_named(probes: Probes) -> None:
    recorder, (_, newest) = MigrationRecorder(connection), MigrationLoader(None).graph.leaf_nodes("docs_app")[0]
    await does(recorder.record_unapplied, "docs_app", newest)
    try:
        expected = "The database is not up to date: run manage.py migrate.\n"
        assert (await ask(probes, "/readyz"))[::2] == (503, expected)
    finally:
        await does(recorder.record_applied, "docs_app", newest)
    assert (await ask(probes, "/readyz"))[::2] == (200, "ready\n")


def test_a_database_that_has_gone_is_named(sites: Sites, postgres_url: str, postgres_database: str) -> None:
    site = sites(DATABASE_URL=postgres_database)
    assert get(site, "/readyz") == (200, "ready\n")
    name = postgres_database.rpartition("/")[2]
    with connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        assert get(site, "/readyz") == (503, "The database does not answer.\n")
        assert get(site, "/healthz") == (200, "ok\n")
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    until(lambda: get(site, "/readyz")[0] == 200, "it is ready again")
    assert name not in "".join(text for _, text in [get(site, "/readyz")])
