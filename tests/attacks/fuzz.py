"""A process that hands mutated frames to the real consumer, each on its own connection, and tells what they did.

`python -m tests.attacks.fuzz SEED COUNT` prints JSON. It is a process of its own, for what it looks for may end it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import random
import resource
import sys
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import django
from pycrdt import XmlElement, XmlFragment, XmlText

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from collab import engine, fold, protocol  # noqa: E402
from collab.consumers import DocumentConsumer  # noqa: E402
from collab.errors import CollabError, Left  # noqa: E402
from collab.hub import Hub  # noqa: E402
from collab.memory import Exchange, MemoryBroker, MemoryLog  # noqa: E402
from collab.peer import Peer  # noqa: E402
from collab.room import Room  # noqa: E402
from tests.attacks.mutations import SEEDED, as_client, mutate, seeds  # noqa: E402
from tests.support.plain_pages import PlainPages  # noqa: E402

PER_DOCUMENT = 500  # frames, so that documents stay small and comparing them cheap


class Connection:
    """The server's side of a socket whose other side is this program."""

    def __init__(self) -> None:
        self.code: int | None = None
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._idle = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        self._idle.set()
        return await self._in.get()

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.code = message["code"]
            self._idle.set()

    def end(self, _: object) -> None:
        """Nobody serves it any more: whoever waits for an answer goes on, and finds out why."""
        self._idle.set()

    def leave(self) -> None:
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def say(self, message: dict[str, Any]) -> None:
        """Until it has been taken, or the connection closed."""
        self._idle.clear()
        self._in.put_nowait(message)
        await self._idle.wait()


class Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kinds: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.kinds[record.getMessage().rpartition(": ")[2]] += 1


class Fuzzer:
    """`fates` counts frames by close code, or by what an accepted one did."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.log = MemoryLog()
        self.hub = Hub(self.log, MemoryBroker(Exchange()), PlainPages())
        self.fates: Counter[str] = Counter()
        self.damaged = 0
        self.slowest = 0.0
        self._seeds = seeds(self.chance)
        self._number = 0

    async def run(self, count: int) -> None:
        loop = asyncio.get_running_loop()
        engine._hubs[loop] = self.hub
        self.hub.start()
        while self._number < count:
            await self._one_document(min(PER_DOCUMENT, count - self._number))
        await engine.stop()

    async def _one_document(self, frames: int) -> None:
        document_id = uuid4()
        self.log.create(document_id)
        room = await self.hub.room(document_id)
        await room.edit("server", _write)
        bystander = Peer(PlainPages().grant("alice"))
        await self.hub.join(document_id, bystander)
        for _ in range(frames):
            await self._one_frame(room)
            bystander.take_now()
        assert not bystander.closed, bystander.closed
        stored = await self.log.load(document_id)
        again = fold.replay(stored.state, stored.entries)
        assert protocol.decode_state_vector(again.get_state()) == room.replica.knowledge.clocks
        # Structs that do not stand where they say they were put: an editor can make copies of a document differ.
        self.fates["document whose copies differ"] += not fold.is_faithful(again.get_update(), room.replica.doc)
        await room.keep_snapshot("auto")  # raises where a document cannot be kept any more
        stored = await self.log.load(document_id)
        assert fold.is_same(fold.replay(stored.state, stored.entries), room.replica.doc)
        self.hub.leave(room, bystander)
        self.log.erase(document_id)
        self.hub.forget(document_id)

    async def _one_frame(self, room: Room) -> None:
        self._number += 1
        own = SEEDED + self._number
        frame = mutate(self.chance, as_client(self.chance.choice(self._seeds), own), self._seeds)
        connection = Connection()
        scope = {
            "principal": f"user:{self._number}",
            "subprotocols": ["scriptorium.v1"],
            "query_string": b"",
            "headers": [],
            "url_route": {"kwargs": {"document_id": room.document_id}},
        }
        serving = asyncio.create_task(DocumentConsumer(self.hub.pages)(scope, connection.receive, connection.send))
        serving.add_done_callback(connection.end)
        await connection.say({"type": "websocket.connect"})
        before, seq, generation = room.replica.state(), room.replica.seq, room.replica.generation
        began = time.thread_time()
        await connection.say({"type": "websocket.receive", "bytes": frame})
        await room.ticker.idle()
        self.slowest = max(self.slowest, time.thread_time() - began)
        connection.leave()
        await serving
        changed = room.replica.state() != before or room.replica.seq != seq
        self.fates[_fate(connection.code, changed, room.replica.generation != generation)] += 1
        if connection.code in (4400, 4409, 4413) and changed:
            self.damaged += 1


def _write(doc: Any) -> None:
    for words in "first", "second":
        doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText(words)]))


def _fate(code: int | None, changed: bool, rebuilt: bool) -> str:
    if rebuilt:
        return "loaded again"
    if code not in (None, CollabError.code, Left.code):
        return f"closed {code}"
    return "accepted" if changed else "no news"


def main(seed: int, count: int) -> None:
    gc.freeze()  # what Django has loaded is not to be looked through in the middle of a frame
    complaints = Complaints()
    logging.getLogger("collab").addHandler(complaints)
    logging.getLogger("collab").propagate = False
    fuzzer = Fuzzer(seed)
    asyncio.run(fuzzer.run(count))
    print(
        json.dumps(
            {
                "fates": fuzzer.fates,
                "damaged": fuzzer.damaged,
                "slowest_ms": fuzzer.slowest * 1000,
                "complaints": complaints.kinds,
                "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
