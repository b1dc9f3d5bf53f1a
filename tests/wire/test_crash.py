"""The plug is pulled while people write: what was acknowledged is on disk, exactly once, and all else in the end."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.conftest import Sites
from tests.support.disk import words_on_disk
from tests.support.figures import Figure, Length
from tests.support.servers import Postgres, new_database, postgres
from tests.support.site import Site
from tests.support.writers import crowd

ROUND = 20  # kills of one document, which else would grow until its size is all that the test waits for

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


async def test_kills_on_sqlite(sites: Sites, length: Length[int], figure: Figure) -> None:
    figure("A1 SQLite", await kills(sites(), length(8, 200), writers=length(8, 20)))


async def test_kills_on_postgresql(sites: Sites, length: Length[int], figure: Figure) -> None:
    """Every other time PostgreSQL is killed as well, as when a machine goes down."""
    with postgres() as database:
        site = sites(DATABASE_URL=new_database(database.url))
        figure("A1 PostgreSQL", await kills(site, length(4, 200), writers=length(8, 20), database=database))


async def kills(site: Site, times: int, *, writers: int, database: Postgres | None = None) -> str:
    """What was seen, in words."""
    chance = random.Random(times)
    written = 0

    def kill(number: int) -> None:
        site.kill()
        if database and number % 2:
            database.crash()
            database.start()

    for begun in range(0, times, ROUND):
        async with crowd([site], writers, seed=begun) as people:
            for number in range(begun, min(begun + ROUND, times)):
                await people.more(chance.randrange(10, 200))
                await asyncio.to_thread(kill, number)
                people.must_find(words_on_disk(site, people.document_id))
                await asyncio.to_thread(site.start)
            written += await people.settle()
    return f"{times} kills under {writers} writers: {written:,} words acknowledged, 0 lost, 0 doubled"
