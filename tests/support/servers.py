"""A private PostgreSQL and a private Redis on free ports, gone with the test run.

`python -m tests.support.servers COMMAND...` runs COMMAND with DATABASE_URL and REDIS_URL pointing at a pair of them:
that is how `make test` takes the tests marked `database` through PostgreSQL and Redis a second time.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

from project.bootstrap.places import ROOT
from project.bootstrap.work import digest
from tests.support.until import until

_OURS = "scriptorium_"  # the names of databases that tests have made begin so


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Postgres:
    """A new PostgreSQL cluster in `folder`. It runs as `postgres` when we are root, for it refuses to be root."""

    def __init__(self, folder: Path) -> None:
        self._programs = _postgres_programs()
        self._cluster, self._log = folder / "cluster", folder / "log"
        password, self._port = secrets.token_hex(16), free_port()
        self.url = f"postgres://postgres:{password}@127.0.0.1:{self._port}/postgres"
        (folder / "password").write_text(password)
        if _account():
            for path in (folder, folder / "password"):
                shutil.chown(path, "postgres", "postgres")
        _run(self._programs / "initdb", "-D", self._cluster, "-U", "postgres", "-A", "scram-sha-256",
             f"--pwfile={folder / 'password'}", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip

    def start(self) -> None:
        """Returns once it takes connections."""
        listen = (
            f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._cluster.parent} "
            "-c max_connections=200"
        )
        _run(self._programs / "pg_ctl", "-D", self._cluster, "-w", "-l", self._log, "-o", listen, "start")

    def crash(self) -> None:
        """Ends it as a power cut would: nothing is written any more, and the next start has to recover."""
        _run(self._programs / "pg_ctl", "-D", self._cluster, "-m", "immediate", "stop")


@contextmanager
def postgres(within: Path | None = None) -> Iterator[Postgres]:
    """A cluster of the caller's own, running, in a new folder `within` another."""
    folder = Path(tempfile.mkdtemp(prefix="scriptorium-postgres-", dir=within))
    try:
        cluster = Postgres(folder)
        cluster.start()
        try:
            yield cluster
        finally:
            with suppress(AssertionError):  # it had not been started again
                cluster.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def private_postgres() -> Iterator[str]:
    """The URL of a new cluster's database."""
    with postgres() as cluster:
        yield cluster.url


def new_database(url: str) -> str:
    """The URL of a new empty database in the same cluster."""
    name = f"{_OURS}{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def prepare_database(url: str, migrate: Callable[[], object]) -> None:
    """See that a database has its tables: by `migrate`, and for the next empty one of the cluster as a copy of that."""
    parts, ground = urlsplit(url), f"{_OURS}ground_{digest(*ROOT.glob('*/migrations/*.py'))[:12]}"
    name = parts.path[1:]
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as cluster:
        cluster.execute("SELECT pg_advisory_lock(1)")  # until this connection ends
        if _has_tables(url):
            return
        has_ground = cluster.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ground]).fetchone()
        if has_ground and name.startswith(_OURS):
            cluster.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
            _copy(cluster, ground, name)
            return
        migrate()
        if not has_ground:
            _copy(cluster, name, ground)


def _has_tables(url: str) -> bool:
    with psycopg.connect(url) as database:
        return database.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,)


def _copy(cluster: psycopg.Connection, template: str, name: str) -> None:
    names = sql.Identifier(name), sql.Identifier(template)
    cluster.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


class RedisServer:
    """A Redis in `folder` that keeps nothing on disk, on a port that it keeps over restarts."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: apt install redis-server"
        self._port = port or free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        where = ["--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(folder)]
        self._command = [program, *where, "--save", "", "--appendonly", "no"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until(lambda: _answers(self.url), "Redis answers")

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait(10)

    def freeze(self) -> None:
        """It stops where it stands, connections open, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def do(self, *command: str) -> object:
        """What it answers to a command."""
        with redis.Redis.from_url(self.url) as client:
            answer: object = client.execute_command(*command)
            return answer

    def _signal(self, how: signal.Signals) -> None:
        assert self._process is not None, "Redis is not running."
        self._process.send_signal(how)


@contextmanager
def redis_server(port: int | None = None) -> Iterator[RedisServer]:
    """A Redis of the caller's own, running."""
    folder = Path(tempfile.mkdtemp(prefix="scriptorium-redis-"))
    server = RedisServer(folder, port)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def private_redis(port: int | None = None) -> Iterator[str]:
    """The URL of a new Redis, on a free port unless one is given."""
    with redis_server(port) as server:
        yield server.url


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
