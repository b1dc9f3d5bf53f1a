"""The private servers are real, empty and gone afterwards."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests.support.servers import new_database, private_redis
from tests.support.site import ROOT


def test_postgres_keeps_what_it_acknowledges(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_each_new_database_is_another_and_empty(postgres_url: str) -> None:
    first, second = new_database(postgres_url), new_database(postgres_url)
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE here (id int)")
    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT to_regclass('here')").fetchone() == (None,)


def test_redis_is_gone_after_use() -> None:
    with private_redis() as url, redis.Redis.from_url(url) as client:
        client.set("a", "b")
        assert client.get("a") == b"b"
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_a_command_runs_between_both_servers_and_its_status_comes_back() -> None:
    show = "import os, sys; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); sys.exit(7)"
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.servers", sys.executable, "-c", show],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7
    assert [urlsplit(word).scheme for word in done.stdout.split()] == ["postgres", "redis"]
