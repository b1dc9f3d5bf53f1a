"""A document's page: readable without a script, right for each role, and deaf to hostile text."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from docs_app.content.schema import SCHEMA_VERSION
from docs_app.levels import Level
from docs_app.models import Comment, Document, Thread
from docs_app.services import history, margin
from docs_app.services.documents import create_document, trash_document
from tests.support.clients import breaches, client_for, client_of, elements
from tests.support.people import ROLES, account, document_of_alice, visitor

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def document_with(markdown: str, title: str = "Minutes") -> Document:
    document = create_document(owner=account("alice"), title=title, markdown=markdown)
    for name, level in ROLES.items():
        document.memberships.create(user=account(name), level=level)
    return document


def page(document: Document, name: str = "alice") -> Any:
    answer = client_for(name, document).get(reverse("document", args=[document.id]))
    assert answer.status_code == 200
    return answer


def config(answer: Any) -> dict[str, Any]:
    found = re.search(r'<script id="page-config" type="application/json">(.*?)</script>', answer.content.decode())
    assert found
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


def actions(answer: Any) -> set[str]:
    """What the forms for the socket on this page ask for."""
    return {
        attributes["value"] for tag, attributes in elements(answer) if tag == "input" and attributes["name"] == "action"
    }


def test_without_a_script_the_whole_text_is_there() -> None:
    document = document_with("# Agenda\n\n- *first*\n- second\n\n| a | b |\n| - | - |\n| c | d |\n")
    text = page(document, "dave").content.decode()
    editor = text[text.index('<div id="editor"') :]
    for piece in ("<h1>Agenda</h1>", "<em>first</em>", "second", "<td"):
        assert piece in editor
    assert '<h1 class="">Minutes</h1>' in text


def test_the_page_tells_its_script_who_is_looking() -> None:
    document = document_of_alice()
    carol = visitor("carol")
    assert config(page(document, "carol")) == {
        "documentId": str(document.id),
        "principal": carol.principal,
        "name": "Carol",
        "colour": carol.colour,
        "level": 20,
        "mayWrite": False,
        "mayComment": True,
        "schema": SCHEMA_VERSION,
        "title": "Minutes",
        "largestUpload": 25_000_000,
    }
    main = next(attributes for tag, attributes in elements(page(document)) if tag == "main")
    assert (main["id"], main["hx-ext"]) == ("document-page", "ws")
    assert main["ws-connect"] == f"/ws/documents/{document.id}/?schema={SCHEMA_VERSION}&language=en"


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        (
            "alice",
            {"title.rename", "document.language", "comment.start", "comment.reply", "comment.edit", "comment.delete"},
        ),
        (
            "bob",
            {"title.rename", "document.language", "comment.start", "comment.reply", "comment.edit", "comment.delete"},
        ),
        ("carol", {"comment.start", "comment.reply", "comment.edit", "comment.delete"}),
        ("dave", set()),
        ("gail", {"guest.rename"}),
    ],
)
def test_nobody_is_offered_what_they_may_not_do(name: str, offered: set[str]) -> None:
    document = document_of_alice()
    thread = Thread.objects.create(document=document, quote="text")
    Comment.objects.create(thread=thread, user=account("bob"), body="Really?")
    answer = page(document, name)
    assert actions(answer) - {"thread.resolve", "snapshot.keep"} == offered
    assert ("thread.resolve" in actions(answer)) == ("comment.reply" in offered)
    assert ("snapshot.keep" in actions(answer)) == (name in {"alice", "bob"})
    assert (b'id="history"' in answer.content) == (name in {"alice", "bob"})
    assert (b'id="share-button"' in answer.content) == (name == "alice")
    assert b"Really?" in answer.content


def test_scripts_come_deferred_and_htmx_first_but_for_the_theme() -> None:
    scripts = [attributes for tag, attributes in elements(page(document_of_alice())) if "src" in attributes]
    scripts = [attributes for attributes in scripts if attributes["src"].endswith(".js")]
    theme = scripts.pop(0)
    assert theme["src"].endswith("/first.js") and "defer" not in theme, "nothing is painted before it has decided"
    assert [script["src"].rsplit("/", 1)[1] for script in scripts] == [
        "htmx-2.min.js",
        "hx-ws-2.min.js",
        "site.js",
        "document.js",
    ]
    assert all("defer" in script or script["type"] == "module" for script in scripts)


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_what_comes_before_the_first_key_is_light_in_every_language(language: str) -> None:
    client = client_for("alice", document := document_of_alice())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(reverse("document", args=[document.id]))
    sources = [tag["src"] for name, tag in elements(answer) if name == "script" and "src" in tag]
    assert any(f"/{language}." in source for source in sources) == (language != "en")
    scripts = [Path(str(finders.find(source.removeprefix(settings.STATIC_URL)))) for source in sources]
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < 249_500


def test_hostile_words_stay_words_everywhere() -> None:
    document = document_with(f"# {HOSTILE}\n\n[click](javascript:alert(1)) {HOSTILE}\n", title=HOSTILE)
    mallory = account("bob")
    mallory.name = HOSTILE[:64]
    mallory.save()
    for resolved_by in ("", HOSTILE[:64]):
        thread = Thread.objects.create(document=document, quote=HOSTILE, resolved_by=resolved_by)
        Comment.objects.create(thread=thread, user=mallory, body=HOSTILE)
    history.name_version(document=document, name=HOSTILE, by=visitor("alice"))
    answer = page(document)
    assert answer.content.count(b"&lt;script&gt;alert(2)") >= 6
    assert breaches(answer) == []
    assert config(answer)["title"] == HOSTILE


def test_a_deleted_comment_and_a_lost_passage_are_told() -> None:
    document = document_of_alice()
    thread = Thread.objects.create(document=document, quote="gone with the wind")
    comment = Comment.objects.create(thread=thread, user=account("bob"), body="")
    Comment.objects.filter(pk=comment.pk).update(deleted_at=comment.created_at)
    text = page(document).content.decode()
    assert "is-lost" in text and "gone with the wind</span>" in text and 'data-lost="true"' in text
    assert "This comment has been deleted." in text
    assert "comment.edit" not in actions(page(document))


def test_in_the_trash_it_can_be_read_and_taken_out_but_not_changed() -> None:
    document = document_of_alice()
    Thread.objects.create(document=document, quote="text")
    trash_document(document=document, by=visitor("alice"))
    answer = page(document)
    assert not config(answer)["mayWrite"] and not config(answer)["mayComment"]
    assert actions(answer) == set()
    assert reverse("untrash", args=[document.id]).encode() in answer.content
    assert b'id="share-button"' not in answer.content


def test_in_the_trash_no_history_is_offered_that_would_be_refused() -> None:
    document = document_with("# Agenda")
    assert b'id="history-button"' in page(document).content and b"Imported" in page(document).content
    trash_document(document=document, by=visitor("alice"))
    document.refresh_from_db()
    answer = page(document)
    assert b'id="history-button"' not in answer.content and b"Imported" not in answer.content
    assert margin.fragment("snapshots", document, Level.OWN) == ""


@pytest.mark.parametrize(
    ("format", "media_type", "text"),
    [
        ("md", "text/markdown; charset=utf-8", "# Agenda"),
        ("html", "text/html; charset=utf-8", "<h1>Agenda</h1>"),
        ("txt", "text/plain; charset=utf-8", "Agenda"),
        ("json", "application/json", '"type": "heading"'),
    ],
)
def test_export_is_a_file(format: str, media_type: str, text: str) -> None:
    document = document_with("# Agenda", title="Plan A/B")
    answer = client_of(visitor("dave")).get(reverse("export", args=[document.id, format]))
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"] == f'attachment; filename="Plan A-B.{format}"'
    assert text in answer.content.decode()


def test_no_other_format_and_no_other_document() -> None:
    client = client_of(visitor("alice"))
    assert client.get(f"/d/{document_of_alice().id}.exe").status_code == 404
    assert client.get(f"/d/{uuid4()}.md").status_code == 404
    assert client.get("/d/not-a-uuid/").status_code == 404
    assert Client().get("/nowhere/").status_code == 404
