"""Opening a document with a long history: a recorded session of 259,778 edits, cold (not in memory yet) and warm.

Ours gets the history as it was typed, edit by edit, and opens what its log and its snapshots hold. The others are given
the finished text in one update, which spares them most of it.
"""

from __future__ import annotations

import asyncio
import time
from statistics import median

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from benchmarks.author import Author
from benchmarks.dialects import Seat
from benchmarks.load import Crowd
from benchmarks.measure import cpu_seconds
from benchmarks.observers import Observer
from benchmarks.recordings import FOLDER, Recording, load
from benchmarks.replay import play
from benchmarks.rounds import Row
from benchmarks.script import ROOT
from benchmarks.server import Server
from benchmarks.sockets import framed

RECORDING = FOLDER / "automerge-paper.json.gz"
COLD, WARM = 3, 7  # how often it is opened
SETTLING = 3.0  # seconds in which a server that saves later may save


def opening(server: Server, seconds: float) -> Row:
    """Medians in milliseconds: until the last byte was there, and CPU of the server meanwhile."""
    recording = load(RECORDING)
    crowd = Crowd()
    try:
        server.start()
        (seat,), (other,) = server.seats(2, 1)
        if seat.subprotocol:
            asyncio.run(_type(seat, recording))
        else:
            (author,) = crowd.join([seat])
            author.send(framed(seat.update(_finished(recording))))
            crowd.listen(SETTLING)
        cold = [_open_cold(server, seat, other) for _ in range(COLD if server.keeps else 0)]
        crowd.join([seat])  # keeps it in memory
        warm = [_open(server, seat) for _ in range(WARM)]
        wrong = [text for *_, text in cold + warm if text != recording.final_text]
        return _medians("cold", cold) | _medians("warm", warm) | {"disagree": [f"{len(wrong)} opened"] if wrong else []}
    finally:
        crowd.close()
        server.stop()
        server.remove()


Opened = tuple[float, float, float | None, str]
"""Milliseconds; milliseconds of CPU; milliseconds from the database into memory, if the server says; the text."""


def _open_cold(server: Server, seat: Seat, other: Seat) -> Opened:
    server.stop()
    server.start()
    _open(server, other)  # what the first connection of a process brings in is not what is measured
    time.sleep(SETTLING)  # nor is what it has shown besides, somewhat later
    return _open(server, seat)


def _open(server: Server, seat: Seat) -> Opened:
    crowd = Crowd()
    try:
        loading = server.loading_seconds()
        cpu, begun = cpu_seconds(server.pids), time.perf_counter()
        (client,) = crowd.join([seat], frozenset([0]))
        taken, cpu = time.perf_counter() - begun, cpu_seconds(server.pids) - cpu
        reader = Observer(client, seat)
        reader.catch_up()
        loaded = (server.loading_seconds() or 0.0) - loading if loading is not None else None
        return taken * 1e3, cpu * 1e3, loaded and loaded * 1e3, reader.text
    finally:
        crowd.close()


def _medians(name: str, opened: list[Opened]) -> Row:
    if not opened:
        return {}
    loading = [loaded for _, _, loaded, _ in opened if loaded is not None]
    return {
        name: median(taken for taken, *_ in opened),
        f"{name}_cpu": median(cpu for _, cpu, *_ in opened),
    } | ({f"{name}_loading": median(loading)} if loading else {})


async def _type(seat: Seat, recording: Recording) -> None:
    async with Author(f"ws://127.0.0.1:{seat.port}{seat.path}", seat.token) as author:
        await play(recording.transactions, [author])


def _finished(recording: Recording) -> bytes:
    """The document as one update."""
    doc: Doc[XmlFragment] = Doc()
    text = XmlText("")
    doc.get(ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[text]))
    for transaction in recording.transactions:
        with doc.transaction():
            for position, deleted, inserted in transaction.patches:
                if deleted:
                    del text[position : position + deleted]
                if inserted:
                    text.insert(position, inserted)
    return doc.get_update()
