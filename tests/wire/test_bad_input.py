"""What comes in wrong over a real socket or the real API: its documented answer, and no harm to anybody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText
from websockets.asyncio.client import ClientConnection

from collab import fold, protocol
from tests.conftest import Sites
from tests.support.site import Account, Site
from tests.support.wire import (
    api,
    close_code,
    is_alive,
    new_document,
    share,
    socket,
    text_of,
    until_frame,
    until_text,
)

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def ada(site: Site) -> Account:
    return next(iter(site.enrol("ada")))


@pytest.fixture(scope="module")
def crowd(site: Site) -> Sequence[Account]:
    return site.enrol(*(f"mallory{number}" for number in range(len(FRAMES))))


@pytest.fixture(scope="module")
def document_id(site: Site, ada: Account, crowd: Sequence[Account]) -> str:
    """Ada's, and everybody of the crowd may write."""
    document_id = new_document(site, ada, "Untouched.")
    share(site, document_id, *crowd)
    return document_id


@pytest.fixture
async def bystander(site: Site, ada: Account, document_id: str) -> AsyncIterator[ClientConnection]:
    """Somebody else's connection, which must still be there at the end, with the text as it was."""
    async with socket(site, document_id, ada.token) as connection:
        yield connection
        assert await is_alive(connection)
        assert text_of(site, ada, document_id).strip() == "Untouched."


FRAMES = {
    "no message": (b"", 4400),
    "unknown type": (b"\x63", 4400),
    "truncated": (b"\0\2\x10\1\1", 4400),
    "random": (bytes(range(256)), 4400),
    "endless number": (b"\0\0" + b"\xff" * 5000, 4400),
    "another root": (b"\0\2\x0c\1\1\x05\0\x04\1\3foo\1x\0", 4400),
    "an update of 2 MB": (b"\0\2" + b"\0" * (2 << 20), 1009),
    "text that is no form": ("hello", 4400),
    "text that is no object": ("[1, 2]", 4400),
    "fields that are no strings": (json.dumps({"action": {"a": 1}}), 4400),
    "a form of 100 kB": (json.dumps({"action": "comment.start", "body": "x" * 100_000}), 4413),
    "JSON as deep as a well": ("[" * 50_000, 4400),
}


@pytest.mark.parametrize(("frame", "code"), FRAMES.values(), ids=FRAMES.keys())
async def test_a_wrong_frame_closes_its_sender(
    site: Site, crowd: Sequence[Account], document_id: str, bystander: ClientConnection, frame: bytes | str, code: int
) -> None:
    mallory = crowd[list(FRAMES.values()).index((frame, code))]  # nobody is let in again and again after this
    async with socket(site, document_id, mallory.token) as connection:
        await connection.send(frame)
        assert await close_code(connection) == code


FORMS: dict[str, dict[str, str]] = {
    "no action": {},
    "an action that we do not know": {"action": "document.destroy"},
    "a comment without a place": {"action": "comment.start", "body": "x"},
    "a place that is no number": {
        "action": "comment.start", "body": "x", "quote": "U",
        "from_path": "0", "from_offset": "-1", "to_path": "0", "to_offset": "1e9",
    },
    "a place that is not there": {
        "action": "comment.start", "body": "x", "quote": "nowhere",
        "from_path": "7.7", "from_offset": "0", "to_path": "7.7", "to_offset": "5",
    },
    "a comment without words": {
        "action": "comment.start", "body": "   ", "quote": "Untouched",
        "from_path": "0", "from_offset": "0", "to_path": "0", "to_offset": "9",
    },
    "a comment beyond its limit": {
        "action": "comment.start", "body": "x" * 10_001, "quote": "Untouched",
        "from_path": "0", "from_offset": "0", "to_path": "0", "to_offset": "9",
    },
    "a reply to nothing": {"action": "comment.reply", "thread": str(uuid4()), "body": "x"},
    "a thread that is no id": {"action": "thread.resolve", "thread": "../../etc/passwd"},
    "no title": {"action": "title.rename", "title": " \u202e "},
    "a title beyond its limit": {"action": "title.rename", "title": "x" * 201},
}  # fmt: skip


@pytest.mark.parametrize("fields", FORMS.values(), ids=FORMS.keys())
async def test_a_wrong_form_is_answered_with_a_sentence_and_keeps_the_connection(
    site: Site, ada: Account, document_id: str, bystander: ClientConnection, fields: dict[str, str]
) -> None:
    async with socket(site, document_id, ada.token) as connection:
        await connection.send(json.dumps(fields | {"HEADERS": {"HX-Request": "true"}}))
        notice = await until_text(connection, 'id="notices"')
        assert "role=" in notice or "notice" in notice
        assert await is_alive(connection)


