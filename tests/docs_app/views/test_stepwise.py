"""A document's page is on its way before its text is read: what browsers fetch for it they fetch meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.utils.translation import gettext, override

from docs_app.models import Document
from docs_app.services import live
from docs_app.services.documents import create_document
from docs_app.views import stepwise
from docs_app.views.stepwise import PLACE, Stepwise
from tests.support.clients import client_of
from tests.support.people import account, visitor

PAGE = f"<head></head><body>{PLACE}</body>"
INSTEAD = "The text cannot be shown at the moment. Reload the page."


async def parts_of(answer: Stepwise) -> list[bytes]:
    return [part async for part in answer]


def test_the_page_has_begun_before_its_slow_part_is_made() -> None:
    story: list[str] = []

    def slow() -> str:
        story.append("made")
        return "text"

    async def read() -> None:
        async for part in Stepwise(PAGE, slow):
            story.append(part.decode())

    asyncio.run(read())
    assert story == ["<head></head><body>", "made", "text</body>"]


def test_whoever_asks_for_it_whole_gets_it_whole() -> None:
    answer = Stepwise(PAGE, lambda: "text")
    assert answer.content == answer.content == b"<head></head><body>text</body>"


def test_the_slow_part_is_in_the_language_of_the_request() -> None:
    with override("de"):
        answer = Stepwise(PAGE, lambda: gettext("History"))
    assert "Verlauf" in b"".join(asyncio.run(parts_of(answer))).decode()


def test_what_fails_when_the_page_is_on_its_way_is_said_in_it(caplog: pytest.LogCaptureFixture) -> None:
    def slow() -> str:
        raise LookupError("lost")

    parts = asyncio.run(parts_of(Stepwise(PAGE, slow)))
    assert parts == [b"<head></head><body>", f"<p>{INSTEAD}</p></body>".encode()]
    (record,) = caplog.records
    assert record.name == stepwise.__name__
    assert record.exc_info


# --- The document's page, as a server gives it out -------------------------------------------------------------------


def sent(path: str, cookie: str) -> tuple[dict[str, Any], list[str]]:
    """What Django sends over ASGI: the beginning of the answer, and its parts."""
    messages: list[dict[str, Any]] = []

    async def ask() -> None:
        asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        asked.put_nowait({"type": "http.request", "body": b""})

        async def send(message: Any) -> None:
            messages.append(message)

        headers = [(b"host", b"testserver"), (b"cookie", f"sessionid={cookie}".encode())]
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
        await get_asgi_application()(scope, asked.get, send)

    asyncio.run(ask())
    start, *bodies = messages
    return start, [text for message in bodies if (text := message.get("body", b"").decode())]


def written_by_alice(markdown: str) -> tuple[Document, str]:
    document = create_document(owner=account("alice"), title="Minutes", markdown=markdown)
    return document, client_of(visitor("alice")).cookies["sessionid"].value


@pytest.mark.django_db(transaction=True)
def test_scripts_are_named_before_the_text_is_there() -> None:
    document, cookie = written_by_alice("The whole text.")
    start, (before, after) = sent(f"/d/{document.id}/", cookie)
    assert start["status"] == 200
    assert "document.js" in before
    assert before.rstrip().endswith(">")
    assert after.startswith("<p>The whole text.</p></div>")
    assert "page-config" in after
    assert PLACE not in before + after


@pytest.mark.django_db(transaction=True)
def test_what_may_not_be_read_is_refused_before_the_first_byte() -> None:
    document, cookie = written_by_alice("Secret.")
    document.delete()
    start, _ = sent(f"/d/{document.id}/", cookie)
    assert start["status"] == 404


@pytest.mark.django_db(transaction=True)
def test_a_text_that_cannot_be_read_leaves_a_page_that_works(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    document, cookie = written_by_alice("The whole text.")

    def broken(state: bytes) -> Any:
        raise ValueError("not a state")

    monkeypatch.setattr(live, "_fragment_in", broken)
    start, (_, after) = sent(f"/d/{document.id}/", cookie)
    assert start["status"] == 200
    assert after.startswith(f"<p>{INSTEAD}</p></div>")
    assert "page-config" in after
