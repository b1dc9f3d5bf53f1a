"""What a browser may keep for a time without a connection, for whom, and what it is given to do so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from docs_app.levels import Level
from docs_app.services.documents import create_document
from docs_app.views.documents import PAGE_SIZE
from docs_app.views.offline import KEEP
from tests.support.clients import HTMX, client_of, elements
from tests.support.people import account, document_of_alice, guest, visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spoken")]


def said(answer: Any, name: str) -> str | None:
    """The content of <meta name="…">, None where there is none."""
    found = [attributes for tag, attributes in elements(answer) if tag == "meta" and attributes.get("name") == name]
    return found[0]["content"] if found else None


def build(client: Client) -> dict[str, Any]:
    """What the worker is told of the site."""
    begins = client.get("/service-worker.js").content.decode().split("\n", 1)[0]
    told: dict[str, Any] = json.loads(begins.removeprefix("const BUILD = ").removesuffix(";"))
    return told


def test_the_list_and_documents_may_be_kept_for_whoever_has_an_account() -> None:
    document = document_of_alice()
    for name in ("alice", "bob", "dave"):
        person = visitor(name)
        for address in ("/", "/?show=shared", f"/d/{document.id}/"):
            answer = client_of(person).get(address)
            assert answer[KEEP] == person.principal == said(answer, "person"), address


def test_nothing_else_may_be_kept() -> None:
    document = document_of_alice()
    for number in range(PAGE_SIZE):
        create_document(owner=account("alice"), title=f"{number}")
    alice = client_of(visitor("alice"))
    pages = [
        "/?show=trash",
        "/?q=minutes",
        "/?page=2",
        "/account/",
        "/offline/",
        "/admin/",
        "/accounts/password/change/",
    ]
    parts = [f"/d/{document.id}/share/", f"/d/{document.id}.html", "/api/v1/documents", f"/d/{document.id}/trash/"]
    for address in pages + parts:
        assert KEEP not in alice.get(address), address
    assert KEEP not in alice.get("/", headers=HTMX)
    assert KEEP not in alice.post("/documents/new/", follow=False)
    assert KEEP not in client_of(visitor("eve")).get(f"/d/{document.id}/")


def test_a_guests_page_is_not_kept_but_says_whose_it_is() -> None:
    document = document_of_alice()
    gail = guest(document, Level.EDIT)
    answer = client_of(gail).get(f"/d/{document.id}/")
    assert answer.status_code == 200 and KEEP not in answer
    assert said(answer, "person") == gail.principal


def test_a_page_says_that_nobody_is_here_and_one_that_is_for_everybody_says_nothing() -> None:
    assert said(Client().get("/accounts/login/"), "person") == ""
    assert said(client_of(visitor("alice")).get("/nowhere/"), "person") == visitor("alice").principal
    assert said(client_of(visitor("alice")).get("/offline/"), "person") is None


def test_without_the_setting_pages_name_no_worker_and_an_old_one_ends_itself(settings: Any) -> None:
    alice = client_of(visitor("alice"))
    assert said(alice.get("/"), "worker") == "/service-worker.js"
    settings.OFFLINE = False
    assert said(alice.get("/"), "worker") is None
    answer = Client().get("/service-worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert "registration.unregister()" in answer.content.decode() and "BUILD" not in answer.content.decode()


def test_the_worker_keeps_the_words_of_every_language_and_the_page_for_what_is_not_kept_in_ones_own() -> None:
    alice = client_of(visitor("alice"))
    assert build(Client())["offline"] == "/offline/?language=en"
    alice.post("/language/", {"language": "de"})
    built = build(alice)
    for language in ("ar", "de", "es", "fr"):
        page = Client().get("/accounts/login/", headers={"Accept-Language": language})
        scripts = {attributes["src"] for tag, attributes in elements(page) if tag == "script" and "src" in attributes}
        words = {address for address in scripts if address.startswith(f"/static/languages/{language}.")}
        assert len(words) == 1 and words <= scripts <= set(built["files"]), language
    # The worker asks without cookies, and the browser may want another language.
    kept = Client().get(built["offline"], headers={"Accept-Language": "fr"})
    assert "Nicht auf diesem Gerät" in kept.content.decode()
    assert [attributes["lang"] for tag, attributes in elements(kept) if tag == "html"] == ["de"]


def test_the_worker_changes_with_the_language_and_its_files_do_not() -> None:
    alice = client_of(visitor("alice"))
    english = build(alice)
    alice.post("/language/", {"language": "ar"})
    arabic = build(alice)
    assert english != arabic
    assert english | {"offline": ""} == arabic | {"offline": ""}
    # The list that is kept is the server's again as soon as it is opened.
    assert [attributes["dir"] for tag, attributes in elements(alice.get("/")) if tag == "html"] == ["rtl"]


def test_the_worker_may_be_ours_alone() -> None:
    assert "worker-src 'self'" in Client().get("/accounts/login/")["Content-Security-Policy"]
