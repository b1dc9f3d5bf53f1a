"""The engine's door: its errors come as sentences, and its promises hold for services too."""

from __future__ import annotations

import pytest
from django.db import transaction
from pycrdt import XmlElement, XmlFragment

from docs_app.content import parse
from docs_app.content.tree import Unreachable
from docs_app.errors import NotFound, NotNow, Refused
from docs_app.services import live
from docs_app.services.documents import create_document, read_tree
from tests.support.live import does, open_tab, running_engine
from tests.support.people import account, document_of_alice, visitor
from tests.support.until import until_async

pytestmark = pytest.mark.django_db(transaction=True)


def append(fragment: XmlFragment) -> None:
    fragment.children.append(XmlElement("paragraph"))


def fail(fragment: XmlFragment) -> None:
    append(fragment)
    raise ZeroDivisionError


def test_what_fails_half_way_has_changed_nothing() -> None:
    document = create_document(owner=account("alice"), markdown="One.")
    with pytest.raises(ZeroDivisionError):
        live.edit(document.id, "server", fail)
    assert read_tree(document.id) == parse.from_markdown("One.")


def unreachable(fragment: XmlFragment) -> None:
    raise Unreachable("This cannot be edited from here.")


def test_what_cannot_be_edited_is_refused_with_its_sentence() -> None:
    document = document_of_alice()
    with pytest.raises(Refused, match=r"^This cannot be edited from here\.$"):
        live.edit(document.id, "server", unreachable)


def test_the_engine_is_not_called_from_inside_a_transaction() -> None:
    document = document_of_alice()
    with pytest.raises(RuntimeError, match="call it on commit"), transaction.atomic():
        live.edit(document.id, "server", append)


def test_what_was_deleted_meanwhile_is_not_found() -> None:
    document = document_of_alice()
    document_id = document.id
    document.delete()
    for ask in (lambda: live.edit(document_id, "server", append), lambda: live.keep_snapshot(document_id, "named")):
        with pytest.raises(NotFound, match="There is no such document or snapshot"):
            ask()


@pytest.mark.anyio
async def test_while_the_server_ends_nothing_is_begun() -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        hub.is_closing = True
        with pytest.raises(NotNow, match="Nothing was changed: try again"):
            await does(live.edit, document.id, "server", append)


@pytest.mark.anyio
async def test_others_are_told_after_the_commit_and_not_at_all_without_one() -> None:
    document = await does(document_of_alice)

    def rename(title: str, *, give_up: bool) -> None:
        with transaction.atomic():
            type(document).objects.filter(pk=document.pk).update(title=title)
            live.tell(document.id, "title")
            transaction.set_rollback(give_up)

    async with running_engine() as hub:
        dave = await open_tab(hub, await does(visitor, "dave"), document)
        await does(rename, "Never", give_up=True)
        await does(rename, "Agenda", give_up=False)
        await until_async(lambda: dave.shows("Agenda"), "the new title is on Dave's page")
        assert not dave.shows("Never")