async def test_what_is_written_into_a_document_is_never_script(site: Site, ada: Account) -> None:
    """Straight through the CRDT, past every check of an editor: links, attributes, names of nodes."""
    document_id = new_document(site, ada)
    doc = fold.new_doc()
    hostile = XmlText("")
    before = doc.get_state()
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[hostile]))
    hostile.insert(0, "<script>alert(1)</script>")
    hostile.insert(0, "click", {"link": {"href": "javascript:alert(1)", "target": '"><img src=x onerror=alert(1)>'}})
    async with socket(site, document_id, ada.token) as connection:
        await connection.send(protocol.update(doc.get_update(before)))
        await until_frame(connection, protocol.SAVED)
    html = api(site, ada, f"documents/{document_id}/content?format=html").body.decode()
    assert "click" in html and "&lt;script&gt;" in html
    assert (
        "javascript:" not in html
        and "<script" not in html
        and "onerror" not in html.replace("&quot;", '"').split(">")[0]
    )
    markdown = api(site, ada, f"documents/{document_id}/content?format=md").body.decode()
    assert "javascript:" not in markdown


# --- who may come in -------------------------------------------------------------------------------------------------


async def test_closed_doors(site: Site, ada: Account, document_id: str) -> None:
    (eve,) = site.enrol("eve")
    doors: list[tuple[str, str, dict[str, str], int]] = [
        (document_id, "", {}, 4401),
        (document_id, "not a token", {}, 4401),
        (document_id, "", {"Cookie": f"sessionid={ada.session}"}, 4401),  # a cookie without an Origin is no proof
        (document_id, "", {"Cookie": f"sessionid={ada.session}", "Origin": "https://elsewhere.example"}, 4403),
        (document_id, "", {"Cookie": f"sessionid={ada.session}", "Origin": "null"}, 4403),
        (document_id, eve.token, {}, 4404),
        (str(uuid4()), ada.token, {}, 4404),
        ("no-id", ada.token, {}, 4404),
    ]
    for document, token, headers, code in doors:
        async with socket(site, document, token, headers=headers) as connection:
            assert await close_code(connection) == code, (document, token, headers)


async def test_open_doors(site: Site, ada: Account, document_id: str) -> None:
    origin = site.url.rstrip("/")
    async with socket(
        site, document_id, headers={"Cookie": f"sessionid={ada.session}", "Origin": origin}
    ) as connection:
        assert await is_alive(connection)
    async with socket(site, document_id, query=f"?token={ada.token}", page=False) as connection:
        assert await is_alive(connection)


async def test_a_page_with_another_schema_is_told_to_reload(site: Site, ada: Account, document_id: str) -> None:
    async with socket(site, document_id, ada.token, query="?schema=0") as connection:
        assert await close_code(connection) == 4426


async def test_a_viewer_that_writes_is_refused_and_may_go_on_reading(
    site: Site, ada: Account, document_id: str
) -> None:
    (dave,) = site.enrol("dave")
    share(site, document_id, dave, level="VIEW")
    doc = fold.new_doc()
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText("graffiti")]))
    for page in True, False:
        async with socket(site, document_id, dave.token, page=page) as connection:
            await connection.send(protocol.update(doc.get_update()))
            answer = await until_frame(connection, protocol.NOTICE if page else protocol.AUTH)
            assert b"You can read this document, but not change it." in answer
            assert await is_alive(connection)
    assert text_of(site, ada, document_id).strip() == "Untouched."


# --- the API ------------------------------------------------------------------------------------------------------


def test_the_api_says_what_is_wrong(site: Site, ada: Account, document_id: str) -> None:
    calls = [
        (None, "documents", None, 401),
        (ada, f"documents/{uuid4()}", None, 404),
        (ada, "documents/no-id", None, 404),
        (ada, f"documents/{document_id}/content?format=exe", None, 422),
        (ada, "documents", {"title": "x" * 300}, 422),
        (ada, "documents", {"markdown": 7}, 422),
        (ada, "documents", b"{not json", 400),
        (ada, "documents", {"title": "Big", "markdown": "word " * 10_000_000}, 413),
        (ada, f"documents/{document_id}/snapshots/{uuid4()}/restore", {}, 404),
        (ada, f"documents/{document_id}/snapshots", {"name": "x" * 300}, 422),
    ]
    for who, path, body, status in calls:
        answer = api(site, who, path, body)
        assert answer.status == status, (path, answer.status, answer.body[:200])
        assert answer.json["detail"], path
    assert text_of(site, ada, document_id).strip() == "Untouched."


async def test_a_server_that_ends_says_that_it_restarts(sites: Sites) -> None:
    site = sites()
    (ada,) = site.enrol("ada")
    document_id = new_document(site, ada)
    async with socket(site, document_id, ada.token) as connection:
        assert await is_alive(connection)
        ending = asyncio.create_task(asyncio.to_thread(site.terminate))
        assert await close_code(connection) == 1012
        assert await ending == 0, site.log
