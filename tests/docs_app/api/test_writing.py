"""A program writes a document's whole text: merged with what people type, refused with what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from docs_app.content import anchors, parse
from docs_app.content.anchors import Anchor
from docs_app.content.nodes import Node, without_comments
from docs_app.levels import Level
from docs_app.services import live
from docs_app.services.comments import start_thread
from docs_app.services.history import list_snapshots
from tests.docs_app.api.program import ROOT, Program, document_with_text
from tests.docs_app.content.every_kind import every_kind
from tests.support.live import does, open_tab, running_engine
from tests.support.people import document_of_alice, guest, visitor
from tests.support.scopes import by_session

pytestmark = pytest.mark.django_db(transaction=True)
MEBIBYTE = 1 << 20
OF_ANOTHER = "5a0c6a52-7d1f-4f0e-9d0b-3f6f0f2a9c11"  # no discussion of this document


def marked(name: str, **attrs: str) -> Node:
    return {"type": "text", "text": "x", "marks": [{"type": name, "attrs": attrs}]}


def in_paragraph(node: Node) -> Node:
    return {"type": "doc", "content": [{"type": "paragraph", "content": [node]}]}


def test_what_was_read_can_be_changed_and_written_and_the_text_before_is_kept() -> None:
    bob, document = Program("bob"), document_of_alice()
    content = f"/{document.id}/content"
    _, text = bob.get(content)
    text["content"][:0] = parse.from_markdown("# Agenda")["content"]
    assert bob.put(content, text) == (200, text) == bob.get(content)
    assert bob.put(content, text, format="json") == (200, text)  # and nothing has changed: no snapshot of that
    [before] = list_snapshots(document)
    assert before.kind == "auto"

    markdown = "# Agenda\n\nMilk, ==bread==, and $x^2$.\n"
    assert bob.put(content, markdown, format="md") == (200, markdown)
    assert bob.get(content, format="json") == (200, parse.from_markdown(markdown))
    assert bob.post(f"/{document.id}/snapshots/{before.id}/restore") == (200, {"changed": True})


def test_every_kind_of_node_and_mark_can_be_written_as_it_is_read() -> None:
    alice, text = Program("alice"), without_comments(every_kind())
    content = f"/{document_of_alice().id}/content"
    assert alice.put(content, text) == (200, text)


def test_comments_stay_on_what_stays_and_come_along_with_what_moves_but_not_from_elsewhere() -> None:
    alice, document = Program("alice"), document_with_text()
    thread = start_thread(
        document=document, author=visitor("alice"), anchor=Anchor((1,), 4, (1,), 8, "milk"), body="Which?"
    )
    content = f"/{document.id}/content"
    _, text = alice.get(content)
    assert alice.put(content, "# Plan\n\nDo buy _milk_.\n", format="md")[0] == 200
    assert live.read(document.id, anchors.find) == {str(thread.id): "milk"}

    paragraph = text["content"][1]
    text["content"][1] = {"type": "blockquote", "content": [paragraph]}
    assert alice.put(content, text)[0] == 200
    assert live.read(document.id, anchors.find) == {str(thread.id): "milk"}
    text["content"][1] = {"type": "heading", "attrs": {"level": 2}, "content": [
        {"type": "text", "text": "Elsewhere", "marks": [{"type": "comment", "attrs": {"thread": OF_ANOTHER}}]}
    ]}  # fmt: skip
    assert alice.put(content, text)[0] == 200
    assert live.read(document.id, anchors.find) == {}


@pytest.mark.parametrize(
    ("body", "format", "status", "sentence"),
    [
        ("{nonsense", "json", 400, "This is not a text as the editor writes it."),
        ("[" * 100_000, "json", 400, "This is not a text as the editor writes it."),
        (b"\xff", "md", 400, "A text is sent as UTF-8."),
        ("7", "json", 422, "The schema does not allow, where it stands: 7 as a node."),
        ('{"content": "x"}', "json", 422, 'The schema does not allow, where it stands: the node null, "x" as a node.'),
        ({"type": "doc", "content": [{"type": "marquee"}]}, "json", 422, ': the node "marquee".'),
        ({"type": "doc", "content": [{"type": "tableRow"}]}, "json", 422, ': the node "tableRow".'),
        ({"type": "doc", "content": [{"type": "text", "text": "x"}]}, "json", 422, "where it stands: text."),
        (in_paragraph({"type": "text", "text": "a\0b"}), "json", 422, "U+0000 or half of a surrogate pair."),
        (in_paragraph(marked("blink")), "json", 422, ': the mark "blink".'),
        (in_paragraph(marked("link", href="javascript:x")), "json", 422, 'href = "javascript:x" of the mark "link".'),
        ({"type": "doc", "content": [{"type": "heading", "attrs": {"level": 7}}]}, "json", 422, "level = 7 of "),
        ("x", "html", 422, "format: input should be 'json' or 'md'."),
        ("x" * int(1.5 * MEBIBYTE), "md", 413, "A document can be made of 1024 KiB of Markdown at most."),
        ("x\n\n" * 5_000, "md", 413, "A program may write 5,000 blocks at once"),
        ("x" * 3 * MEBIBYTE, "json", 413, "A request may have 2.5 MiB."),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_with_what_is_wrong(body: Any, format: str, status: int, sentence: str) -> None:
    alice, document = Program("alice"), document_of_alice()
    before = alice.get(f"/{document.id}/content")
    given, answer = alice.put(f"/{document.id}/content", body, format=format)
    assert given == status and sentence in answer["detail"] and answer["detail"].endswith("."), answer
    assert alice.get(f"/{document.id}/content") == before
    assert list_snapshots(document) == []


def test_a_guest_s_program_has_no_token_and_writes_nothing() -> None:
    document = document_of_alice()
    client = Client()
    session = by_session(guest(document, Level.EDIT))["session"]
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert client.get(f"/d/{document.id}/").status_code == 200  # it is the guest's
    answer = client.put(f"{ROOT}/{document.id}/content?format=md", "Mine.", content_type="text/markdown")
    assert answer.status_code == 401


@pytest.mark.anyio
async def test_a_text_that_is_written_merges_with_what_is_being_typed() -> None:
    document = await does(document_with_text)
    program = await does(Program, "alice")
    async with running_engine() as hub:
        alice = await open_tab(hub, await does(visitor, "alice"), document)
        on_its_way = alice.typed(" Typed meanwhile.", block=1)
        content = f"/{document.id}/content"
        status, _ = await does(program.put, content, "# The plan\n\nBuy _milk_.\n\nAnd bread.\n", format="md")
        assert status == 200
        await alice.say(on_its_way)
        await alice.sync()
        assert alice.text == ["The plan", "Buy milk. Typed meanwhile.", "And bread."]
