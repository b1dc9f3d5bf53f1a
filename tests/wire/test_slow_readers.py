"""Answers that nobody reads hold what they take of the network, and nothing of the database."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import pytest

from tests.conftest import Sites
from tests.support.site import Account, Site
from tests.support.wire import api, new_document
from tests.support.wire import socket as connected

pytestmark = pytest.mark.anyio

POOL = 4
SIZE = 5_000_000  # bytes: more than a connection's buffers take for somebody who reads nothing

KEEP = """
from docs_app.access import Visitor
from docs_app.models import User
from docs_app.services.documents import create_from_tree
from docs_app.services.uploads import Sent, keep_file

alice, words = User.objects.get(pk=owner), "x" * size
named = {"type": "personMention", "attrs": {"person": alice.principal, "name": "Ada"}}
paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}, named]}
text = {"type": "doc", "content": [paragraph]}
document = create_from_tree(owner=alice, title="Long", content=text)
file = keep_file(document=document, by=Visitor(alice), sent=Sent("long.txt", words.encode()))
texts, page = f"/api/v1/documents/{document.id}/content?format=txt", f"/d/{document.id}/"
result = {"files": file.address, "texts": texts, "pages": page}
"""


@asynccontextmanager
async def unread(site: Site, account: Account, address: str) -> AsyncIterator[bytes]:
    """The head of an answer, once what it is asked for begins to come; the rest stays where it is."""
    taker = socket.socket()
    taker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # bytes
    taker.connect(("127.0.0.1", site.port))
    reader, writer = await asyncio.open_connection(sock=taker, limit=65_536)
    try:
        who = f"Cookie: sessionid={account.session}\r\nAuthorization: Bearer {account.token}"
        writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n{who}\r\n\r\n".encode())
        async with asyncio.timeout(20):
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readuntil(b"x" * 100)
        yield head
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("what", ["files", "texts", "pages"])
async def test_more_unread_answers_than_connections_hold_nobody_up(
    sites: Sites, postgres_database: str, what: str
) -> None:
    site = sites(DATABASE_URL=postgres_database, DATABASE_POOL=str(POOL))
    (ada,) = site.enrol("ada")
    document_id, address = new_document(site, ada), site.python(KEEP, owner=ada.id, size=SIZE)[what]
    async with AsyncExitStack() as unheeded:
        for _ in range(2 * POOL):
            head = await unheeded.enter_async_context(unread(site, ada, address))
            assert b" 200 " in head, head
        async with asyncio.timeout(3):
            assert (await asyncio.to_thread(partial(api, site, ada, "documents"))).status == 200
            async with connected(site, document_id, token=ada.token) as connection:
                await connection.recv()
    assert "Traceback" not in site.log, site.log
