"""Whatever ends somebody's access is felt by their open pages at once, wherever it was done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collab.errors import Forbidden
from collab.models import Stream
from docs_app.levels import Level
from docs_app.models import Document, Membership
from docs_app.services.sharing import change_level, create_link, open_link, remove_person, revoke_link
from docs_app.services.tokens import create_token, revoke_token
from tests.support.live import does, join, open_tab, running_engine
from tests.support.people import account, document_of_alice, visitor
from tests.support.scopes import by_token

pytestmark = pytest.mark.django_db(transaction=True)


def membership(document: Document) -> Membership:
    return Membership.objects.get(document=document, user=account("bob"))


def change_password(document: Document) -> None:
    bob = account("bob")
    bob.set_password("another")
    bob.save()


def suspend(document: Document) -> None:
    bob = account("bob")
    bob.is_active = False
    bob.save()


ENDS: dict[str, Callable[[Document], object]] = {
    "a role taken": lambda document: remove_person(membership=membership(document), by=visitor("alice")),
    "a role given up": lambda document: remove_person(membership=membership(document), by=visitor("bob")),
    "a role deleted in the admin": lambda document: membership(document).delete(),
    "a password changed": change_password,
    "an account suspended": suspend,
    "an account deleted": lambda document: account("bob").delete(),
}


@pytest.mark.anyio
@pytest.mark.parametrize("cause", ENDS)
async def test_an_end_of_access_ends_the_connection(cause: str) -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        bob, carol = [await open_tab(hub, await does(visitor, name), document) for name in ("bob", "carol")]
        await does(ENDS[cause], document)
        assert isinstance(bob.closed, Forbidden)
        assert carol.closed is None


@pytest.mark.anyio
async def test_a_revoked_token_ends_the_programs_that_came_with_it() -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        token, secret = await does(create_token, user=await does(account, "bob"))
        program, page = (
            await join(hub, document.id, by_token(secret)),
            await open_tab(hub, await does(visitor, "bob"), document),
        )
        await does(revoke_token, token=token)
        assert isinstance(program.closed, Forbidden)
        assert page.closed is None


@pytest.mark.anyio
async def test_a_lower_role_takes_the_pen_away_and_a_higher_one_gives_it_back() -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        bob = await open_tab(hub, await does(visitor, "bob"), document)
        for level, may_write in ((Level.COMMENT, False), (Level.OWN, True)):
            role = await does(membership, document)
            await does(change_level, membership=role, level=level, by=await does(visitor, "alice"))
            assert (bob.peer.grant.level, bob.peer.grant.may_write) == (level, may_write)
        assert bob.closed is None


@pytest.mark.anyio
async def test_a_revoked_link_ends_the_connections_of_those_who_came_by_it() -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        alice, eve = await does(visitor, "alice"), await does(visitor, "eve")
        link, token = await does(create_link, document=document, level=Level.EDIT, by=alice)
        await does(open_link, token=token, visitor=eve)
        tab = await open_tab(hub, eve, document)
        assert tab.peer.grant.may_write
        await does(revoke_link, link=link, by=alice)
        assert isinstance(tab.closed, Forbidden)


@pytest.mark.anyio
async def test_a_new_name_is_shown_to_the_others() -> None:
    document = await does(document_of_alice)
    async with running_engine() as hub:
        bob = await open_tab(hub, await does(visitor, "bob"), document)
        user = await does(account, "bob")
        user.name = "Robert"
        await user.asave()
        assert bob.peer.grant.name == "Robert"


def test_with_an_account_go_its_documents_except_those_that_others_own() -> None:
    shared, alone = document_of_alice("Shared"), document_of_alice("Alone")
    for name in ("bob", "carol"):
        Membership.objects.filter(document=shared, user=account(name)).update(level=Level.OWN)
    account("alice").delete()
    assert [(document.title, document.owner.username) for document in Document.objects.all()] == [("Shared", "bob")]
    assert list(Stream.objects.values_list("document_id", flat=True)) == [shared.id]
    assert not Document.objects.filter(pk=alone.pk).exists()


def test_a_document_deleted_anywhere_leaves_no_text_behind() -> None:
    for _ in range(2):
        document_of_alice()
    Document.objects.all().delete()
    assert not Stream.objects.exists()
