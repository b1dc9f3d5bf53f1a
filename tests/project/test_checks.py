"""What `manage.py check` says of deployments that would lose edits, or show them to others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection
from psycopg import connect
from pytest_django import Settings

from project.checks import neighbours, processes
from tests.support.site import ROOT, new_site


@pytest.mark.parametrize(
    ("workers", "redis", "engine", "ids"),
    [
        ("1", "", "sqlite3", []),
        ("2", "", "postgresql", ["scriptorium.E002"]),
        ("2", "redis://localhost/0", "postgresql", []),
        ("2", "redis://localhost/0", "sqlite3", ["scriptorium.W001"]),
        ("many", "", "sqlite3", ["scriptorium.E001"]),
    ],
)
def test_what_several_processes_need(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, workers: str, redis: str, engine: str, ids: list[str]
) -> None:
    monkeypatch.setenv("WORKERS", workers)
    settings.REDIS_URL = redis
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")
    assert [message.id for message in processes()] == ids


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("", []),
        ("redis://127.0.0.1:6379/0", []),
        ("unix:///run/redis.sock", []),
        ("redis://cache.example.org/0", ["scriptorium.W002", "scriptorium.W003"]),
        ("redis://:secret@cache.example.org/0", ["scriptorium.W002"]),
        ("rediss://cache.example.org/0", ["scriptorium.W003"]),
        ("rediss://:secret@cache.example.org/0", []),
    ],
)
def test_a_redis_on_another_machine_is_locked_and_reached_by_tls(settings: Settings, url: str, ids: list[str]) -> None:
    settings.REDIS_URL = url
    messages = neighbours()
    assert [message.id for message in messages] == ids
    assert not any("secret" in message.msg for message in messages)


@pytest.mark.django_db
def test_a_database_that_keeps_its_word_passes() -> None:
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="This run is on PostgreSQL.")
@pytest.mark.django_db(transaction=True)
def test_sqlite_that_does_not_wait_for_the_disk_is_refused() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
        (message,) = run_checks(tags=[Tags.database], databases=["default"])
    finally:
        connection.close()  # the next one is FULL again
    assert message.msg == "SQLite runs with less than synchronous=FULL and can lose what was saved."


def test_a_postgresql_that_may_lose_commits_is_refused(
    postgres_url: str, postgres_database: str, ground: Path, tmp_path: Path
) -> None:
    site = new_site(ground, tmp_path / "site", DATABASE_URL=postgres_database)
    with connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {postgres_database.rpartition('/')[2]} SET synchronous_commit = off")
    for command in (["serve"], ["check", "--database", "default"]):
        done = manage(site.environment, *command)
        assert done.returncode == 1
        assert "(collab.E001) PostgreSQL runs with synchronous_commit=off and can lose what was saved" in done.stderr


def test_the_driver_takes_our_options(ground: Path, tmp_path: Path, postgres_database: str) -> None:
    site = new_site(ground, tmp_path / "site", DATABASE_URL=postgres_database)
    code = """
    from django.db import connection
    connection.ensure_connection()
    result = connection.connection.info.get_parameters()
    """
    assert site.python(code)["tcp_user_timeout"] == "4000"


def test_a_server_of_two_processes_without_redis_does_not_start(ground: Path, tmp_path: Path) -> None:
    done = manage(new_site(ground, tmp_path / "site", WORKERS="2").environment, "serve")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "(scriptorium.E002) WORKERS above 1 need REDIS_URL" in done.stderr


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
