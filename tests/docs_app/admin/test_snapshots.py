"""A document's snapshots in the admin: who may, what is shown, and a restore that reaches the live text."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from docs_app.content.diff import make_equal
from docs_app.content.parse import from_markdown
from docs_app.models import Document, User
from docs_app.services import history, live
from docs_app.services.documents import create_document, export
from tests.support.clients import breaches
from tests.support.people import account, visitor

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = '"><script>alert(1)</script>'


def administrator(*permissions: str, name: str = "root") -> Client:
    """Somebody of the staff with these permissions, and no role in any document; with none, a superuser."""
    user = account(name)
    user.is_staff, user.is_superuser = True, not permissions
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def written() -> tuple[Document, UUID]:
    document = create_document(owner=account("alice"), title=f"Minutes {HOSTILE}", markdown=f"The cat sat. {HOSTILE}")
    kept = history.name_version(document=document, name=HOSTILE, by=visitor("alice")).id
    target = from_markdown("The dog sat.")
    live.edit(document.id, "server", lambda fragment: make_equal(fragment, target))
    return document, kept


def text_of(document: Document) -> str:
    return export(document, "txt")[1].strip()


def address(name: str, document: Document, *more: Any) -> str:
    return reverse(f"admin:document_{name}", args=[document.pk, *more])


def test_the_list_names_each_with_its_time_kind_authors_and_size() -> None:
    document, _ = written()
    answer = administrator().get(address("snapshots", document))
    text = answer.content.decode()
    assert all(piece in text for piece in ("named", "import", "Alice", "&lt;script&gt;", "bytes"))
    assert breaches(answer) == []


def test_a_snapshot_is_shown_with_what_has_changed_since() -> None:
    document, kept = written()
    answer = administrator().get(address("snapshot", document, kept))
    text = answer.content.decode()
    assert "The cat sat." in text and "<del>cat</del>" in text and "<ins>dog</ins>" in text
    assert breaches(answer) == []


def test_a_restore_asks_first_then_reaches_the_live_text_and_is_written_down() -> None:
    document, kept = written()
    client = administrator()
    assert b"Restore" in client.get(address("restore", document, kept)).content
    assert text_of(document) == "The dog sat."
    answer = client.post(address("restore", document, kept), follow=True)
    assert b"Restored: everybody who has it open sees it now." in answer.content
    assert text_of(document) == f"The cat sat. {HOSTILE}"
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_id, entry.user.username) == (CHANGE, str(document.pk), "root")
    assert "Restored the snapshot of" in entry.get_change_message()
    assert history.list_snapshots(document)[0].kind == "before-restore"


def test_a_copy_is_the_administrator_s_own_and_is_written_down() -> None:
    document, kept = written()
    administrator().post(address("copy", document, kept))
    copy = Document.objects.exclude(pk=document.pk).get()
    assert (copy.owner.username, text_of(copy)) == ("root", f"The cat sat. {HOSTILE}")
    assert text_of(document) == "The dog sat."
    assert LogEntry.objects.get().action_flag == ADDITION


def test_who_may_only_look_restores_nothing() -> None:
    document, kept = written()
    client = administrator("view_document")
    assert b"Restore" not in client.get(address("snapshot", document, kept)).content
    for name in ("restore", "copy"):
        assert client.post(address(name, document, kept)).status_code == 403
    assert client.get(address("restore", document, kept)).status_code == 403
    assert text_of(document) == "The dog sat." and not LogEntry.objects.exists()


def test_who_may_nothing_here_sees_nothing() -> None:
    document, kept = written()
    client = administrator("view_guest")
    for name, more in (("snapshots", ()), ("snapshot", (kept,)), ("restore", (kept,))):
        assert client.get(address(name, document, *more)).status_code == 403
    stranger = Client()
    stranger.force_login(account("alice"))
    assert stranger.get(address("snapshots", document)).status_code == 302


def test_what_is_not_there_is_not_found() -> None:
    document, _ = written()
    client = administrator()
    assert client.get(address("snapshot", document, uuid4())).status_code == 404
    assert client.post(address("restore", document, uuid4())).status_code == 404
    assert client.get(reverse("admin:document_snapshots", args=[uuid4()])).status_code == 404


def test_a_restore_is_no_get_and_a_copy_neither() -> None:
    document, kept = written()
    client = administrator()
    client.get(address("restore", document, kept))
    assert client.get(address("copy", document, kept)).status_code == 405
    assert text_of(document) == "The dog sat."
