"""Two servers of one site are restarted in good order, one after the other, while people write: nobody loses a word."""

from __future__ import annotations

import asyncio
from collections import Counter
from statistics import quantiles

import pytest

from tests.conftest import Sites
from tests.support.disk import words_on_disk
from tests.support.figures import Figure, Length
from tests.support.writers import crowd

RESTARTING = 1012

pytestmark = pytest.mark.anyio


@pytest.mark.timeout(300)
async def test_one_after_the_other(
    sites: Sites, postgres_database: str, redis_url: str, length: Length[int], figure: Figure
) -> None:
    restarts, count = length(2, 20), length(6, 20)
    both = [sites(DATABASE_URL=postgres_database, REDIS_URL=redis_url) for _ in range(2)]
    async with crowd(both, count, pause=0.05) as people:
        for number in range(restarts):
            await people.more(50)
            assert await asyncio.to_thread(both[number % 2].terminate) == 0
            people.must_find(words_on_disk(both[0], people.document_id))
            await people.more(50)  # those who were there write on at the other
            await asyncio.to_thread(both[number % 2].start)
        written = await people.settle()
        closes = sum((writer.closes for writer in people.writers), Counter())
        absences = [seconds for writer in people.writers for seconds in writer.absences]
    assert set(closes) == {RESTARTING}, closes
    assert closes.total() >= count and len(absences) == closes.total()
    p95 = quantiles(absences, n=20)[-1]
    seen = f"{written:,} words acknowledged, 0 lost, 0 doubled"
    figure(
        "A8", f"{restarts} restarts of two servers under {count} writers: {seen}; synced again after p95 {p95:.2f} s"
    )
