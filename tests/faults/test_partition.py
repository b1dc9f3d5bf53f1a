"""Two servers on two machines whose network breaks: between them, to Redis, to the database; then it is whole again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.chaos import chaotic
from tests.support.disk import words_in_postgres
from tests.support.figures import Figure, Length
from tests.support.nodes import Node, may_have_nodes, nodes
from tests.support.servers import new_database
from tests.support.site import Site, new_site
from tests.support.until import until_async
from tests.support.writers import Crowd, Writer, crowd

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.timeout(400),
    pytest.mark.network,
    pytest.mark.skipif(not may_have_nodes(), reason="network namespaces need root"),
]


@asynccontextmanager
async def server_on(node: Node, ground: Path, folder: Path, *, database: str, redis: str) -> AsyncIterator[Site]:
    """A server on a machine of its own, which reaches PostgreSQL and Redis by lines of its own."""
    async with AsyncExitStack() as links:
        ours: dict[str, str] = {}
        for name, line, url in ("DATABASE_URL", "database", database), ("REDIS_URL", "redis", redis):
            parts = urlsplit(url)
            link = await links.enter_async_context(chaotic("127.0.0.1", parts.port or 0, at=node.here(line)))
            login, at, _ = parts.netloc.rpartition("@")
            ours[name] = parts._replace(netloc=f"{login}{at}{node.here(line)}:{link.port}").geturl()
        host = node.there("people")
        ours |= {"HOST": host, "ALLOWED_HOSTS": host, "HTTPS": "0"}
        site = await asyncio.to_thread(new_site, ground, folder, **ours)
        site.command = node.inside(site.command)
        await asyncio.to_thread(site.start)
        try:
            yield site
        finally:
            site.kill()


def saved(writers: Sequence[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


async def each_saves(writers: Sequence[Writer], count: int) -> None:
    enough = saved(writers) + count
    await until_async(lambda: saved(writers) >= enough, "more is saved")


async def seconds_until_equal(people: Crowd) -> float:
    begun, words = time.monotonic(), set(people.acknowledged)
    await until_async(lambda: all(words <= set(writer.words) for writer in people.writers), "all have it")
    return time.monotonic() - begun


async def test_the_network_breaks_and_is_whole_again(
    ground: Path, tmp_path: Path, postgres_url: str, redis_url: str, length: Length[int], figure: Figure
) -> None:
    waits: list[float] = []
    lags: list[float] = []
    refusals: list[int] = []
    seconds, written = length(6, 60), 0
    database = await asyncio.to_thread(new_database, postgres_url)
    with nodes(2) as (here, there):
        async with (
            server_on(here, ground, tmp_path / "here", database=database, redis=redis_url) as ours,
            server_on(there, ground, tmp_path / "there", database=database, redis=redis_url) as theirs,
        ):
            for lost in [("redis",), ("database",), ("database", "redis")] * length(1, 2):
                async with crowd([ours, theirs], 4, seed=len(waits), patience=300) as people:  # nobody goes elsewhere
                    cut_off, others = people.writers[::2], people.writers[1::2]
                    await each_saves(cut_off, 50)
                    await each_saves(others, 50)
                    here.cut(*lost)
                    await asyncio.sleep(1)  # time is the subject, here and below: what was under way may still be saved
                    before = saved(cut_off)
                    await each_saves(others, 20)
                    await asyncio.sleep(seconds)
                    refusals.append(saved(cut_off) - before if "database" in lost else 0)
                    if lost == ("redis",):
                        await each_saves(cut_off, 20)
                        lags.append(await seconds_until_equal(people))
                    here.heal(*lost)
                    healed = time.monotonic()
                    await each_saves(cut_off, 1)
                    await seconds_until_equal(people)
                    waits.append(time.monotonic() - healed)
                    written += await people.settle()
                    people.must_find(words_in_postgres(database, people.document_id))
    figure(
        "B3",
        f"a server cut off from Redis, the database and the other for {seconds} s, {len(refusals)} times: "
        f"{written:,} words, 0 lost, 0 doubled, 0 saved by who was cut off from the database; without Redis they saw "
        f"each other after {max(lags):.1f} s at most, and all had the same {max(waits):.1f} s after the end",
    )
    assert not any(refusals), "nothing is saved that the database does not have"
