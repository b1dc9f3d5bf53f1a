"""Coming in by a share link: with an account, as a guest, and not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from docs_app.levels import Level
from docs_app.models import Document, Guest, LinkUse, ShareLink
from docs_app.services import sharing
from docs_app.services.documents import trash_document
from tests.support.clients import breaches, client_of
from tests.support.people import document_of_alice, guest, visitor

pytestmark = pytest.mark.django_db(transaction=True)


def link_of(document: Document, level: Level = Level.VIEW) -> tuple[ShareLink, str]:
    return sharing.create_link(document=document, level=level, by=visitor("alice"))


def test_somebody_with_an_account_is_in_at_once_and_the_token_leaves_the_address() -> None:
    document = document_of_alice()
    link, token = link_of(document, Level.COMMENT)
    client = client_of(visitor("eve"))
    answer = client.get(f"/s/{token}/")
    assert answer["Location"] == f"/d/{document.id}/"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert client.get(answer["Location"]).status_code == 200
    assert LinkUse.objects.get().link == link


def test_a_guest_says_a_name_first_and_a_preview_changes_nothing() -> None:
    document = document_of_alice("Secret plans")
    _, token = link_of(document)
    client = Client()
    answer = client.get(f"/s/{token}/", follow=True)
    assert answer.redirect_chain == [("/guest/", 302)]
    assert token.encode() not in answer.content and b"Secret plans" not in answer.content
    # With no-referrer a browser would send the form with the origin "null", which is refused as foreign.
    assert answer["Referrer-Policy"] == "same-origin"
    assert not Guest.objects.exists() and not LinkUse.objects.exists()
    assert token not in str(dict(client.session))  # which is kept, in the clear

    before = client.session.session_key
    answer = client.post("/guest/", {"name": " Gail "}, follow=True)
    assert answer.redirect_chain == [(f"/d/{document.id}/", 302)]
    assert answer.status_code == 200
    assert client.session.session_key != before
    assert token not in str(dict(client.session))
    assert Guest.objects.get().name == "Gail"
    assert LinkUse.objects.get().guest == Guest.objects.get()


def test_a_guest_who_has_no_name_in_mind_is_offered_one() -> None:
    document = document_of_alice()
    for _ in range(3):
        guest(document)
    guest(document_of_alice("Another"))
    client = Client()
    client.get(f"/s/{link_of(document)[1]}/")
    answer = client.get("/guest/")
    assert answer.context["form"]["name"].value() == "Guest 4"
    client.post("/guest/", {"name": "Guest 4"})
    assert Guest.objects.filter(name="Guest 4").count() == 1


@pytest.mark.parametrize(("name", "sentence"), [("", "required"), ("x" * 65, "at most 64"), ("\u202e", "not be empty")])
def test_a_guest_without_a_proper_name_is_asked_again(name: str, sentence: str) -> None:
    _, token = link_of(document_of_alice())
    client = Client()
    client.get(f"/s/{token}/")
    answer = client.post("/guest/", {"name": name})
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["name"])
    assert not Guest.objects.exists()


def test_a_guest_with_a_name_keeps_it_for_the_next_link() -> None:
    first, second = document_of_alice("First"), document_of_alice("Second")
    client = Client()
    client.get(f"/s/{link_of(first)[1]}/")
    client.post("/guest/", {"name": "Gail"})
    answer = client.get(f"/s/{link_of(second)[1]}/")
    assert answer["Location"] == f"/d/{second.id}/"
    assert Guest.objects.count() == 1


def test_who_signs_in_instead_comes_in_by_the_link_as_themselves() -> None:
    document = document_of_alice()
    _, token = link_of(document)
    eve = visitor("eve")
    assert eve.user is not None
    eve.user.set_password("correct horse battery staple")
    eve.user.save()
    client = Client()
    client.get(f"/s/{token}/")
    assert b"/accounts/login/?next=/guest/" in client.get("/guest/").content
    client.post("/accounts/login/?next=/guest/", {"login": "eve", "password": "correct horse battery staple"})
    answer = client.get("/guest/")
    assert answer["Location"] == f"/d/{document.id}/"
    assert LinkUse.objects.get().user == eve.user


@pytest.mark.parametrize("how", ["unknown", "expired", "revoked", "trashed"])
@pytest.mark.parametrize("who", ["eve", "nobody"])
def test_a_link_that_no_longer_works_says_so_and_nothing_else(how: str, who: str) -> None:
    document = document_of_alice("Secret plans")
    link, token = link_of(document)
    match how:
        case "expired":
            ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "revoked":
            sharing.revoke_link(link=link, by=visitor("alice"))
        case "trashed":
            trash_document(document=document, by=visitor("alice"))
    client = Client() if who == "nobody" else client_of(visitor(who))
    answer = client.get(f"/s/{'x' if how == 'unknown' else token}/")
    assert answer.status_code == 404
    assert b"This link no longer works" in answer.content
    assert b"Secret plans" not in answer.content and token.encode() not in answer.content
    assert not LinkUse.objects.exists()
    assert breaches(answer) == []


def test_a_link_that_ends_while_its_guest_chooses_a_name_lets_nobody_in() -> None:
    link, token = link_of(document_of_alice())
    client = Client()
    client.get(f"/s/{token}/")
    sharing.revoke_link(link=link, by=visitor("alice"))
    answer = client.post("/guest/", {"name": "Gail"})
    assert answer.status_code == 404
    assert not Guest.objects.exists()


def test_a_guest_whose_link_is_revoked_is_out() -> None:
    document = document_of_alice()
    link, token = link_of(document)
    client = Client()
    client.get(f"/s/{token}/")
    client.post("/guest/", {"name": "Gail"})
    sharing.revoke_link(link=link, by=visitor("alice"))
    assert client.get(reverse("document", args=[document.id])).status_code == 404


def test_without_a_link_there_is_no_guest() -> None:
    answer = Client().post("/guest/", {"name": "Gail"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert not Guest.objects.exists()
