"""Redis dies, stalls, forgets, cuts connections and lies while people at two servers write: what do they notice?"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

import msgpack
import pytest
from redis import Redis

from collab import protocol
from tests.conftest import Sites
from tests.support.disk import words_on_disk
from tests.support.figures import Figure, Length
from tests.support.servers import RedisServer, new_database, redis_server
from tests.support.site import Site
from tests.support.until import until_async
from tests.support.wire import api, is_alive, new_document, share, socket, until_frame, until_text
from tests.support.writers import Crowd, Writer, crowd

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


@asynccontextmanager
async def two_servers(sites: Sites, postgres_url: str) -> AsyncIterator[tuple[list[Site], RedisServer]]:
    with redis_server() as redis:
        database = await asyncio.to_thread(new_database, postgres_url)
        yield [await asyncio.to_thread(sites, DATABASE_URL=database, REDIS_URL=redis.url) for _ in range(2)], redis


async def seconds_until_all_have(readers: Sequence[Writer], people: Crowd) -> float:
    """How long it takes until they all see every word that is saved now."""
    begun, words = time.monotonic(), set(people.acknowledged)
    await until_async(lambda: all(words <= set(reader.words) for reader in readers), "everybody has them")
    return time.monotonic() - begun


@asynccontextmanager
async def reader(site: Site, people: Crowd) -> AsyncIterator[Writer]:
    """Somebody at this server who does not write, once all that is saved so far has come."""
    listener = Writer(people.writers[0].account, random.Random(1))
    reading = asyncio.create_task(listener.stay_connected([site], people.document_id))
    await people.more(20)
    await seconds_until_all_have([listener], people)
    yield listener
    reading.cancel()


async def kill(redis: RedisServer) -> None:
    redis.kill()
    await asyncio.sleep(0.5)
    await asyncio.to_thread(redis.start)


async def stall(redis: RedisServer, seconds: float) -> None:
    redis.freeze()
    await asyncio.sleep(seconds)
    redis.thaw()


async def flush(redis: RedisServer) -> None:
    await asyncio.to_thread(redis.do, "FLUSHALL")


async def cut(redis: RedisServer, kind: str) -> None:
    await asyncio.to_thread(redis.do, "CLIENT", "KILL", "TYPE", kind)


async def test_redis_comes_and_goes(sites: Sites, postgres_url: str, length: Length[int], figure: Figure) -> None:
    """Every other document is written at one server only, and waited for at the other."""
    faults: list[Callable[[RedisServer], Awaitable[None]]] = [
        kill,
        partial(stall, seconds=length(2, 10)),
        flush,
        partial(cut, kind="normal"),
        partial(cut, kind="pubsub"),
    ]
    waits: list[float] = []
    rounds, written = length(2, 10), 0
    async with two_servers(sites, postgres_url) as (servers, redis):
        for number in range(rounds):
            async with (
                crowd(servers[: 1 + number % 2], 4, seed=number) as people,
                reader(servers[1], people) as listener,
            ):
                for fault in faults:
                    await people.more(50)
                    await fault(redis)
                    waits.append(await seconds_until_all_have([listener, *people.writers], people))
                written += await people.settle()
                people.must_find(words_on_disk(servers[0], people.document_id))
                assert not any(writer.closes for writer in people.writers), "nobody was cut off"
    figure(
        "A4",
        f"Redis killed, stalled, flushed or its connections cut {rounds * len(faults)} times under 4 writers: "
        f"{written:,} words, 0 lost, 0 doubled; both servers had the same at most {max(waits):.1f} s after its return",
    )
    assert max(waits) < 10


async def test_without_redis_they_see_each_other_through_the_log(
    sites: Sites, postgres_url: str, length: Length[int], figure: Figure
) -> None:
    waits: list[float] = []
    async with (
        two_servers(sites, postgres_url) as (servers, redis),
        crowd(servers[:1], 3) as people,
        reader(servers[1], people) as listener,
    ):
        redis.freeze()
        for _ in range(length(2, 20)):
            await people.more(50)
            waits.append(await seconds_until_all_have([listener], people))
        redis.thaw()
        await people.settle()
    figure("A4 without Redis", f"somebody at another server saw everybody's words after {max(waits):.1f} s at most")
    assert max(waits) < 15


async def test_what_is_beside_the_text_comes_when_redis_is_back(sites: Sites, postgres_url: str) -> None:
    """Comments, the title and who is here were told of while nobody listened."""
    async with two_servers(sites, postgres_url) as (servers, redis):
        here, there = servers
        ada, grace = here.enrol("ada", "grace")
        document_id = new_document(here, ada, "Begun.")
        share(here, document_id, grace)
        async with socket(here, document_id, ada.token) as ours, socket(there, document_id, grace.token) as theirs:
            await until_frame(theirs, protocol.HELLO)
            redis.kill()
            await ours.send(json.dumps({"action": "title.rename", "title": "Renamed"}))
            await ours.send(protocol.awareness([protocol.ClientState(5, 1, {"cursor": None})]))
            await is_alive(ours)
            redis.start()
            await until_text(theirs, "Renamed")
            await until_text(theirs, "Ada")


# --- a neighbour on the same Redis ------------------------------------------------------------------------------------


def overhear(client: Redis, count: int) -> list[tuple[str, bytes]]:
    """So many of the messages that pass, each with its channel."""
    with client.pubsub() as ear:  # type: ignore[no-untyped-call]  # redis leaves it so
        ear.psubscribe("asgi*")
        said = (each for each in ear.listen() if each["type"] == "pmessage")
        return [(each["channel"].decode(), each["data"]) for each in islice(said, count)]


def forgeries(chance: random.Random, heard: list[bytes]) -> list[bytes]:
    """What somebody without the secret can put on the wire: noise, imitations, and what others have said before."""
    letters = [msgpack.unpackb(each)["sealed"] for each in heard]

    def wrapped(sealed: Any) -> bytes:
        message: bytes = msgpack.packb({"type": "collab", "sealed": sealed})
        return message

    def bent(letter: bytes) -> bytes:
        at = chance.randrange(len(letter))
        return letter[:at] + bytes([letter[at] ^ 1 << chance.randrange(8)]) + letter[at + 1 :]

    noise = [chance.randbytes(chance.randrange(200)) for _ in range(100)]
    odd: list[Any] = [None, 7, "text", [], {}, b"", b"\0" * 15, b"\0" * 400]
    return [
        *noise,
        *(wrapped(each) for each in odd),
        *(wrapped(each) for each in noise),
        *(wrapped(bent(each)) for each in letters for _ in range(3)),
        *heard,  # signed, and long since said
    ]


async def test_what_others_put_on_redis_is_never_believed(
    sites: Sites, postgres_url: str, length: Length[int], figure: Figure
) -> None:
    chance, sent = random.Random(4), 0
    async with two_servers(sites, postgres_url) as (servers, redis), crowd(servers, 4) as people:
        (stranger,) = servers[0].enrol("stranger")
        elsewhere = new_document(servers[0], stranger, "Not to be touched.")
        with Redis.from_url(redis.url) as client:
            async with socket(servers[1], elsewhere, stranger.token) as untouched:
                for _ in range(length(3, 60)):
                    await people.more(50)
                    pairs = await asyncio.to_thread(overhear, client, 200)
                    channels = [*{channel for channel, _ in pairs}, f"asgi__group__collab.{UUID(elsewhere).hex}"]
                    for forged in forgeries(chance, [data for _, data in pairs]):
                        sent += client.publish(chance.choice(channels), forged)
                assert await is_alive(untouched)
        written = await people.settle()
        people.must_find(words_on_disk(servers[0], people.document_id))
        assert len(words_on_disk(servers[0], people.document_id)) == written
        assert not any(writer.closes for writer in people.writers), "nobody was cut off"
        assert all("Traceback" not in site.log for site in servers)
        answer = api(servers[1], stranger, f"documents/{elsewhere}/content?format=txt")
        assert answer.body.decode().strip() == "Not to be touched."
    figure(
        "H4", f"{sent:,} forged, bent and repeated messages on Redis: {written:,} words, 0 lost, 0 doubled, 0 of others"
    )
