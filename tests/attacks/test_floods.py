"""Somebody floods, poisons, asks without end or never reads: the others' words still arrive as before.

A server of its own, people who type at a steady pace beside the attack, and the time from each word to its receipt.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection

from collab import fold, protocol
from tests.attacks.attacker import ATTACKS
from tests.support.figures import Figure, Length
from tests.support.site import ROOT, Account, Site
from tests.support.until import until_async
from tests.support.wire import new_document, share, socket

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

PACE = 0.05  # seconds from word to word
TYPISTS = 4


@pytest.fixture(scope="module")
def people(site: Site) -> Sequence[Account]:
    return site.enrol("ada", *(f"typist{n}" for n in range(TYPISTS)), *(f"mallory{n}" for n in range(8)))


@pytest.fixture
def document_id(site: Site, people: Sequence[Account]) -> str:
    document_id = new_document(site, people[0], "Here we write.")
    share(site, document_id, *people[1:])
    return document_id


@dataclass
class Typist:
    """Types a word each PACE, and counts how long each takes to be saved. `waits` is in seconds."""

    connection: ClientConnection
    waits: list[float] = field(default_factory=list)

    async def type(self, seconds: float) -> None:
        doc = fold.new_doc()
        text = XmlText("")
        doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[text]))
        sent: dict[int, float] = {}
        hearing = asyncio.create_task(self._hear(sent))
        before, count, until = b"\0", 0, time.monotonic() + seconds
        while time.monotonic() < until:
            text.insert(0, "word ")
            update, before = doc.get_update(before), doc.get_state()
            count += 1
            sent[count] = time.perf_counter()
            await self.connection.send(protocol.update(update))
            await asyncio.sleep(PACE)
        await until_async(lambda: hearing.done() or not sent, "all is saved")
        assert not hearing.done(), f"one of the others was closed with {self.connection.close_code}"
        hearing.cancel()

    async def _hear(self, sent: dict[int, float]) -> None:
        async for frame in self.connection:
            if isinstance(frame, bytes) and frame[0] == protocol.SAVED:
                count = protocol.Reader(frame[1:]).varuint()
                for number in [number for number in sent if number <= count]:
                    self.waits.append(time.perf_counter() - sent.pop(number))


async def others(site: Site, document_id: str, people: Sequence[Account], seconds: float) -> float:
    """The 95th percentile of what the typists wait for, in seconds."""
    async with asyncio.TaskGroup() as tasks:
        typists = [tasks.create_task(_typist(site, document_id, person, seconds)) for person in people[1 : 1 + TYPISTS]]
    waits = [wait for typist in typists for wait in typist.result()]
    assert len(waits) > TYPISTS * seconds, "too little was typed to tell"
    return quantiles(waits, n=20)[-1]


async def _typist(site: Site, document_id: str, person: Account, seconds: float) -> list[float]:
    async with socket(site, document_id, person.token) as connection:
        typist = Typist(connection)
        await typist.type(seconds)
        return typist.waits


@contextmanager
def under_attack(name: str, site: Site, document_id: str, mallory: Account, strangers: int) -> Iterator[None]:
    address = f"{site.url.replace('http', 'ws', 1)}ws/documents/{document_id}/"
    command = ["nice", sys.executable, "-m", "tests.attacks.attacker", name, address, mallory.token]
    environment = os.environ | {"STRANGERS": str(strangers)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield
            assert process.poll() is None, "the attacker has given up"
        finally:
            process.kill()


@asynccontextmanager
async def under(attacks: Sequence[Awaitable[None]]) -> AsyncIterator[None]:
    running = [asyncio.ensure_future(attack) for attack in attacks]
    try:
        await asyncio.sleep(0.2)
        yield
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@pytest.mark.parametrize("name", ATTACKS)
async def test_the_others_hardly_notice(
    site: Site, people: Sequence[Account], document_id: str, name: str, length: Length[int], figure: Figure
) -> None:
    words = ATTACKS[name][0].replace("hundreds of", f"{length(200, 2000):,}")
    mallory = people[1 + TYPISTS + list(ATTACKS).index(name)]
    seconds = length(3, 20)
    calm = await others(site, document_id, people, seconds)
    with under_attack(name, site, document_id, mallory, length(200, 2000)):
        await asyncio.sleep(1)  # until it is in full swing
        harried = await others(site, document_id, people, seconds)
    figure(name, f"{words}: the others' p95 {harried * 1000:.0f} ms, {calm * 1000:.0f} ms without it")
    assert harried < max(length(20, 2) * calm, length(2, 0) + 0.1), "the others wait"


async def test_two_hundred_who_never_read_cost_little_memory(
    site: Site, people: Sequence[Account], document_id: str, length: Length[int], figure: Figure
) -> None:
    count, seconds = length(20, 200), length(3, 180)
    before = site.megabytes()
    readers = [_deaf(site, document_id, people[-1 - number % 2]) for number in range(count)]
    async with under(readers):
        p95 = await others(site, document_id, people, seconds)
        grown = site.megabytes() - before
    figure(
        "E4", f"{count} who never read, {seconds} s of typing: {grown:.0f} MB more, the others' p95 {p95 * 1000:.0f} ms"
    )
    assert grown < 100


async def _deaf(site: Site, document_id: str, mallory: Account) -> None:
    """A connection whose incoming buffer is never emptied."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=1024)
    writer.write(
        f"GET /ws/documents/{document_id}/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {mallory.token}\r\nSec-WebSocket-Protocol: scriptorium.v1\r\n\r\n".encode()
    )
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    try:
        await asyncio.Event().wait()
    finally:
        writer.transport.abort()
