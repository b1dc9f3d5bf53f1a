"""A private PostgreSQL and a private Redis on free ports, gone with the test run.

`python -m tests.support.servers COMMAND...` runs COMMAND with DATABASE_URL and REDIS_URL pointing at a pair of them:
that is how `make test` takes the tests marked `database` through PostgreSQL and Redis a second time.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

from tests.support.until import until


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def private_postgres() -> Iterator[str]:
    """The URL of a new cluster's database. It runs as `postgres` when we are root, for it refuses to be root."""
    programs = _postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="scriptorium-postgres-"))
    try:
        password, port = secrets.token_hex(16), free_port()
        (folder / "password").write_text(password)
        if _account():
            for path in (folder, folder / "password"):
                shutil.chown(path, "postgres", "postgres")
        cluster = folder / "cluster"
        _run(programs / "initdb", "-D", cluster, "-U", "postgres", "-A", "scram-sha-256",
             f"--pwfile={folder / 'password'}", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        listen = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
        _run(programs / "pg_ctl", "-D", cluster, "-w", "-l", folder / "log", "-o", listen, "start")
        try:
            yield f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(url: str) -> str:
    """The URL of a new empty database in the same cluster."""
    name = f"scriptorium_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def private_redis() -> Iterator[str]:
    """The URL of a new Redis that keeps nothing on disk."""
    program = shutil.which("redis-server")
    assert program, "redis-server is missing: apt install redis-server"
    folder, port = tempfile.mkdtemp(prefix="scriptorium-redis-"), free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"redis://127.0.0.1:{port}/0"
        until(lambda: _answers(url), "Redis answers")
        yield url
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(url: str) -> bool:
    with suppress(redis.ConnectionError), redis.Redis.from_url(url) as client:
        return bool(client.ping())
    return False


def _postgres_programs() -> Path:
    found = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    assert found or versions, "PostgreSQL is missing: apt install postgresql"
    return Path(found or versions[-1]).parent


def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_name


def _run(*command: object) -> None:
    account = _account()
    as_whom: dict[str, Any] = {"user": account, "group": account, "extra_groups": []} if account else {}
    # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with tempfile.TemporaryFile() as said:
        status = subprocess.call([str(word) for word in command], stdout=said, stderr=said, cwd="/", **as_whom)
        said.seek(0)
        assert status == 0, f"{command[0]} failed: {said.read().decode()}"


def main(command: list[str]) -> int:
    with private_postgres() as database_url, private_redis() as redis_url:
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": database_url, "REDIS_URL": redis_url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
