"""What a server costs, as the kernel counts it: scheduler run time and memory of all its processes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_PROC = Path("/proc")


def family(*roots: int) -> set[int]:
    """These processes and all that descend from them."""
    found: set[int] = set()
    todo = list(roots)
    while todo:
        pid = todo.pop()
        found.add(pid)
        for children in _read_all(pid, "children"):
            todo += map(int, children.split())
    return found


def parent(pid: int) -> int:
    return int((_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])


def cpu_seconds(pids: Collection[int]) -> float:
    """How long their threads have run so far. A thread that has ended takes its share with it."""
    return sum(int(line.split()[0]) for pid in pids for line in _read_all(pid, "schedstat")) / 1e9


def rss_bytes(pids: Collection[int]) -> int:
    """Resident memory, all added up."""
    pages = [int((_PROC / str(pid) / "statm").read_text().split()[1]) for pid in pids]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def _read_all(pid: int, name: str) -> Iterator[str]:
    """A file of each of a process's threads."""
    for task in (_PROC / str(pid) / "task").glob("*"):
        with suppress(OSError):  # it has just ended
            yield (task / name).read_text()


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """What is started in here stays on this core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of an ascending sequence do not exceed; nan of none."""
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
