"""The others, from npm by the locks in peers/: as their documentation starts them, and they let everybody in."""

from __future__ import annotations

import os
import subprocess
from abc import abstractmethod
from contextlib import suppress
from pathlib import Path
from socket import create_connection

from benchmarks.dialects import Seat
from benchmarks.measure import pinned
from benchmarks.server import SERVER_CORE, OneProgram
from project.bootstrap.node import npm, packages
from tests.support.node import node
from tests.support.servers import free_port
from tests.support.until import until

FOLDER = Path(__file__).parent / "peers"


class Node(OneProgram):
    """A server in Node, started by `command` in its folder of peers/."""

    package = ""
    is_addressed = False

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
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


class WebsocketServer(Node):
    """`@y/websocket-server`: no database."""

    package = "websocket-server"
    keeps = False

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
