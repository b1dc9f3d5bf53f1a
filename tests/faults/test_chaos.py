"""Bad lines between people and servers, and between servers and Redis: cut, slow, in crumbs, or dead without a word."""

from __future__ import annotations

import asyncio
import copy
import sys
import time
from urllib.parse import urlsplit

import pytest

from collab import protocol
from tests.conftest import Sites
from tests.support.chaos import Link, Mood, chaotic
from tests.support.disk import words_on_disk
from tests.support.figures import Figure, Length
from tests.support.servers import new_database, redis_server
from tests.support.site import Site
from tests.support.until import until_async
from tests.support.wire import new_document, socket, until_frame
from tests.support.writers import crowd

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]
CALM = Mood()
PINGING_OFTEN = """
import sys
from django.core.management import execute_from_command_line
from project.management.commands import serve

configuration = serve.configuration

def pinging_often(workers=1):
    config = configuration(workers)
    config.ws_ping_interval = config.ws_ping_timeout = {seconds}
    return config

serve.configuration = pinging_often
execute_from_command_line([sys.argv[0], "serve"])
"""


def through(link: Link, site: Site) -> Site:
    """The same server, by way of this link."""
    seen = copy.copy(site)
    seen.url = f"http://127.0.0.1:{link.port}/"
    return seen


async def test_bad_lines_everywhere(sites: Sites, postgres_url: str, length: Length[int], figure: Figure) -> None:
    bad = Mood(cut=0.01, delay=length(50, 500) / 1000, crumbs=0.05, swallow=0.003)
    rounds, written, done = length(1, 10), 0, ""
    with redis_server() as redis:
        database = await asyncio.to_thread(new_database, postgres_url)
        async with chaotic("127.0.0.1", urlsplit(redis.url).port or 0, bad, seed=2) as hints:
            url = f"redis://127.0.0.1:{hints.port}/0"
            servers = [await asyncio.to_thread(sites, DATABASE_URL=database, REDIS_URL=url) for _ in range(2)]
            for number in range(rounds):
                async with (
                    chaotic("127.0.0.1", servers[0].port, bad, seed=number) as left,
                    chaotic("127.0.0.1", servers[1].port, bad, seed=-number) as right,
                    crowd(
                        [through(left, servers[0]), through(right, servers[1])], 6, seed=number, patience=2
                    ) as people,
                ):
                    await people.more(500, within=180)
                    left.mood = right.mood = CALM
                    written += await people.settle()
                    people.must_find(words_on_disk(servers[0], people.document_id))
                    done = ", ".join(f"{n} {what}" for what, n in sorted((left.done + right.done + hints.done).items()))
    figure("B4", f"6 writers at two servers over bad lines, Redis too ({done}): {written:,} words, 0 lost, 0 doubled")


async def test_a_page_that_is_gone_without_a_word_is_noticed(sites: Sites, length: Length[int], figure: Figure) -> None:
    """Nothing arrives from it any more, and nothing says so: only a ping tells. The long form waits for our own."""
    site = await asyncio.to_thread(sites)
    if seconds := length(1, 0):
        await asyncio.to_thread(site.kill)
        site.command = [sys.executable, "-c", PINGING_OFTEN.format(seconds=seconds)]
        await asyncio.to_thread(site.start)
    (ada,) = await asyncio.to_thread(site.enrol, "ada")
    document_id = await asyncio.to_thread(new_document, site, ada)
    async with chaotic("127.0.0.1", site.port) as link:
        async with socket(through(link, site), document_id, ada.token, patience=200) as gone:
            await until_frame(gone, protocol.HELLO)
            link.mood, begun = Mood(swallow=1), time.monotonic()
            await until_async(lambda: link.open == 0, "the server has given it up", within=length(30, 60))
        seen = time.monotonic() - begun
    figure("B4 half-open", f"a page that is gone without a word is given up after {seen:.0f} s")
