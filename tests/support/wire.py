"""Programs that speak with a running site: its API, and sockets of their own making."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from pycrdt import XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from collab import fold, protocol
from tests.support.site import ENROL, PASSWORD, Account, Site


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Message

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def api(site: Site, account: Account | None, path: str, body: object = None, method: str | None = None) -> Answer:
    """A call of /api/v1/, with the account's bearer token."""
    headers = {"Content-Type": "application/json"}
    if account is not None:
        headers["Authorization"] = f"Bearer {account.token}"
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    request = Request(f"{site.url}api/v1/{path}", data, headers, method=method)
    try:
        with urlopen(request, timeout=60) as answer:
            return Answer(answer.status, answer.read(), answer.headers)
    except HTTPError as error:
        return Answer(error.code, error.read(), error.headers)


def new_document(site: Site, account: Account, markdown: str = "") -> str:
    """A document's id."""
    answer = api(site, account, "documents", {"title": "On the wire", "markdown": markdown})
    assert answer.status == 201, answer
    return str(answer.json["id"])


_COMPANY = """
from docs_app.access import Visitor
from docs_app.levels import Level
from docs_app.services.documents import create_document
from docs_app.services.sharing import share_with
owner, *others = [User.objects.get(username=name) for name in names]
document = create_document(owner=owner, title="On the wire")
for person in others:
    share_with(document=document, who=person.username, level=Level.EDIT, by=Visitor(user=owner))
result = result, str(document.pk)
"""


def company(site: Site, *names: str) -> tuple[Sequence[Account], str]:
    """New people, and the id of a new document that they all may edit, made at one go."""
    rows, document_id = site.python(ENROL + _COMPANY, names=names, password=PASSWORD)
    return [Account(**row) for row in rows], document_id


def share(site: Site, document_id: str, *accounts: Account, level: str = "EDIT") -> None:
    """Give people a role, as the owner would in the share dialog."""
    site.python(
        """
        from docs_app.access import Visitor
        from docs_app.levels import Level
        from docs_app.models import Document
        from docs_app.services.sharing import share_with
        document = Document.objects.get(pk=document_id)
        owner = Visitor(user=document.owner)
        result = [share_with(document=document, who=name, level=Level[level], by=owner).pk for name in names]
        """,
        document_id=document_id,
        names=[account.name for account in accounts],
        level=level,
    )


def text_of(site: Site, account: Account, document_id: str) -> str:
    """The document as plain text, as the server has it."""
    return api(site, account, f"documents/{document_id}/content?format=txt").body.decode()


@asynccontextmanager
async def socket(
    site: Site,
    document_id: str,
    token: str = "",
    *,
    page: bool = True,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    patience: float = 20,
) -> AsyncIterator[ClientConnection]:
    """A WebSocket to a document; with `page` it speaks scriptorium.v1.

    It asks for a sign of life every `patience` seconds, and gives up when none has come after as many more.
    """
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    async with connect(
        f"{site.url.replace('http', 'ws', 1)}ws/documents/{document_id}/{query}",
        subprotocols=["scriptorium.v1"] if page else None,  # type: ignore[list-item]
        additional_headers={**bearer, **(headers or {})},
        max_size=None,
        ping_interval=patience,
        ping_timeout=patience,
    ) as connection:
        yield connection


async def close_code(connection: ClientConnection) -> int:
    """Read until the server ends the connection; its close code."""
    try:
        async with asyncio.timeout(20):
            while True:
                await connection.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006


async def until_frame(connection: ClientConnection, kind: int) -> bytes:
    """The next binary frame of this message type."""
    async with asyncio.timeout(20):
        while True:
            frame = await connection.recv()
            if isinstance(frame, bytes) and frame[0] == kind:
                return frame


async def until_text(connection: ClientConnection, words: str) -> str:
    """The next fragment that contains these words."""
    async with asyncio.timeout(20):
        while True:
            frame = await connection.recv()
            if isinstance(frame, str) and words in frame:
                return frame


async def write(connection: ClientConnection, words: str) -> None:
    """Put a paragraph at the beginning, and wait until the server says that it is on disk."""
    doc = fold.new_doc()
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText(words)]))
    await connection.send(protocol.update(doc.get_update()))
    await until_frame(connection, protocol.SAVED)


async def is_alive(connection: ClientConnection) -> bool:
    """The server still answers sync step 1."""
    await connection.send(protocol.sync_step1(b"\0"))
    while True:
        frame = await until_frame(connection, protocol.SYNC)
        if frame[1] == protocol.STEP_2:
            return True
