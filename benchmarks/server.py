"""A server that is measured: started alone, on a core of its own, with nothing in its database."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from benchmarks.dialects import Seat
from benchmarks.measure import family

SERVER_CORE, LOAD_CORE = (2 * sorted(os.sched_getaffinity(0)))[:2]


class Server(ABC):
    """A server to be measured. `start` again after `stop` or `kill` finds its data as it was left."""

    keeps = True
    """Whether it has a database at all."""

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

    def counters(self) -> dict[str, float]:
        """What it can tell of itself, ever growing: entries in its log, messages, seconds of others' CPU."""
        return {}

    def loading_seconds(self) -> float | None:
        """What it has needed so far to bring documents from its database into memory; None if it does not say."""
        return None

    def remove(self) -> None:
        """Everything it has left behind."""
        shutil.rmtree(self.folder, ignore_errors=True)


class OneProgram(Server):
    """A server that is one program, which `start` has put into `_process`."""

    _process: subprocess.Popen[bytes] | None = None

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
