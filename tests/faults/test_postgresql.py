"""PostgreSQL stops as in a power cut, and comes back: nobody is told that something is saved which is not.

Who asks for something else meanwhile is told to come back, and the log tells of it once.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from functools import partial

import pytest

from collab.errors import Unavailable
from tests.conftest import Sites
from tests.support.disk import words_on_disk
from tests.support.figures import Figure, Length
from tests.support.servers import new_database, postgres
from tests.support.site import Account, Site
from tests.support.until import until_async
from tests.support.visitors import Visitor, share_by_link
from tests.support.wire import Answer, api, close_code, new_document, socket
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


async def test_who_comes_meanwhile_is_told_to_come_back(sites: Sites) -> None:
    with postgres() as database:
        site = sites(DATABASE_URL=new_database(database.url))
        (ada,) = site.enrol("ada")
        document_id = new_document(site, ada, "Begun.")
        link = share_by_link(site, document_id)
        visitor = Visitor(site, Cookie=f"sessionid={ada.session}")
        async with crowd([site], WRITERS, pause=0.1) as people:
            await people.more(1)
            before = len(site.log)
            await asyncio.to_thread(database.crash)
            await people.all_hear("not-saving")
            paths = f"d/{document_id}/", f"s/{link}/", "accounts/login/"
            ending = asyncio.create_task(code_of_page(site, document_id, ada))
            asking: list[Callable[[], Answer]] = [
                partial(visitor.get, "", **{"HX-Request": "true"}),
                partial(api, site, ada, "documents"),
                *(partial(visitor.get, path) for path in paths),
            ]
            answers = await asyncio.gather(*map(asyncio.to_thread, asking))
            code = await ending
            await asyncio.to_thread(database.start)
            await people.settle()
        await until_async(lambda: "The database answers again" in site.log, "the log says that it is over")
        assert (await asyncio.to_thread(visitor.get, "")).status == 200
    assert code == Unavailable.code
    assert [each.status for each in answers] == [503] * (2 + len(paths))
    assert all(int(each.headers["Retry-After"]) > 0 for each in answers)
    assert all(b"cannot reach its database" in each.body for each in answers)
    assert answers[0].body.startswith(b'<div id="notices"') and list(answers[1].json) == ["detail"]
    assert site.log[before:].count("What people type waits") == 1, site.log[before:]
    assert "Traceback" not in site.log[before:]


async def code_of_page(site: Site, document_id: str, account: Account) -> int:
    """What ends the connection of somebody who comes by session."""
    page = {"Cookie": f"sessionid={account.session}", "Origin": site.url.rstrip("/")}
    async with socket(site, document_id, headers=page) as connection:
        return await close_code(connection)
