"""The bare server, as one to be measured: the floor that Python, its loop, the kernel and the disk set."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from socket import create_connection

from benchmarks.dialects import Seat
from benchmarks.measure import pinned
from benchmarks.server import SERVER_CORE, OneProgram, Server
from tests.support.servers import free_port
from tests.support.site import ROOT
from tests.support.until import until


class Bare(OneProgram):
    keeps = False  # it has a log, but never reads it

    def __init__(self, program: str = "server") -> None:
        super().__init__()
        self._program = f"benchmarks.bare.{program}"
        self.port = free_port()

    def start(self) -> None:
        command = [sys.executable, "-m", self._program, str(self.port), str(self.folder / "log.sqlite3")]
        with pinned(SERVER_CORE):
            self._process = subprocess.Popen(command, cwd=ROOT)
        until(self._answers, "the bare server listens", within=30)

    def _answers(self) -> bool:
        assert self._running.poll() is None, "the bare server has ended"
        with suppress(OSError), create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def seats(self, documents: int, people: int) -> list[list[Seat]]:
        names = [f"document-{number}" for number in range(documents)]
        return [[Seat(self.port, f"/{name}", name)] * people for name in names]


class Pair(Server):
    """Two of them, each with half of the documents, that know nothing of each other: what it costs to be two."""

    keeps = False

    def __init__(self, program: str) -> None:
        super().__init__()
        self._servers = Bare(program), Bare(program)

    def start(self) -> None:
        for server in self._servers:
            server.start()

    def seats(self, documents: int, people: int) -> list[list[Seat]]:
        seats = [server.seats(documents, people) for server in self._servers]
        return [seats[number % 2][number] for number in range(documents)]

    @property
    def pids(self) -> set[int]:
        return set().union(*(server.pids for server in self._servers))

    def kill(self) -> None:
        for server in self._servers:
            server.kill()

    def stop(self) -> None:
        for server in self._servers:
            server.stop()

    def remove(self) -> None:
        for server in self._servers:
            server.remove()
        super().remove()
