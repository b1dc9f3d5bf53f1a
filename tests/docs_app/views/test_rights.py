"""Who may do what at each address: person x address, as statuses."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from docs_app.models import Document
from docs_app.services import history, sharing
from docs_app.services.documents import trash_document
from docs_app.services.uploads import Sent, keep_file
from tests.support.clients import HTMX, client_for
from tests.support.people import account, document_of_alice, visitor

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = ("alice", "bob", "carol", "dave", "gail", "eve", "nobody")
READING = (200, 200, 200, 200, 200, 404, 302)
LOOKING_BACK = (200, 200, 403, 403, 403, 404, 302)
EDITING = (302, 302, 403, 403, 403, 404, 404)
OWNING = (302, 403, 403, 403, 403, 404, 404)


def snapshot_of(document: Document) -> str:
    return str(history.name_version(document=document, name="First", by=visitor("alice")).id)


def address(name: str, document: Document) -> str:
    if name == "export":
        return reverse("export", args=[document.id, "md"])
    if name == "file":
        return keep_file(document=document, by=visitor("alice"), sent=Sent("a.txt", b"hello")).address
    if name in {"snapshot", "restore", "copy"}:
        return reverse(name, args=[document.id, snapshot_of(document)])
    return reverse(name, args=[document.id])


def expected(statuses: tuple[int, ...], *names: str) -> list[tuple[str, str, int]]:
    return [(name, person, status) for name in names for person, status in zip(PEOPLE, statuses, strict=True)]


@pytest.mark.parametrize(
    ("name", "person", "status"),
    [
        *expected(READING, "document", "export", "file"),
        *expected(LOOKING_BACK, "snapshot"),
        *expected((200, 403, 403, 403, 403, 404, 302), "share"),
    ],
)
def test_who_may_look(name: str, person: str, status: int) -> None:
    document = document_of_alice()
    assert client_for(person, document).get(address(name, document)).status_code == status


@pytest.mark.parametrize(
    ("name", "person", "status"),
    [
        *expected(EDITING, "rename", "restore"),
        # A copy is somebody's own: it takes an account, which a guest goes and makes first.
        *expected((302, 302, 403, 403, 302, 404, 302), "copy"),
        *expected(OWNING, "trash"),
    ],
)
def test_who_may_change(name: str, person: str, status: int) -> None:
    document = document_of_alice()
    answer = client_for(person, document).post(address(name, document), {"title": "New"})
    assert answer.status_code == status


@pytest.mark.parametrize(("name", "person", "status"), expected((200, 200, 403, 403, 403, 404, 404), "mentionable"))
def test_who_is_told_whom_and_what_to_mention(name: str, person: str, status: int) -> None:
    document = document_of_alice()
    answer = client_for(person, document).get(address(name, document))
    assert answer.status_code == status
    assert (b"Carol" in answer.content) == (status == 200)


@pytest.mark.parametrize(("name", "person", "status"), expected((201, 403, 403, 403, 403, 404, 404), "let_in"))
def test_who_may_let_somebody_in_by_mentioning(name: str, person: str, status: int) -> None:
    document = document_of_alice()
    account("frank")
    answer = client_for(person, document).post(address(name, document), {"who": "frank", "level": 10})
    assert answer.status_code == status


@pytest.mark.parametrize(("name", "person", "status"), expected((201, 201, 403, 403, 403, 404, 404), "upload"))
def test_who_may_send_a_file(name: str, person: str, status: int) -> None:
    document = document_of_alice()
    form = {"kind": "file", "file": SimpleUploadedFile("a.txt", b"hello")}
    assert client_for(person, document).post(address(name, document), form).status_code == status


@pytest.mark.parametrize(("name", "person", "status"), expected(OWNING[:1] + (404,) * 6, "untrash", "delete"))
def test_in_the_trash_it_exists_for_owners_only(name: str, person: str, status: int) -> None:
    document = document_of_alice()
    trash_document(document=document, by=visitor("alice"))
    assert client_for(person, document).post(address(name, document)).status_code == status


@pytest.mark.parametrize(("name", "person", "status"), expected(OWNING, "share_people", "share_links"))
def test_who_may_share(name: str, person: str, status: int) -> None:
    document = document_of_alice()
    account("frank")
    answer = client_for(person, document).post(address(name, document), {"who": "frank", "level": 10})
    # A link is shown in the answer, once; anything else leads back to the page.
    assert answer.status_code == (200 if (name, person) == ("share_links", "alice") else status)


@pytest.mark.parametrize("person", ["bob", "eve"])
def test_another_s_role_and_another_s_link_are_not_to_be_touched(person: str) -> None:
    document = document_of_alice()
    membership = document.memberships.get(user__username="carol")
    link, _ = sharing.create_link(document=document, level=10, by=visitor("alice"))
    client = client_for(person, document)
    status = 403 if person == "bob" else 404
    answer = client.post(reverse("share_person", args=[document.id, membership.pk]), {"level": 50})
    assert answer.status_code == status
    assert client.post(reverse("revoke_link", args=[document.id, link.id])).status_code == status
    membership.refresh_from_db()
    link.refresh_from_db()
    assert (membership.level, link.revoked_at) == (20, None)


def test_what_belongs_to_another_document_is_not_reached_through_one_s_own() -> None:
    document, other = document_of_alice("Mine"), document_of_alice("Other")
    link, _ = sharing.create_link(document=other, level=10, by=visitor("alice"))
    membership = other.memberships.get(user__username="carol")
    client = client_for("alice", document)
    assert client.post(reverse("revoke_link", args=[document.id, link.id])).status_code == 404
    assert client.post(reverse("share_person", args=[document.id, membership.pk]), {"level": 0}).status_code == 404
    assert client.get(reverse("snapshot", args=[document.id, snapshot_of(other)])).status_code == 404


@pytest.mark.parametrize("name", ["rename", "trash", "untrash", "delete", "share_people", "share_links", "upload"])
def test_nothing_changes_by_a_get(name: str) -> None:
    document = document_of_alice()
    assert client_for("alice", document).get(address(name, document)).status_code == 405


def test_a_form_from_elsewhere_is_refused() -> None:
    document = document_of_alice()
    client = Client(enforce_csrf_checks=True)
    client.force_login(document.owner)
    answer = client.post(reverse("trash", args=[document.id]))
    assert answer.status_code == 403
    assert b"That form was too old" in answer.content
    document.refresh_from_db()
    assert document.trashed_at is None


def test_strangers_are_not_told_what_exists() -> None:
    document = document_of_alice()
    client = client_for("eve", document)
    there = client.get(reverse("document", args=[document.id])).content
    nowhere = client.get(reverse("document", args=[uuid4()])).content
    assert there == nowhere
    assert b"Minutes" not in there


def test_nobody_known_is_sent_to_sign_in_and_back() -> None:
    document = document_of_alice()
    answer = Client().get(reverse("document", args=[document.id]))
    assert answer["Location"] == f"/accounts/login/?next=/d/{document.id}/"
    answer = Client().get(reverse("documents"), headers=HTMX | {"HX-Current-URL": "http://testserver/?show=trash"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/accounts/login/?next=/%3Fshow%3Dtrash")


@pytest.mark.parametrize("said", ["http://[", "https://elsewhere.example/", "//elsewhere.example/", ""])
def test_a_page_that_is_none_of_ours_is_not_where_signing_in_leads(said: str) -> None:
    answer = Client().get("/", headers=HTMX | {"HX-Current-URL": said})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/accounts/login/?next=/")


def test_htmx_gets_a_refusal_as_a_toast() -> None:
    document = document_of_alice()
    answer = client_for("dave", document).get(reverse("share", args=[document.id]), headers=HTMX)
    assert answer.status_code == 403
    assert b'id="notices"' in answer.content and b"This takes the role Owner; yours is Viewer." in answer.content
    assert b"<html" not in answer.content
