"""The twenty others, in a process of their own, beside the server: the browser has the rest of the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event

from benchmarks.browser.book import strokes
from benchmarks.dialects import Seat
from benchmarks.load import Crowd, Performance
from benchmarks.script import Line
from benchmarks.server import SERVER_CORE

PATIENCE = 60.0  # seconds until everybody is in


@contextmanager
def typing(seats: Sequence[Seat], lines: Sequence[Line], seconds: float) -> Iterator[None]:
    """Everybody types for so long, or until the block is left; it is entered when the first has begun."""
    processes = get_context("spawn")
    are_in = processes.Event()
    process = processes.Process(target=_type, args=(seats, lines, seconds, are_in), daemon=True)
    process.start()
    try:
        if not are_in.wait(PATIENCE):
            raise TimeoutError(f"The typists are still not in after {PATIENCE:.0f} s.")
        yield
    finally:
        process.terminate()
        process.join()


def _type(seats: Sequence[Seat], lines: Sequence[Line], seconds: float, are_in: Event) -> None:
    os.sched_setaffinity(0, {SERVER_CORE})
    crowd = Crowd()
    clients = crowd.join(seats)
    parts = zip(lines, range(len(lines)), seats, clients, strict=True)
    everything = [stroke for part in parts for stroke in strokes(*part)]
    Performance(crowd, everything).play(warm_up=0.5, seconds=seconds, on_window=are_in.set)
