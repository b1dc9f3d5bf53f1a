"""Sockets that are open for a day, in hours that pass faster: none is lost, nothing is missed, nothing grows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from statistics import linear_regression

import pytest
from websockets.asyncio.client import ClientConnection

from collab import protocol
from tests.conftest import Sites
from tests.support.figures import Figure, Length
from tests.support.odd_clock import with_odd_clock
from tests.support.scrape import TOKEN, Figures, scrape
from tests.support.site import Site
from tests.support.wire import company, is_alive, socket, until_frame, write
from tests.support.writers import crowd

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

WRITERS = 4
LETTERS = 10
FILES, LOOKS = "process_open_fds", "scriptorium_catch_ups_total"
POOL = 16  # connections to the database that come and go as they are needed


async def test_a_day(sites: Sites, postgres_database: str, redis_url: str, length: Length[int], figure: Figure) -> None:
    rate, minutes, rounds = length(20, 96), length(4, 24 * 60), length(4, 24)
    environment = {"DATABASE_URL": postgres_database, "REDIS_URL": redis_url, "METRICS_TOKEN": TOKEN}
    both = [await asyncio.to_thread(sites, with_odd_clock(rate), **environment) for _ in range(2)]
    (ada,), silent = await asyncio.to_thread(company, both[0], "ada")
    words = minutes * 2 if minutes > 60 else minutes * 60  # as a writer's pause makes the time pass
    pause = minutes * 60 / rate / (words / WRITERS)
    async with (
        crowd(both, WRITERS, pause=pause) as people,
        socket(both[0], silent, ada.token) as here,
        socket(both[1], silent, ada.token) as there,
    ):
        await people.more(WRITERS * 2)
        began, seen = time.monotonic(), [await look(both)]
        for _ in range(rounds):
            await people.more(words // rounds, within=600)
            seen.append(await look(both))
        hours = (time.monotonic() - began) * rate / 3600
        await people.settle()
        assert not any(writer.closes for writer in people.writers), "nobody was cut off"
        assert await is_alive(here) and await is_alive(there)
        assert await looked_up(both[1], here, there) <= LETTERS // 5, "they still hear each other"
    files = [late.of(FILES) - early.of(FILES) for early, late in zip(seen[0], seen[-1], strict=True)]
    assert max(files) <= POOL
    slope = max(slope_of([looks[at] for looks in seen], hours) for at in range(len(both)))
    figure("B6", f"sockets open for {hours:.1f} h, {rate} times as fast: none lost; memory grew {slope:.2f} MB an hour")
    assert slope < length(1000, 1)


async def looked_up(site: Site, here: ClientConnection, there: ClientConnection) -> float:
    """How often this site read the log while somebody elsewhere wrote, instead of hearing it through Redis."""
    before = await asyncio.to_thread(scrape, site)
    for number in range(LETTERS):
        await write(here, f"after a day {number}")
        await until_frame(there, protocol.SYNC)
    return (await asyncio.to_thread(scrape, site)).of(LOOKS) - before.of(LOOKS)


async def look(sites: Sequence[Site]) -> list[Figures]:
    return [await asyncio.to_thread(scrape, site) for site in sites]


def slope_of(looks: Sequence[Figures], hours: float) -> float:
    """Megabytes an hour, once all has been used for the first time."""
    sizes = [each.of("process_resident_memory_bytes") / 1e6 for each in looks][len(looks) // 4 :]
    step = hours / (len(looks) - 1)
    return linear_regression([step * number for number in range(len(sizes))], sizes).slope
