"""Memory of those who only have a document open: per connection to one document, and per document with a connection."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.dialects import Seat
from benchmarks.load import Crowd
from benchmarks.measure import cpu_seconds, rss_bytes
from benchmarks.rounds import Row
from benchmarks.server import Server

CONNECTIONS = 1000
DOCUMENTS = 200  # with the first, fewer than one person may have open at once
FIRST = 50  # of either: they bring in what is needed once, code, threads and caches
QUIET_SECONDS = 3.0


def connections(server: Server, seconds: float) -> Row:
    """KiB for each of many in one document."""
    return _each(server, seconds, documents=1, people=FIRST + CONNECTIONS)


def documents(server: Server, seconds: float) -> Row:
    """KiB for each of many documents, the one connection to it included."""
    return _each(server, seconds, documents=FIRST + DOCUMENTS, people=1)


def _each(server: Server, seconds: float, *, documents: int, people: int) -> Row:
    crowd = Crowd()
    try:
        server.start()
        seats = [seat for document in server.seats(documents, people) for seat in document]
        start = rss_bytes(server.pids)
        first = _rss_with(seats[:FIRST], crowd, server)
        all_in = _rss_with(seats[FIRST:], crowd, server)
        cpu = cpu_seconds(server.pids)
        crowd.listen(seconds)
        return {
            "each": (all_in - first) / len(seats[FIRST:]) / 1024,
            "cpu": (cpu_seconds(server.pids) - cpu) / seconds,
            "rss": [size / (1 << 20) for size in (start, first, all_in)],
            "lost_connections": len(crowd.ended),
        }
    finally:
        crowd.close()
        server.stop()
        server.remove()


def _rss_with(seats: Sequence[Seat], crowd: Crowd, server: Server) -> int:
    crowd.join(seats)
    crowd.listen(QUIET_SECONDS)
    return rss_bytes(server.pids)
