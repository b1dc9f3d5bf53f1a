"""Stock Yjs clients work unmodified: y-websocket in Node and pycrdt's Provider, each with a bearer token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pycrdt import Doc, Provider, XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection

from tests.support.site import Account, Site
from tests.support.until import until_async
from tests.support.wire import new_document, socket, text_of
from tests.support.yjs import yjs_author

FAMILY = "Ünïcode: 👩‍👩‍👧 e\u0301 \U0001d518 אב"  # a joined emoji, a combining mark, an astral letter, right-to-left

pytestmark = pytest.mark.anyio


class SocketChannel:
    """What pycrdt's Provider asks of a transport."""

    path = "a document"

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    def __aiter__(self) -> SocketChannel:
        return self

    async def __anext__(self) -> bytes:
        return await self.recv()

    async def send(self, message: bytes) -> None:
        await self._connection.send(message)

    async def recv(self) -> bytes:
        frame = await self._connection.recv()
        assert isinstance(frame, bytes), "a stock client gets no text frames"
        return frame


class PycrdtAuthor:
    def __init__(self, doc: Doc[XmlFragment]) -> None:
        self.doc = doc
        self.root = doc.get("default", type=XmlFragment)

    def write(self, text: str) -> None:
        self.root.children.append(XmlElement("paragraph", contents=[XmlText(text)]))

    @property
    def paragraphs(self) -> list[str]:
        blocks = [block for block in self.root.children if isinstance(block, XmlElement)]
        texts = ["".join(str(piece) for run in block.children for piece, _ in run.diff()) for block in blocks]  # type: ignore[union-attr]
        return [text for text in texts if text]


@asynccontextmanager
async def pycrdt_author(site: Site, document_id: str, token: str) -> AsyncIterator[PycrdtAuthor]:
    doc: Doc[XmlFragment] = Doc()
    author = PycrdtAuthor(doc)
    async with socket(site, document_id, token, page=False) as connection:
        provider = Provider(doc, SocketChannel(connection))
        running = asyncio.create_task(provider.start())
        async with asyncio.timeout(20):
            await provider.synced.wait()
        yield author
        await provider.stop()
        await running


@pytest.fixture(scope="module")
def ada(site: Site) -> Account:
    return next(iter(site.enrol("ada")))


async def test_node_and_python_write_one_document(site: Site, ada: Account) -> None:
    document_id = new_document(site, ada)
    async with (
        yjs_author(site.url, document_id, ada.token) as node,
        pycrdt_author(site, document_id, ada.token) as python,
    ):
        await node.do(write=f"From Node. {FAMILY}")
        await until_async(lambda: len(python.paragraphs) == 1, "Python sees what Node wrote")
        python.write(f"From Python. {FAMILY}")
        seen = await node.do(**{"await": 2})
        assert seen == python.paragraphs == [f"From Node. {FAMILY}", f"From Python. {FAMILY}"]
        await until_async(lambda: text_of(site, ada, document_id).count(FAMILY) == 2, "the server has both")


async def test_two_node_clients_type_in_the_same_word_at_once(site: Site, ada: Account) -> None:
    document_id = new_document(site, ada)
    async with (
        yjs_author(site.url, document_id, ada.token) as one,
        yjs_author(site.url, document_id, ada.token) as other,
    ):
        await one.do(write="👩‍👩‍👧")
        await other.do(**{"await": 1})
        for _ in range(20):
            await asyncio.gather(one.do(type="a"), other.do(type="b", at=0))

        async def are_equal() -> str:
            (left,), (right,) = await one.do(read=True), await other.do(read=True)
            return left if left == right and len(left) == len("👩‍👩‍👧") + 40 else ""

        word = await until_async(are_equal, "both see all forty letters")
        assert word.count("a") == word.count("b") == 20
        await until_async(lambda: word in text_of(site, ada, document_id), "the server has it too")


async def test_what_node_writes_offline_comes_in_later(site: Site, ada: Account) -> None:
    document_id = new_document(site, ada)
    async with (
        yjs_author(site.url, document_id, ada.token) as away,
        pycrdt_author(site, document_id, ada.token) as here,
    ):
        await away.do(cut=True)
        await away.do(write=f"Written away. {FAMILY}")
        here.write("Written here.")
        await away.do(mend=True)
        assert len(await away.do(**{"await": 2})) == 2
        await until_async(lambda: len(here.paragraphs) == 2, "what was written away has come in")
        assert here.paragraphs == await away.do(read=True)
