"""The list: shelves, search, and what is done with a document as a whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from docs_app.levels import Level
from docs_app.models import Document, LinkUse
from docs_app.services.documents import read_tree
from tests.support.clients import HTMX, breaches, client_of
from tests.support.people import account, document_of_alice, link_to, visitor

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = '"><script>alert(1)</script>'


def alice() -> Client:
    return client_of(visitor("alice"))


def titles(client: Client, query: str = "") -> list[str]:
    return [row["document"].title for row in client.get(f"/{query}").context["rows"]]


def test_each_shelf_holds_its_own() -> None:
    document_of_alice("Here")
    thrown = document_of_alice("Thrown away")
    client = alice()
    client.post(reverse("trash", args=[thrown.id]))
    assert titles(client) == ["Here"]
    assert titles(client, "?show=trash") == ["Thrown away"]
    assert titles(client, "?show=shared") == []
    assert titles(client_of(visitor("bob")), "?show=shared") == ["Here"]


def test_shared_holds_what_came_by_a_link_with_the_role_it_gives() -> None:
    document = document_of_alice()
    LinkUse.objects.create(link=link_to(document, Level.COMMENT), user=account("eve"))
    answer = client_of(visitor("eve")).get("/?show=shared")
    assert [(row["document"].title, row["level"]) for row in answer.context["rows"]] == [("Minutes", Level.COMMENT)]
    assert b"Commenter" in answer.content and b"Alice" in answer.content


def test_the_last_author_is_named() -> None:
    document = document_of_alice()
    Document.objects.filter(pk=document.pk).update(edited_by=account("bob").principal)
    assert b"by Bob" in alice().get("/").content


@pytest.mark.parametrize(("query", "found"), [("bud", ["Budget"]), ("BUDGET", ["Budget"]), ("tea", []), ("\x00", 2)])
def test_search_looks_at_titles_whatever_the_case(query: str, found: list[str] | int) -> None:
    document_of_alice("Budget")
    document_of_alice("Minutes")
    rows = [row["document"].title for row in alice().get("/", {"show": "mine", "q": query}).context["rows"]]
    assert rows == found or len(rows) == found


def test_search_while_typing_answers_with_rows_alone() -> None:
    document_of_alice("Budget")
    answer = alice().get("/", {"show": "mine", "q": "bud"}, headers=HTMX)
    assert b"Budget" in answer.content and b"<html" not in answer.content


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", b"A blank page awaits"),
        ("/?show=shared", b"Nothing is shared with you yet"),
        ("/?show=trash", b"The trash is empty"),
        ("/?show=mine&q=x", "No title has “x” in it".encode()),
        ("/?show=nonsense", b"A blank page awaits"),
    ],
)
def test_an_empty_shelf_says_what_will_be_there(address: str, words: bytes) -> None:
    assert words in client_of(visitor("eve")).get(address).content


def test_a_new_document_opens() -> None:
    client = alice()
    answer = client.post(reverse("new_document"))
    document = Document.objects.get()
    assert answer["Location"] == reverse("document", args=[document.id])
    assert (document.title, document.owner.username) == ("Untitled", "alice")
    assert client.get(answer["Location"]).status_code == 200


def sent(content: str) -> Any:
    return alice().post(reverse("new_document"), {"title": "Kept", "content": content})


def test_a_text_that_a_page_has_becomes_a_document() -> None:
    words = {"type": "text", "text": "Later.", "marks": [{"type": "comment", "attrs": {"thread": "7"}}]}
    foreign = {"type": "iframe", "attrs": {"src": "https://example.org"}}
    answer = sent(json.dumps({"type": "doc", "content": [foreign, {"type": "paragraph", "content": [words]}]}))
    document = Document.objects.get()
    assert answer["Location"] == reverse("document", args=[document.id]) and document.title == "Kept"
    text = {"type": "text", "text": "Later."}
    paragraph = {"type": "paragraph", "attrs": {"textAlign": None}, "content": [text]}
    assert read_tree(document.id) == {"type": "doc", "content": [paragraph]}


@pytest.mark.parametrize(
    ("content", "status"), [("no JSON", 400), ("[" * 100_000, 400), ("\x00", 400), (f'"{"x" * 2_000_000}"', 413)]
)
def test_what_is_no_text_or_too_long_makes_no_document(content: str, status: int) -> None:
    assert sent(content).status_code == status
    assert not Document.objects.exists()


def test_rename_trash_take_out_and_delete() -> None:
    document, client = document_of_alice(), alice()
    client.post(reverse("rename", args=[document.id]), {"title": "  Plan\x00\u202e  B "})
    document.refresh_from_db()
    assert document.title == "Minutes"  # the form refuses a null character
    client.post(reverse("rename", args=[document.id]), {"title": "  Plan\u202e  B "})
    document.refresh_from_db()
    assert document.title == "Plan B"
    client.post(reverse("trash", args=[document.id]))
    answer = client.post(reverse("untrash", args=[document.id]), {"show": "trash"}, follow=True)
    assert answer.redirect_chain == [("/?show=trash", 302)]
    assert "“Plan B” is out of the trash.".encode() in answer.content
    client.post(reverse("trash", args=[document.id]))
    client.post(reverse("delete", args=[document.id]), {"show": "trash"})
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("title", "sentence"),
    [("", "This field is required."), ("x" * 201, "at most 200 characters"), ("\u202e", "must not be empty")],
)
def test_a_title_that_is_none_is_refused_with_a_sentence(title: str, sentence: str) -> None:
    document = document_of_alice()
    answer = alice().post(reverse("rename", args=[document.id]), {"title": title}, follow=True)
    assert sentence.encode() in answer.content
    document.refresh_from_db()
    assert document.title == "Minutes"


def test_what_is_not_in_the_trash_is_not_deleted() -> None:
    document = document_of_alice()
    answer = alice().post(reverse("delete", args=[document.id]))
    assert answer.status_code == 400
    assert b"Only what is in the trash can be deleted for good." in answer.content
    assert Document.objects.exists()


def test_hostile_titles_and_names_stay_text() -> None:
    document_of_alice(HOSTILE)
    account("alice")
    client = alice()
    client.post(reverse("account"), {"name": HOSTILE})
    for answer in (client.get("/"), client_of(visitor("bob")).get("/?show=shared"), client.get(f"/?q={HOSTILE}")):
        assert b"&lt;script&gt;alert(1)" in answer.content
        assert breaches(answer) == []


def test_fifty_documents_cost_as_many_queries_as_one(django_assert_max_num_queries: object) -> None:
    client = alice()
    document_of_alice()
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/?show=mine")
    for number in range(49):
        document_of_alice(f"Number {number}")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/?show=mine")


def test_more_than_a_page_has_a_way_to_the_next() -> None:
    alice_herself = account("alice")
    Document.objects.bulk_create(Document(title=f"N {number}", owner=alice_herself) for number in range(51))
    client = alice()
    assert (len(titles(client)), len(titles(client, "?page=2")), len(titles(client, "?page=x"))) == (50, 1, 50)
    assert b"1 of 2" in client.get("/").content
