"""The share dialog: people, roles and links, as a page and as a fragment."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from docs_app.levels import Level
from docs_app.models import Document, ShareLink
from docs_app.services import sharing
from tests.support.clients import HTMX, breaches, client_of
from tests.support.people import account, document_of_alice, visitor

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = '"><script>alert(1)</script>'


def alice() -> Client:
    return client_of(visitor("alice"))


def roles(document: Document) -> dict[str, int]:
    return dict(document.memberships.values_list("user__username", "level"))


def post(name: str, *where: Any, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    return alice().post(reverse(name, args=where), fields, headers=headers)


def test_the_page_is_whole_and_the_fragment_is_only_the_dialog() -> None:
    document = document_of_alice()
    address = reverse("share", args=[document.id])
    page, fragment = alice().get(address), alice().get(address, headers=HTMX)
    for answer in (page, fragment):
        assert all(name in answer.content for name in (b"Alice", b"Bob", b"Carol", b"Dave"))
        assert breaches(answer) == []
    assert b"<html" in page.content and b"hx-post" not in page.content
    assert b"<html" not in fragment.content and b"hx-post" in fragment.content


@pytest.mark.parametrize(("name", "level"), [("carol", 0), ("frank", 0), ("frank", Level.EDIT)])
def test_who_gives_up_a_role_is_told_no_more_of_who_has_one(name: str, level: int) -> None:
    for headers, status, where in (({}, 302, "Location"), (HTMX, 200, "HX-Redirect")):
        document = document_of_alice()
        document.memberships.create(user=account("frank"), level=Level.OWN)
        own = document.memberships.get(user=account(name))
        address = reverse("share_person", args=[document.id, own.pk])
        answer = client_of(visitor(name)).post(address, {"level": level}, headers=headers)
        assert (answer.status_code, answer.get(where), b"Bob" in answer.content) == (status, "/", False)
        assert roles(document).get(name, 0) == level


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_sharing_with_a_username_does_not_tell_an_address(headers: dict[str, str]) -> None:
    document = document_of_alice()
    answer = alice().get(reverse("share", args=[document.id]), headers=headers)
    assert b"@example.org" not in answer.content


@pytest.mark.parametrize("who", ["eve", "eve@example.org", " EVE@example.org "])
def test_somebody_is_let_in_by_name_or_address(who: str) -> None:
    document = document_of_alice()
    account("eve")
    answer = post("share_people", document.id, who=who, level=20)
    assert answer["Location"] == reverse("share", args=[document.id])
    assert roles(document)["eve"] == Level.COMMENT


@pytest.mark.parametrize(
    ("who", "level", "sentence"),
    [
        ("", 20, "This field is required."),
        ("nobody", 20, "Nobody here is called nobody"),
        ("alice", 20, "You own this document."),
        ("bob", 20, "Bob has a role here already"),
        ("eve", 30, "Select a valid choice. 30 is not one of the available choices."),
        ("eve", "", "This field is required."),
        ("x\x00y", 20, "Null characters are not allowed."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_what_is_wrong_is_said_at_the_field(who: str, level: Any, sentence: str, headers: dict[str, str]) -> None:
    document = document_of_alice()
    account("eve")
    answer = post("share_people", document.id, headers=headers, who=who, level=level)
    assert answer.status_code == 422
    assert sentence in str(answer.context["person_form"].errors)
    assert sentence in answer.content.decode()
    assert "eve" not in roles(document)


def test_a_role_is_changed_and_taken() -> None:
    document = document_of_alice()
    bob = document.memberships.get(user__username="bob")
    post("share_person", document.id, bob.pk, level=Level.VIEW.value)
    assert roles(document)["bob"] == Level.VIEW
    answer = post("share_person", document.id, bob.pk, headers=HTMX, level=0)
    assert answer.status_code == 200 and b"Bob" not in answer.content
    assert "bob" not in roles(document)
    assert post("share_person", document.id, bob.pk, level=10).status_code == 404


def test_a_role_that_is_none_changes_nothing() -> None:
    document = document_of_alice()
    bob = document.memberships.get(user__username="bob")
    assert post("share_person", document.id, bob.pk, level=30).status_code == 400
    assert roles(document)["bob"] == Level.EDIT


def test_a_link_is_shown_once_and_lets_people_in() -> None:
    document = document_of_alice()
    answer = post("share_links", document.id, level=20, days=7, label="For the class")
    link = ShareLink.objects.get()
    assert (link.level, link.label) == (Level.COMMENT, "For the class")
    assert link.expires_at is not None
    assert timedelta(days=6.9) < link.expires_at - timezone.now() <= timedelta(days=7)
    found = re.search(r'value="http://testserver(/s/[\w-]+/)"', answer.content.decode())
    assert found and "no-store" in answer["Cache-Control"]
    assert client_of(visitor("eve")).get(found[1])["Location"] == f"/d/{document.id}/"
    again = alice().get(reverse("share", args=[document.id]))
    assert found[1] not in again.content.decode() and b"For the class" in again.content


@pytest.mark.parametrize("fields", [{"level": 50}, {"level": 10, "days": "-1"}, {"level": 10, "label": "x" * 65}, {}])
def test_a_link_that_makes_no_sense_is_not_made(fields: dict[str, Any]) -> None:
    document = document_of_alice()
    answer = post("share_links", document.id, headers=HTMX, **fields)
    assert answer.status_code == 422 and b"errorlist" in answer.content
    assert not ShareLink.objects.exists()


def test_a_revoked_link_is_gone_from_the_list() -> None:
    document = document_of_alice()
    link, _ = sharing.create_link(document=document, level=10, by=visitor("alice"), label="For the class")
    answer = post("revoke_link", document.id, link.id, headers=HTMX)
    assert b"For the class" not in answer.content
    link.refresh_from_db()
    assert link.revoked_at is not None
    assert post("revoke_link", document.id, link.id).status_code == 404


def test_an_expired_link_says_so() -> None:
    document = document_of_alice()
    link, _ = sharing.create_link(document=document, level=10, by=visitor("alice"))
    ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(days=1))
    assert b"expired" in alice().get(reverse("share", args=[document.id])).content
    ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() + timedelta(days=1))
    assert b"expired" not in alice().get(reverse("share", args=[document.id])).content


def test_hostile_names_and_labels_stay_text() -> None:
    document = document_of_alice(HOSTILE)
    bob = account("bob")
    bob.name = HOSTILE
    bob.save()
    sharing.create_link(document=document, level=10, by=visitor("alice"), label=HOSTILE)
    answer = alice().get(reverse("share", args=[document.id]), headers=HTMX)
    assert answer.content.count(b"&lt;script&gt;") >= 3
    assert breaches(answer) == []
