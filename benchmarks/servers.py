"""The servers that are measured, each started alone, on one core, with nothing in its database.

Ours is the real `manage.py serve` on embedded SQLite with `synchronous=FULL`; everybody has an account, a role in the
document and a bearer token. The others come from npm, by the locks in peers/, and let everybody in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from socket import create_connection

from benchmarks.dialects import Seat
from benchmarks.measure import family, pinned
from project.bootstrap.node import npm, packages
from tests.support.node import node
from tests.support.servers import free_port
from tests.support.site import Site, new_site, prepare_ground
from tests.support.until import until

SERVER_CORE, LOAD_CORE = 0, 1
FOLDER = Path(__file__).parent / "peers"
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


class Server(ABC):
    """A server to be measured. `start` again after `stop` or `kill` finds its data as it was left."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="scriptorium-bench-"))

    @abstractmethod
    def start(self) -> None:
        """Returns once it answers."""

    @abstractmethod
    def seats(self, documents: int, people: int) -> list[list[Seat]]:
        """Places for so many people in each of so many new documents."""

    @property
    @abstractmethod
    def pids(self) -> set[int]:
        """All processes that are the server."""

    @abstractmethod
    def kill(self) -> None:
        """SIGKILL."""

    @abstractmethod
    def stop(self) -> None:
        """SIGTERM, and wait."""

    def texts(self, documents: Sequence[str]) -> list[str] | None:
        """What its database says of documents, read by another process; None if it keeps none that could be read."""
        return None

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Ours(Server):
    """`is_page`: clients speak scriptorium.v1 as our page does, with receipts and fragments; else plain y-protocols."""

    def __init__(self, *, is_page: bool = True) -> None:
        super().__init__()
        self._subprotocol = "scriptorium.v1" if is_page else ""
        self.site = new_site(_ground(), self.folder / "var")

    def start(self) -> None:
        with pinned(SERVER_CORE):
            self.site.start()

    def seats(self, documents: int, people: int) -> list[list[Seat]]:
        ids: list[str] = self.site.python(_DOCUMENTS, documents=documents, people=people)
        return [[self.seat(id_, person) for person in range(people)] for id_ in ids]

    def seat(self, document: str, person: int) -> Seat:
        path = f"/ws/documents/{document}/"
        return Seat(self.site.port, path, document, f"{_TOKEN}{person}", self._subprotocol)

    @property
    def pids(self) -> set[int]:
        assert self.site.process
        return family(self.site.process.pid)

    def texts(self, documents: Sequence[str]) -> list[str]:
        texts: list[str] = self.site.python(_TEXTS, documents=list(documents))
        return texts

    def kill(self) -> None:
        self.site.kill()

    def stop(self) -> None:
        if self.site.is_running:
            self.site.terminate()


@cache
def _ground() -> Path:
    """A database with everybody in it, to copy from."""
    ground = prepare_ground(Path(tempfile.mkdtemp(prefix="scriptorium-bench-")) / "ground")
    Site(ground).python(_PEOPLE, count=MOST_PEOPLE, token=_TOKEN)
    return ground


class Node(Server):
    """A server in Node, started by `command` in its folder of peers/."""

    package = ""
    is_addressed = False

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        packages(FOLDER / self.package)

    @abstractmethod
    def command(self) -> tuple[str, dict[str, str]]:
        """The script, and its environment besides PORT."""

    def start(self) -> None:
        script, environment = self.command()
        with pinned(SERVER_CORE), (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [node(), script],
                cwd=FOLDER / self.package,
                env=os.environ | {"PORT": str(self.port), "NODE_ENV": "production"} | environment,
                stdout=log,
                stderr=log,
            )
        until(self._answers, f"{self.package} listens", within=30)

    def _answers(self) -> bool:
        assert self._running.poll() is None, (self.folder / "log").read_text()
        with suppress(OSError), create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def seats(self, documents: int, people: int) -> list[list[Seat]]:
        names = [f"document-{number}" for number in range(documents)]
        return [[self._seat(name)] * people for name in names]

    def _seat(self, document: str) -> Seat:
        return Seat(self.port, "/" if self.is_addressed else f"/{document}", document, is_addressed=self.is_addressed)

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process
        return self._process

    @property
    def pids(self) -> set[int]:
        return family(self._running.pid)

    def kill(self) -> None:
        self._running.kill()
        self._running.wait()

    def stop(self) -> None:
        self._running.terminate()
        try:
            self._running.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()


class WebsocketServer(Node):
    """`@y/websocket-server`: no database."""

    package = "websocket-server"

    def command(self) -> tuple[str, dict[str, str]]:
        return "node_modules/@y/websocket-server/src/server.js", {"HOST": "127.0.0.1"}


class Hocuspocus(Node):
    """`@hocuspocus/server` with its SQLite extension. `flush_delay` in milliseconds; None leaves its default, 0."""

    package = "hocuspocus"
    is_addressed = True

    def __init__(self, flush_delay: int | None = None) -> None:
        super().__init__()
        self._flush_delay = flush_delay
        _build_sqlite()

    def command(self) -> tuple[str, dict[str, str]]:
        delay = "" if self._flush_delay is None else str(self._flush_delay)
        return "serve.mjs", {"DATABASE": str(self.folder / "hocuspocus.sqlite3"), "FLUSH_DELAY": delay}


def _build_sqlite() -> None:
    """The extension's SQLite is C++: npm fetches it built, or compiles it with the headers that came with Node."""
    if list((FOLDER / "hocuspocus/node_modules/better-sqlite3/build/Release").glob("better_sqlite3.node")):
        return
    home = Path(node()).resolve().parents[1]
    if (home / "include/node/node.h").is_file():
        os.environ["NPM_CONFIG_NODEDIR"] = str(home)
    print("  Building better-sqlite3 for Hocuspocus (some minutes where it has to be compiled)", flush=True)
    npm(f"benchmarks/peers/{Hocuspocus.package}", "rebuild", "better-sqlite3")


SERVERS: dict[str, Callable[[], Server]] = {
    "ours": Ours,
    "ours-plain": lambda: Ours(is_page=False),
    "y-websocket": WebsocketServer,
    "hocuspocus": Hocuspocus,
    "hocuspocus-16": lambda: Hocuspocus(16),
}
"""By the name that `--only` and the tables use."""
