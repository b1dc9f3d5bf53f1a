"""The clock of one of two servers is hours off, and is set forwards and back while people write."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from collab import protocol
from tests.conftest import Sites
from tests.support.disk import words_on_disk
from tests.support.figures import Figure, Length
from tests.support.odd_clock import turn_clock, with_odd_clock
from tests.support.site import Site
from tests.support.visitors import Visitor, share_by_link
from tests.support.wire import new_document, socket, until_frame, until_text
from tests.support.writers import Crowd, crowd

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

_KEPT = """
from docs_app.services import live
result = [kept.name for kept in live.snapshots(document_id) if kept.kind == "named"]
"""
_EXPIRE = """
from datetime import datetime
from docs_app.models import ShareLink
result = ShareLink.objects.filter(document_id=document_id).update(expires_at=datetime.fromisoformat(at))
"""


async def test_nothing_hangs_on_what_a_clock_says(
    sites: Sites, postgres_database: str, redis_url: str, length: Length[int], figure: Figure
) -> None:
    turns, chance = length(3, 40), random.Random(5)
    both = [
        await asyncio.to_thread(sites, command, DATABASE_URL=postgres_database, REDIS_URL=redis_url)
        for command in (None, with_odd_clock())
    ]
    valid, expired = await asyncio.to_thread(links, both[0])
    async with crowd(both, 4) as people:
        for number, hours in enumerate([1, -2, *(chance.randint(-6, 6) for _ in range(turns - 2))]):
            await asyncio.to_thread(turn_clock, both[1], hours)
            await people.more(50)
            await keep_version(both[number % 2], people, f"version {number}")
            assert await asyncio.to_thread(statuses, both, valid) == [200, 200]
            assert await asyncio.to_thread(statuses, both, expired) == [404, 404]
        written = await people.settle()
        assert not any(writer.closes for writer in people.writers), "nobody was cut off"
        people.must_find(words_on_disk(both[0], people.document_id))
        kept = await asyncio.to_thread(both[0].python, _KEPT, document_id=people.document_id)
    assert kept == [f"version {number}" for number in reversed(range(turns))], "newest first"
    both[0].manage("verify")
    figure("B5", f"one server's clock set {turns} times, by up to six hours: {written:,} words, 0 lost, 0 doubled")


def links(site: Site) -> list[str]:
    """The tokens of a link that is still valid for half an hour, and of one that has expired half an hour ago."""
    (ada,) = site.enrol("ada")
    tokens = []
    for minutes in 30, -30:
        document_id = new_document(site, ada, "By link.")
        tokens.append(share_by_link(site, document_id))
        at = datetime.now(UTC) + timedelta(minutes=minutes)
        assert site.python(_EXPIRE, document_id=document_id, at=at.isoformat()) == 1
    return tokens


def statuses(sites: Sequence[Site], token: str) -> list[int]:
    """What somebody new is answered who opens a link, by each server."""
    return [Visitor(site).get(f"s/{token}/").status for site in sites]


async def keep_version(site: Site, people: Crowd, name: str) -> None:
    async with socket(site, people.document_id, people.writers[0].account.token) as connection:
        await until_frame(connection, protocol.HELLO)
        await connection.send(json.dumps({"action": "snapshot.keep", "name": name}))
        await until_text(connection, name)
