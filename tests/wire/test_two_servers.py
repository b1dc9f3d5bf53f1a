"""Two servers with one PostgreSQL and one Redis are one site: text, presence, comments and rights reach across."""

from __future__ import annotations

import asyncio
import json

import pytest
from websockets.asyncio.client import ClientConnection

from collab import protocol
from tests.conftest import Sites
from tests.support.until import until_async
from tests.support.wire import api, close_code, new_document, share, socket, text_of, until_frame, until_text
from tests.support.yjs import yjs_author

pytestmark = pytest.mark.anyio


@pytest.mark.timeout(180)
async def test_they_are_one_site(sites: Sites, postgres_database: str, redis_url: str) -> None:
    here = sites(DATABASE_URL=postgres_database, REDIS_URL=redis_url)
    there = sites(DATABASE_URL=postgres_database, REDIS_URL=redis_url)
    ada, grace = here.enrol("ada", "grace")
    document_id = new_document(here, ada, "Begun.")
    share(here, document_id, grace)
    async with (
        yjs_author(here.url, document_id, ada.token) as one,
        yjs_author(there.url, document_id, grace.token) as other,
    ):
        for number in range(20):
            await asyncio.gather(one.do(write=f"here {number}"), other.do(write=f"there {number}"))
        left, right = await asyncio.gather(one.do(**{"await": 41}), other.do(**{"await": 41}))
        assert left == right and len(left) == 41
        await until_async(lambda: text_of(there, ada, document_id).count("here ") == 40, "the other API has it all")

    async with socket(here, document_id, ada.token) as ours, socket(there, document_id, grace.token) as theirs:
        await theirs.send(protocol.awareness([protocol.ClientState(7, 1, {"cursor": None})]))
        await until_text(ours, "Grace")
        await comment(ours, "Across the street.")
        await until_text(theirs, "Across the street.")
        answer = api(there, ada, f"documents/{document_id}/snapshots", {"name": "From there"})
        assert answer.status == 201, answer.body
        await until_text(ours, "From there")
        here.python(
            """
            from docs_app.access import Visitor
            from docs_app.models import Membership
            from docs_app.services.sharing import remove_person
            membership = Membership.objects.get(document=document_id)
            remove_person(membership=membership, by=Visitor(user=membership.document.owner))
            result = None
            """,
            document_id=document_id,
        )
        async with asyncio.timeout(1):
            assert await close_code(theirs) == 4403


async def comment(connection: ClientConnection, body: str) -> None:
    place = {"from_path": "0", "from_offset": "0", "to_path": "0", "to_offset": "5", "quote": "Begun"}
    await connection.send(json.dumps({"action": "comment.start", "body": body, **place}))


@pytest.mark.timeout(180)
async def test_without_redis_they_still_read_the_log(sites: Sites, postgres_database: str) -> None:
    """As when Redis is down: the other server finds the entry in the log within five seconds."""
    here = sites(DATABASE_URL=postgres_database)
    there = sites(DATABASE_URL=postgres_database)
    (ada,) = here.enrol("ada")
    document_id = new_document(here, ada)
    async with (
        socket(there, document_id, ada.token) as listener,
        yjs_author(here.url, document_id, ada.token) as author,
    ):
        await until_frame(listener, protocol.HELLO)
        await author.do(write="found in the log")
        async with asyncio.timeout(8):
            while b"found in the log" not in await until_frame(listener, protocol.SYNC):
                pass
