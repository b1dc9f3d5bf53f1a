"""Who types on while nothing can be saved: more waits than the server takes in, and the connection stays."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText

from collab import fold, protocol
from collab.peer import UNSAVED_FRAMES
from tests.support.site import Site
from tests.support.wire import new_document, socket, text_of, until_frame

pytestmark = pytest.mark.anyio


@contextmanager
def nothing_can_be_saved(site: Site) -> Iterator[None]:
    with closing(sqlite3.connect(site.var_dir / "scriptorium.sqlite3", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


def keystrokes(count: int) -> Iterator[bytes]:
    doc = fold.new_doc()
    text = XmlText("")
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[text]))
    before = b"\0"
    for _ in range(count):
        text += "x"
        update, before = doc.get_update(before), doc.get_state()
        yield protocol.update(update)


async def test_its_pings_are_answered_and_all_is_saved_in_the_end(site: Site) -> None:
    (ada,) = site.enrol("ada")
    document_id = new_document(site, ada)
    count = UNSAVED_FRAMES + 200
    async with socket(site, document_id, ada.token) as connection:
        with nothing_can_be_saved(site):
            for frame in keystrokes(count):
                await connection.send(frame)
            async with asyncio.timeout(10):
                await (await connection.ping())
        saved = 0
        while saved < count:
            saved = protocol.Reader((await until_frame(connection, protocol.SAVED))[1:]).varuint()
    assert text_of(site, ada, document_id).strip() == "x" * count
