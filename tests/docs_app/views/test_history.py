"""Looking at snapshots, bringing them back, and going on from them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from docs_app.content.diff import make_equal
from docs_app.content.parse import from_markdown
from docs_app.levels import Level
from docs_app.models import Document, Membership
from docs_app.services import history, live
from docs_app.services.documents import create_document, export, trash_document
from tests.support.clients import HTMX, breaches, client_of
from tests.support.people import account, guest, visitor

pytestmark = pytest.mark.django_db(transaction=True)


def written(*states: str) -> tuple[Document, list[UUID]]:
    """A document of alice's that has been each of `states`, and the snapshots of them."""
    document = create_document(owner=account("alice"), title="Minutes")
    kept = []
    for state in states:
        live.edit(document.id, "server", partial(make_equal, target=from_markdown(state)))
        kept.append(history.name_version(document=document, name=f"After {state[:20]}", by=visitor("alice")).id)
    return document, kept


def text_of(document: Document) -> str:
    return export(document, "md")[1].strip()


def address(name: str, document: Document, snapshot: UUID) -> str:
    return reverse(name, args=[document.id, snapshot])


def alice() -> Any:
    return client_of(visitor("alice"))


def test_a_snapshot_shows_what_was_and_what_has_changed() -> None:
    document, (first, _) = written("The cat sat.", "The cat slept.\n\nAll day.")
    for headers in ({}, HTMX):
        answer = alice().get(address("snapshot", document, first), headers=headers)
        text = answer.content.decode()
        assert "The cat sat." in text
        assert "<ins>slept</ins>" in text and "<del>sat</del>" in text and "All day." in text
        assert ("<html" in text) == (not headers)
        assert breaches(answer) == []


def test_an_author_who_has_gone_is_somebody_in_the_reader_s_language() -> None:
    document, _ = written("The cat sat.")
    Membership.objects.create(document=document, user=account("bob"), level=Level.EDIT)
    live.edit(document.id, account("bob").principal, partial(make_equal, target=from_markdown("The dog sat.")))
    kept = history.name_version(document=document, name="Bob's", by=visitor("alice"))
    account("bob").delete()
    answer = alice().get(address("snapshot", document, kept.id), headers=HTMX | {"Accept-Language": "de"})
    text = answer.content.decode()
    assert "· Jemand<" in text and "Someone" not in text, text


def test_nothing_changed_is_said() -> None:
    document, (first,) = written("The cat sat.")
    assert b"Nothing has been changed since." in alice().get(address("snapshot", document, first)).content


def test_a_restore_brings_the_text_back_and_keeps_what_was() -> None:
    document, (first, _) = written("The cat sat.", "The dog sat.")
    answer = alice().post(address("restore", document, first), follow=True)
    assert "Restored. The text before it is kept in the history." in answer.content.decode()
    assert text_of(document) == "The cat sat."
    kept = history.list_snapshots(document)[0]
    assert (kept.kind, kept.authors) == ("before-restore", ("Alice",))
    alice().post(address("restore", document, kept.id))
    assert text_of(document) == "The dog sat."


def test_with_htmx_the_preview_goes_and_a_toast_says_so() -> None:
    document, (first, _) = written("The cat sat.", "The dog sat.")
    answer = alice().post(address("restore", document, first), headers=HTMX)
    text = answer.content.decode().strip()
    assert text.startswith('<div id="notices"') and 'hx-swap-oob="true"' in text and "Restored." in text
    assert "same already" in alice().post(address("restore", document, first), headers=HTMX).content.decode()
    assert text_of(document) == "The cat sat."


def test_a_copy_is_one_s_own_and_leaves_the_document_alone() -> None:
    document, (first, _) = written("The cat sat.", "The dog sat.")
    document.memberships.create(user=account("bob"), level=40)
    answer = client_of(visitor("bob")).post(address("copy", document, first))
    copy = Document.objects.exclude(pk=document.pk).get()
    assert answer["Location"] == reverse("document", args=[copy.id])
    assert (copy.title, copy.owner.username, text_of(copy)) == ("Copy of Minutes", "bob", "The cat sat.")
    assert text_of(document) == "The dog sat."


def test_who_came_by_a_link_and_signed_in_since_has_a_copy_too() -> None:
    document, (first, _) = written("The cat sat.", "The dog sat.")
    both = replace(guest(document, Level.EDIT), user=account("eve"))
    answer = client_of(both).post(address("copy", document, first))
    copy = Document.objects.get(owner=account("eve"))
    assert (answer["Location"], text_of(copy)) == (reverse("document", args=[copy.id]), "The cat sat.")


@pytest.mark.parametrize("name", ["snapshot", "restore", "copy"])
def test_what_is_not_kept_is_not_found(name: str) -> None:
    document, _ = written("The cat sat.")
    client, where = alice(), address(name, document, uuid4())
    assert (client.get(where) if name == "snapshot" else client.post(where)).status_code == 404
    assert text_of(document) == "The cat sat."


def test_in_the_trash_nothing_is_restored() -> None:
    document, (first, _) = written("The cat sat.", "The dog sat.")
    trash_document(document=document, by=visitor("alice"))
    answer = alice().post(address("restore", document, first))
    assert answer.status_code == 403
    assert b"This document is in the trash: take it out first." in answer.content
    assert text_of(document) == "The dog sat."
