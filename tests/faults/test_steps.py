"""The server dies at every step of the way of a keystroke; what it had acknowledged is on disk, once."""

from __future__ import annotations

import asyncio
import random
import sys
from functools import partial

import pytest

from tests.conftest import Sites
from tests.support.disk import words_on_disk
from tests.support.doomed import DIED, STEPS
from tests.support.figures import Figure, Length
from tests.support.site import Site
from tests.support.until import until_async
from tests.support.writers import crowd

WRITERS = 3

pytestmark = pytest.mark.anyio


@pytest.mark.timeout(300)
async def test_death_at_every_step(sites: Sites, length: Length[int], figure: Figure) -> None:
    site, turns = sites(), length(1, 20)
    ordinary, written = site.command, 0
    for turn in range(turns):
        chance = random.Random(turn)
        lives = [str(word) for name, step in STEPS.items() for word in (name, chance.randint(1, step.most))]
        async with crowd([site], WRITERS, seed=turn, reloads=True) as people:
            await people.more(1)
            await asyncio.to_thread(site.kill)
            site.command = [sys.executable, "-m", "tests.support.doomed", *lives]
            site.spawn()
            for name in STEPS:
                await until_async(partial(has_died, site, name, turn + 1), f"it dies where {name}", within=60)
                promised = set(people.acknowledged)
                people.must_find(words_on_disk(site, people.document_id), promised)
            await until_async(lambda: not site.is_running, "the last life is over")
            assert site.process and site.process.returncode == 0, site.log[-4000:]
            site.command = ordinary
            await asyncio.to_thread(site.start)
            written += await people.settle()
    deaths = f"{turns} deaths at each of {len(STEPS)} steps"
    figure("A2", f"{deaths} under {WRITERS} writers: {written:,} words acknowledged, 0 lost, 0 doubled")


def has_died(site: Site, step: str, times: int) -> bool:
    """So many times at this step; or all is over, and its exit status tells whether that was right."""
    return not site.is_running or site.log.count(f"{DIED} where {step}\n") >= times
