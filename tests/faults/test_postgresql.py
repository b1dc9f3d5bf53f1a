"""PostgreSQL stops as in a power cut, and comes back: nobody is told that something is saved which is not."""

from __future__ import annotations

import asyncio
import random
import time

import pytest

from tests.conftest import Sites
from tests.support.disk import words_on_disk
from tests.support.figures import Figure, Length
from tests.support.servers import new_database, postgres
from tests.support.writers import Crowd, crowd

WRITERS = 4
ROUND = 10  # outages of one document

pytestmark = pytest.mark.anyio


@pytest.mark.timeout(300)
async def test_it_stops_and_comes_back(sites: Sites, length: Length[int], figure: Figure) -> None:
    outages, longest, written = length(2, 50), length(6, 20), 0  # `longest` in seconds
    chance = random.Random(outages)
    waits: list[float] = []
    with postgres() as database:
        site = sites(DATABASE_URL=new_database(database.url))
        for begun in range(0, outages, ROUND):
            async with crowd([site], WRITERS, seed=begun, pause=0.1) as people:
                for number in range(begun, min(begun + ROUND, outages)):
                    await people.more(chance.randrange(10, 50))
                    await asyncio.to_thread(database.crash)
                    await people.all_hear("not-saving")
                    # Time is the subject: the longer it is gone, the less often some would look for it.
                    await asyncio.sleep(longest if number % ROUND == 1 else chance.random())
                    promised = set(people.acknowledged)
                    await asyncio.to_thread(database.start)
                    waits.append(await first_receipt(people))
                    await people.all_hear("saving-again")
                    people.must_find(words_on_disk(site, people.document_id), promised)
                written += await people.settle()
    seen = f"{outages} times: {written:,} words acknowledged, 0 lost, 0 doubled"
    figure("A3", f"PostgreSQL stopped {seen}; first receipt at most {max(waits):.1f} s after its return")


async def first_receipt(people: Crowd) -> float:
    """Seconds from now until something is saved again."""
    now = time.time()
    await people.more(1)
    return max(people.acknowledged.values()) - now
