"""The admin's other pages: they open, keep secrets, and tell open documents what has changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from docs_app.errors import NotFound
from docs_app.levels import Level
from docs_app.models import ApiToken, Document, Guest, Membership, ShareLink, User
from docs_app.services import sharing, tokens
from docs_app.services.documents import read_tree
from tests.docs_app.admin.test_snapshots import administrator
from tests.support.clients import breaches, client_of
from tests.support.people import account, document_of_alice, guest, visitor

pytestmark = pytest.mark.django_db(transaction=True)

OURS = [User, Guest, ApiToken, Document, ShareLink]


def something_of_each() -> dict[type, Any]:
    document = document_of_alice()
    link, _ = sharing.create_link(document=document, level=10, by=visitor("alice"))
    person = guest(document).guest
    token, _ = tokens.create_token(user=document.owner, label="Backup")
    return {User: document.owner, Guest: person, ApiToken: token, Document: document, ShareLink: link}


def change(thing: Any) -> str:
    return reverse(f"admin:docs_app_{thing._meta.model_name}_change", args=[thing.pk])


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_and_pages_open_and_keep_to_the_content_policy(model: type) -> None:
    thing = something_of_each()[model]
    client = administrator()
    for address in (reverse(f"admin:docs_app_{thing._meta.model_name}_changelist"), change(thing)):
        answer = client.get(address)
        assert answer.status_code == 200
        assert breaches(answer) == []


def test_there_is_one_way_to_sign_in_and_it_counts_wrong_passwords() -> None:
    answer = Client().get("/admin/", follow=True)
    assert answer.redirect_chain[-1] == ("/accounts/login/?next=%2Fadmin%2F", 302)
    assert client_of(visitor("alice")).get("/admin/").status_code in (302, 403)
    assert client_of(visitor("alice")).get("/admin/", follow=True).status_code == 403
    assert Client().post("/admin/login/", {"username": "root", "password": "a guess"}).status_code == 302


def test_no_hash_is_shown() -> None:
    things, client = something_of_each(), administrator()
    for thing in (things[ApiToken], things[ShareLink]):
        for address in (change(thing), reverse(f"admin:docs_app_{thing._meta.model_name}_changelist")):
            assert thing.token_hash not in client.get(address).content.decode()


@pytest.mark.parametrize("model", [Guest, ApiToken, Document, ShareLink], ids=lambda model: model.__name__)
def test_what_the_site_makes_itself_is_not_made_here(model: type) -> None:
    assert not admin.site.is_registered(Membership)
    address = reverse(f"admin:docs_app_{model._meta.model_name}_add")  # type: ignore[attr-defined]
    assert administrator().get(address).status_code == 403


def test_tokens_and_links_are_revoked_and_that_is_written_down() -> None:
    things, client = something_of_each(), administrator()
    for thing in (things[ApiToken], things[ShareLink]):
        address = reverse(f"admin:docs_app_{thing._meta.model_name}_changelist")
        client.post(address, {"action": "revoke", "_selected_action": [str(thing.pk)]})
        thing.refresh_from_db()
        assert thing.revoked_at is not None
    assert {entry.get_change_message() for entry in LogEntry.objects.all()} == {"Revoked."}


def save_document(client: Client, document: Document, **fields: Any) -> None:
    """Send the change form of a document as it is, but for `fields`."""
    rows = list(document.memberships.order_by("pk"))
    form: dict[str, Any] = {
        "title": document.title,
        "owner": document.owner.pk,
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": len(rows),
    }
    for index, row in enumerate(rows):
        form |= {
            f"memberships-{index}-id": row.pk,
            f"memberships-{index}-document": document.pk,
            f"memberships-{index}-user": row.user.pk,
            f"memberships-{index}-level": row.level,
        }
    assert client.post(change(document), form | fields).status_code == 302


def test_a_role_changed_here_is_asked_for_again_in_open_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    document, client = document_of_alice(), administrator()
    asked: list[Any] = []
    monkeypatch.setattr("collab.api.recheck", lambda document_id: _note(asked, document_id))
    save_document(client, document, **{"memberships-0-level": Level.VIEW.value})
    assert document.memberships.order_by("pk")[0].level == Level.VIEW
    assert document.id in asked


async def _note(asked: list[Any], document_id: Any) -> None:
    asked.append(document_id)


def test_an_owner_set_here_owns() -> None:
    document, client = document_of_alice(), administrator()
    save_document(client, document, owner=account("eve").pk, title="Hers")
    document.refresh_from_db()
    assert (document.owner.username, document.title) == ("eve", "Hers")


def test_a_suspended_person_is_out() -> None:
    document = document_of_alice()
    bob = client_of(visitor("bob"))
    assert bob.get(f"/d/{document.id}/").status_code == 200
    User.objects.filter(username="bob").update(is_active=False)
    assert bob.get(f"/d/{document.id}/").status_code == 302


def test_what_is_deleted_here_takes_its_text_along() -> None:
    document = document_of_alice()
    administrator().post(reverse("admin:docs_app_document_delete", args=[document.pk]), {"post": "yes"})
    assert not Document.objects.exists()
    with pytest.raises(NotFound):
        read_tree(document.id)


def test_the_staff_s_pages_are_for_the_staff() -> None:
    assert client_of(visitor("alice")).get("/admin/").status_code == 302
