"""Our server as people run it: one `manage.py serve` on embedded SQLite, or several on PostgreSQL and Redis.

Everybody has an account, a role in the document and a bearer token. What is saved is on disk in either case: SQLite
runs with `synchronous=FULL`, PostgreSQL with its defaults.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias
from urllib.request import Request, urlopen

import psycopg
import redis
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.dialects import Seat
from benchmarks.measure import cpu_seconds, family, parent, pinned
from benchmarks.server import SERVER_CORE, Server
from tests.support.servers import private_postgres, private_redis
from tests.support.site import Site, new_site, prepare_ground

Route: TypeAlias = Callable[[int, int], int]
"""Which process somebody reaches: of the document's number and the person's."""

MOST_PEOPLE = 2000

_PEOPLE = """
from docs_app.models import ApiToken, User
from docs_app.services.tokens import hash_of

users = User.objects.bulk_create(User(username=f"person{number}", password="!") for number in range(count))
ApiToken.objects.bulk_create(
    ApiToken(user=user, token_hash=hash_of(f"{token}{number}")) for number, user in enumerate(users)
)
result = len(users)
"""
_DOCUMENTS = """
from docs_app.levels import Level
from docs_app.models import Membership, User
from docs_app.services.documents import create_document

users = [User.objects.get(username=f"person{number}") for number in range(people)]
result = []
for number in range(documents):
    document = create_document(owner=users[0], title=f"Document {number}")
    Membership.objects.bulk_create(Membership(document=document, user=user, level=Level.EDIT) for user in users[1:])
    result.append(str(document.pk))
"""
_TEXTS = """
import asyncio
from uuid import UUID
from benchmarks.script import text_of
from collab.fold import replay
from collab.store import DatabaseLog

async def read(document_id):
    stored = await DatabaseLog().load(UUID(document_id))
    return text_of(replay(stored.state, stored.entries))

result = [asyncio.run(read(document_id)) for document_id in documents]
"""
_TOKEN = "token-of-person-"
_METRICS, _LOADING = "figures-of-a-benchmark", "scriptorium_load_seconds_sum"
_LOG = "SELECT count(*), coalesce(sum(length(payload)), 0) FROM collab_logentry"


class Ours(Server):
    """`is_page`: clients speak scriptorium.v1 as our page does, with receipts and fragments; else plain y-protocols."""

    def __init__(self, *, is_page: bool = True) -> None:
        super().__init__()
        self._subprotocol = "scriptorium.v1" if is_page else ""
        self.sites = [new_site(_ground(), self.folder / "var", METRICS_TOKEN=_METRICS)]

    def start(self) -> None:
        with pinned(SERVER_CORE):
            for site in self.sites:
                site.start()

    def seats(self, documents: int, people: int) -> list[list[Seat]]:
        ids: list[str] = self.sites[0].python(_DOCUMENTS, documents=documents, people=people)
        return [[self._seat(id_, number, person) for person in range(people)] for number, id_ in enumerate(ids)]

    def _seat(self, id_: str, number: int, person: int) -> Seat:
        port = self.sites[self.route(number, person)].port
        return Seat(port, f"/ws/documents/{id_}/", id_, f"{_TOKEN}{person}", self._subprotocol)

    def route(self, document: int, person: int) -> int:
        """Which of the sites somebody reaches."""
        return 0

    @property
    def pids(self) -> set[int]:
        return family(*(site.process.pid for site in self.sites if site.process))

    def texts(self, documents: Sequence[str]) -> list[str]:
        texts: list[str] = self.sites[0].python(_TEXTS, documents=list(documents))
        return texts

    def counters(self) -> dict[str, float]:
        with closing(sqlite3.connect(self.folder / "var" / "scriptorium.sqlite3")) as database:
            return _log_counters(database.execute(_LOG).fetchone())

    def loading_seconds(self) -> float:
        figures = text_string_to_metric_families(_read_metrics(self.sites[0].url))
        return sum(each.value for family in figures for each in family.samples if each.name == _LOADING)

    def kill(self) -> None:
        for site in self.sites:
            site.kill()

    def stop(self) -> None:
        for site in self.sites:
            if site.is_running:
                site.terminate()


class Cluster(Ours):
    """`processes` of ours as one site, with a PostgreSQL and a Redis of its own, which share the core of the load."""

    def __init__(self, processes: int, route: Route) -> None:
        super().__init__()
        self._route = route
        self._services = ExitStack()
        self._database_url = self._services.enter_context(private_postgres())
        self._redis_url = self._services.enter_context(private_redis())
        urls = {"DATABASE_URL": self._database_url, "REDIS_URL": self._redis_url}
        self.sites = [new_site(_ground(), self.folder / f"var{number}", **urls) for number in range(processes)]
        self.sites[0].python(_PEOPLE, count=MOST_PEOPLE, token=_TOKEN)
        self._database = self._services.enter_context(psycopg.connect(self._database_url, autocommit=True))
        self._redis = self._services.enter_context(redis.Redis.from_url(self._redis_url))

    def route(self, document: int, person: int) -> int:
        return self._route(document, person)

    def counters(self) -> dict[str, float]:
        row = self._database.execute(_LOG).fetchone()
        published = self._redis.info("commandstats").get("cmdstat_publish", {"calls": 0})["calls"]
        postgres = family(parent(self._database.info.backend_pid))
        redis_server = {int(self._redis.info("server")["process_id"])}
        return _log_counters(row) | {
            "redis_messages": published,
            "postgres_cpu": cpu_seconds(postgres),
            "redis_cpu": cpu_seconds(redis_server),
        }

    def remove(self) -> None:
        self._services.close()
        super().remove()


def _log_counters(row: Sequence[int] | None) -> dict[str, float]:
    entries, size = row or (0, 0)
    return {"log_entries": entries, "log_bytes": size}


@cache
def _ground() -> Path:
    """A database with everybody in it, to copy from."""
    ground = prepare_ground(Path(_scratch().name) / "ground")
    Site(ground).python(_PEOPLE, count=MOST_PEOPLE, token=_TOKEN)
    return ground


@cache
def _scratch() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="scriptorium-bench-")


def _read_metrics(url: str) -> str:
    with urlopen(Request(f"{url}metrics", headers={"Authorization": f"Bearer {_METRICS}"}), timeout=10) as answer:
        return str(answer.read().decode())
