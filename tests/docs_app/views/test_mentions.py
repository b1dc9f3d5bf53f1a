"""What the editor is told while somebody mentions people and documents: what they may know anyway, and no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from collab.api import create
from docs_app.levels import Level
from docs_app.models import Document, LinkUse, Membership
from docs_app.services.documents import create_from_tree
from tests.docs_app.content.samples import paragraph
from tests.support.clients import breaches, client_for, client_of
from tests.support.people import account, document_of_alice, guest, link_to, visitor

pytestmark = pytest.mark.django_db(transaction=True)


def asked(person: str, document: Document, letters: str = "") -> dict[str, Any]:
    answer = client_of(visitor(person)).get(reverse("mentionable", args=[document.id]), {"q": letters})
    assert answer.status_code == 200
    assert breaches(answer) == []
    return dict(answer.json())


def names(told: dict[str, Any]) -> list[str]:
    return [person["name"] for person in told["people"]]


def titles(told: dict[str, Any]) -> list[str]:
    return [document["title"] for document in told["documents"]]


def owned_by(name: str, title: str) -> Document:
    document = Document.objects.create(title=title, owner=account(name))
    create(document.id)
    return document


def test_people_with_access_come_first_by_name_and_nobody_else() -> None:
    document = document_of_alice()
    account("eve")
    LinkUse.objects.create(link=link_to(document, Level.VIEW), user=account("frank"))
    LinkUse.objects.create(link=link_to(document, Level.VIEW, timezone.now()), user=account("late"))
    suspended = account("gone")
    suspended.is_active = False
    suspended.save()
    Membership.objects.create(document=document, user=suspended, level=Level.EDIT)
    assert names(asked("bob", document)) == ["Alice", "Bob", "Carol", "Dave", "Frank"]
    carol = account("carol")
    carol.name = "Ann Carol Dupont"
    carol.save()
    assert names(asked("bob", document, "DU")) == ["Ann Carol Dupont"]
    assert names(asked("bob", document, "a")) == ["Alice", "Ann Carol Dupont"]
    assert asked("bob", document, "ann c")["people"] == [
        {"id": carol.principal, "name": "Ann Carol Dupont", "colour": visitor("carol").colour}
    ]


def test_documents_are_those_that_one_may_open() -> None:
    document = document_of_alice("Minutes")
    owned_by("alice", "Minutes of June")
    mine = owned_by("bob", "My minutes")
    shared = owned_by("eve", "Eve's minutes")
    Membership.objects.create(document=shared, user=account("bob"), level=Level.VIEW)
    Document.objects.filter(pk=owned_by("bob", "Old minutes").pk).update(trashed_at=timezone.now())
    assert sorted(titles(asked("bob", document, "minutes"))) == ["Eve's minutes", "My minutes"]
    assert asked("bob", document, "my")["documents"] == [{"id": str(mine.id), "title": "My minutes"}]


@pytest.mark.parametrize("who", ["eve", "eve@example.org", "EVE@example.org"])
def test_a_stranger_is_found_by_the_whole_name_and_by_who_may_share(who: str) -> None:
    document, eve = document_of_alice(), account("eve")
    told = asked("alice", document, who)
    assert (told["stranger"]["id"], told["stranger"]["name"]) == (eve.principal, "Eve")
    assert [label for _, label in told["roles"]] == ["Viewer", "Commenter", "Editor", "Owner"]
    for person, letters in (("bob", who), ("alice", who[:-1]), ("alice", "bob"), ("alice", "alice"), ("alice", "")):
        told = asked(person, document, letters)
        assert (told["stranger"], told["roles"]) == (None, [])


def test_a_guest_who_may_write_is_told_of_nobody() -> None:
    document = document_of_alice()
    answer = client_of(guest(document, Level.EDIT)).get(reverse("mentionable", args=[document.id]))
    assert answer.json() == {"people": [], "documents": [], "stranger": None, "roles": []}


def let_in(person: str, document: Document, **fields: Any) -> Any:
    return client_for(person, document).post(reverse("let_in", args=[document.id]), fields)


def test_who_may_share_lets_somebody_in_who_is_to_be_mentioned() -> None:
    document, eve = document_of_alice(), account("eve")
    answer = let_in("alice", document, who="eve@example.org", level=20)
    assert answer.status_code == 201
    assert answer.json() == {"id": eve.principal, "name": "Eve", "colour": visitor("eve").colour}
    assert document.memberships.get(user=eve).level == Level.COMMENT
    for fields, status, sentence in (
        ({"who": "eve", "level": 20}, 400, "Eve has a role here already: change it in the list."),
        ({"who": "nobody", "level": 20}, 400, "Nobody here is called nobody or has that address."),
        ({"who": "frank", "level": 11}, 400, "There is no such role."),
    ):
        answer = let_in("alice", document, **fields)
        assert answer.status_code == status
        assert answer.json()["sentence"].startswith(sentence)


def test_titles_are_told_to_whoever_may_open_the_documents() -> None:
    document, other = document_of_alice("Minutes"), owned_by("eve", "Secret")
    address = reverse("titles") + f"?of={document.id},{other.id},nonsense,,{document.id}"
    for person, told in (("dave", {str(document.id): "Minutes"}), ("eve", {str(other.id): "Secret"}), ("frank", {})):
        answer = client_of(visitor(person)).get(address)
        assert answer.json() == told
        assert breaches(answer) == []
    assert client_of(guest(document)).get(address).json() == {str(document.id): "Minutes"}
    assert client_for("nobody", document).get(address).json() == {}
    document.trashed_at = timezone.now()
    document.save()
    assert client_of(visitor("dave")).get(address).json() == {}
    assert client_of(visitor("alice")).get(reverse("titles")).json() == {}


def test_a_page_and_an_export_show_each_reader_what_they_may_know() -> None:
    secret, bob, eve = owned_by("alice", "Secret plan"), account("bob"), account("eve")
    mention: dict[str, Any] = {"type": "documentMention", "attrs": {"document": str(secret.id)}}
    people = [
        {"type": "personMention", "attrs": {"person": person.principal, "name": "Old name"}} for person in (bob, eve)
    ]
    day = {"type": "dateMention", "attrs": {"date": "2026-12-24"}}
    content = {"type": "doc", "content": [paragraph("See ", mention, " ", *people, " ", day)]}
    document = create_from_tree(owner=account("alice"), title="Minutes", content=content)
    Membership.objects.create(document=document, user=bob, level=Level.VIEW)
    visitors = {"alice": visitor("alice"), "bob": visitor("bob"), "guest": guest(document)}
    lines = {
        "alice": "See Secret plan @Bob@Old name 24 December 2026",
        "bob": "See A document @Bob@Old name 24 December 2026",
        "guest": "See A document @Old name@Old name 24 December 2026",
    }
    for who, line in lines.items():
        client = client_of(visitors[who])
        assert client.get(reverse("export", args=[document.id, "txt"])).content.decode().strip() == line
        for format in ("html", "md", "json"):
            exported = client.get(reverse("export", args=[document.id, format])).content
            assert (b"Secret plan" in exported) == (who == "alice" and format != "json")
        page = client.get(reverse("document", args=[document.id])).content
        assert (b"Secret plan" in page) == (who == "alice")
        assert (b"@Bob<" in page) == (who != "guest")
