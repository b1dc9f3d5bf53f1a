"""Sharing by name and by link: who gets what, what is refused and with which words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from docs_app import queries
from docs_app.access import Visitor, level_for
from docs_app.errors import NotAllowed, NotFound, Refused
from docs_app.levels import Level
from docs_app.models import Document, LinkUse, Membership, ShareLink, User
from docs_app.services.sharing import (
    change_level,
    create_link,
    open_link,
    remove_person,
    revoke_link,
    share_with,
    welcome_guest,
)
from docs_app.services.tokens import hash_of
from tests.support.people import account, document_of_alice, guest, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> Document:
    return document_of_alice()


def membership(document: Document, name: str) -> Membership:
    return Membership.objects.get(document=document, user=account(name))


# --- people ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["eve", " eve ", "eve@example.org", "EVE@Example.ORG"])
def test_somebody_is_given_a_role_by_name_or_address(document: Document, who: str) -> None:
    account("eve")
    share_with(document=document, who=who, level=Level.COMMENT, by=visitor("alice"))
    assert level_for(visitor("eve"), document) is Level.COMMENT


def test_a_username_that_is_another_s_address_takes_nothing_meant_for_them(document: Document) -> None:
    eve = account("eve@example.org")
    with pytest.raises(Refused, match=r"Nobody here is called eve@example\.org or has that address"):
        share_with(document=document, who="eve@example.org", level=Level.EDIT, by=visitor("alice"))
    account("eve")
    share_with(document=document, who="eve@example.org", level=Level.EDIT, by=visitor("alice"))
    assert level_for(visitor("eve"), document) is Level.EDIT
    assert level_for(Visitor(user=eve), document) is Level.NONE


@pytest.mark.parametrize(
    ("who", "level", "by", "sentence"),
    [
        ("", 10, "alice", "Whom to share with must not be empty."),
        ("x" * 255, 10, "alice", "Whom to share with may have 254 characters; this has 255."),
        ("zoe", 10, "alice", "Nobody here is called zoe or has that address."),
        ("zoe@example.org", 10, "alice", "Nobody here is called zoe@example.org or has that address."),
        ("alice", 10, "alice", "You own this document."),
        ("alice", 10, "zelda", "Alice owns this document."),
        ("zelda", 10, "zelda", "You have this document already."),
        ("bob", 10, "alice", "Bob has a role here already: change it in the list."),
        ("eve", 0, "alice", "The role must be Viewer, Commenter, Editor or Owner."),
        ("eve", 30, "alice", "The role must be Viewer, Commenter, Editor or Owner."),
        ("eve", 1000, "alice", "The role must be Viewer, Commenter, Editor or Owner."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(document: Document, who: str, level: int, by: str, sentence: str) -> None:
    account("eve")
    Membership.objects.create(document=document, user=account("zelda"), level=Level.OWN)
    roles = set(Membership.objects.values_list("user", "level"))
    with pytest.raises(Refused) as refusal:
        share_with(document=document, who=who, level=level, by=visitor(by))
    assert str(refusal.value).startswith(sentence)
    assert set(Membership.objects.values_list("user", "level")) == roles


def test_a_suspended_account_is_not_known(document: Document) -> None:
    User.objects.filter(pk=account("eve").pk).update(is_active=False)
    with pytest.raises(Refused, match="Nobody here is called eve"):
        share_with(document=document, who="eve", level=Level.VIEW, by=visitor("alice"))


def test_an_address_of_several_people_is_not_guessed(document: Document) -> None:
    for name in ("eve", "evelyn"):
        User.objects.filter(pk=account(name).pk).update(email="e@example.org")
    with pytest.raises(Refused, match="Several people have the address e@example.org: give a username"):
        share_with(document=document, who="e@example.org", level=Level.VIEW, by=visitor("alice"))


def test_a_role_is_changed_and_taken(document: Document) -> None:
    change_level(membership=membership(document, "bob"), level=Level.VIEW, by=visitor("alice"))
    assert level_for(visitor("bob"), document) is Level.VIEW
    remove_person(membership=membership(document, "bob"), by=visitor("alice"))
    assert level_for(visitor("bob"), document) is Level.NONE


def test_a_role_is_not_changed_to_one_that_there_is_not(document: Document) -> None:
    with pytest.raises(Refused, match="The role must be Viewer"):
        change_level(membership=membership(document, "bob"), level=41, by=visitor("alice"))
    assert level_for(visitor("bob"), document) is Level.EDIT


def test_a_role_that_has_just_been_taken_is_not_changed(document: Document) -> None:
    stale = membership(document, "bob")
    remove_person(membership=membership(document, "bob"), by=visitor("alice"))
    with pytest.raises(NotFound, match="This person has no role here any more"):
        change_level(membership=stale, level=Level.VIEW, by=visitor("alice"))
    assert level_for(visitor("bob"), document) is Level.NONE


def test_everybody_may_give_up_their_own_role_but_no_other_s(document: Document) -> None:
    with pytest.raises(NotAllowed, match="This takes the role Owner; yours is Viewer"):
        remove_person(membership=membership(document, "bob"), by=visitor("dave"))
    remove_person(membership=membership(document, "dave"), by=visitor("dave"))
    assert level_for(visitor("dave"), document) is Level.NONE


@pytest.mark.parametrize("name", ["bob", "carol", "dave"])
def test_only_owners_share(document: Document, name: str) -> None:
    with pytest.raises(NotAllowed):
        share_with(document=document, who="eve", level=Level.VIEW, by=visitor(name))
    with pytest.raises(NotAllowed):
        change_level(membership=membership(document, name), level=Level.OWN, by=visitor(name))
    with pytest.raises(NotAllowed):
        create_link(document=document, level=Level.VIEW, by=visitor(name))


def test_the_owner_is_in_no_list_and_stays_whoever_else_owns_the_document(document: Document) -> None:
    change_level(membership=membership(document, "bob"), level=Level.OWN, by=visitor("alice"))
    Membership.objects.create(document=document, user=account("alice"), level=Level.VIEW)
    assert [row.user.username for row in queries.people_of(document)] == ["bob", "carol", "dave"]
    remove_person(membership=membership(document, "alice"), by=visitor("bob"))
    assert level_for(visitor("alice"), document) is Level.OWN


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_gives_its_role_to_users_and_to_guests(document: Document) -> None:
    link, token = create_link(document=document, level=Level.EDIT, by=visitor("alice"), label=" for the  board ")
    gail = Visitor(guest=welcome_guest(" Gail "))
    for person in (visitor("eve"), gail, gail):
        assert open_link(token=token, visitor=person) == link
        assert level_for(person, document) is Level.EDIT
    assert (link.label, gail.name, LinkUse.objects.count()) == ("for the board", "Gail", 2)


def test_only_the_hash_of_a_link_s_token_is_kept(document: Document) -> None:
    link, token = create_link(document=document, level=Level.VIEW, by=visitor("alice"))
    assert link.token_hash == hash_of(token)
    assert token not in {str(value) for value in ShareLink.objects.values().get().values()}


def test_a_link_opened_by_nobody_known_waits_for_a_name(document: Document) -> None:
    link, token = create_link(document=document, level=Level.VIEW, by=visitor("alice"))
    assert open_link(token=token, visitor=Visitor()) == link
    assert not LinkUse.objects.exists()


def test_a_revoked_link_lets_nobody_in_and_puts_out_who_came_by_it(document: Document) -> None:
    link, token = create_link(document=document, level=Level.VIEW, by=visitor("alice"))
    open_link(token=token, visitor=visitor("eve"))
    revoke_link(link=link, by=visitor("alice"))
    assert level_for(visitor("eve"), document) is Level.NONE
    assert list(queries.links_of(document)) == []
    with pytest.raises(NotFound, match="This link is not valid, or no longer"):
        open_link(token=token, visitor=visitor("eve"))


@pytest.mark.parametrize("ended", ["expired", "in the trash", "never made"])
def test_a_link_that_leads_nowhere_says_one_sentence(document: Document, ended: str) -> None:
    _, token = create_link(document=document, level=Level.VIEW, by=visitor("alice"))
    if ended == "expired":
        ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ended == "in the trash":
        Document.objects.update(trashed_at=timezone.now())
    else:
        ShareLink.objects.all().delete()
    with pytest.raises(NotFound, match=r"^This link is not valid, or no longer: ask whoever sent it for another\.$"):
        open_link(token=token, visitor=visitor("eve"))


@pytest.mark.parametrize("level", [Level.NONE, Level.OWN, 7])
def test_no_link_makes_owners(document: Document, level: int) -> None:
    with pytest.raises(Refused, match=r"^The role must be Viewer, Commenter or Editor\.$"):
        create_link(document=document, level=level, by=visitor("alice"))


def test_a_link_expires_in_the_future(document: Document) -> None:
    with pytest.raises(Refused, match="A link must expire in the future"):
        create_link(document=document, level=10, by=visitor("alice"), expires_at=timezone.now() - timedelta(days=1))


@pytest.mark.parametrize("name", ["", " \u202e ", "x" * 65])
def test_a_guest_has_a_name(name: str) -> None:
    with pytest.raises(Refused, match="A name m"):
        welcome_guest(name)


# --- lists -----------------------------------------------------------------------------------------------------------


def test_each_list_holds_what_is_in_it_for_somebody(document: Document) -> None:
    other, gone = document_of_alice("Budget"), document_of_alice("Old")
    Document.objects.filter(pk=gone.pk).update(trashed_at=timezone.now())
    for use in (create_link(document=other, level=10, by=visitor("alice"))[1] for _ in range(2)):
        open_link(token=use, visitor=visitor("eve"))
    guest(document)
    seen = {
        name: [
            sorted(row.title for row in rows(account(name)))
            for rows in (queries.documents_of, queries.shared_with, queries.visible_to, queries.trashed_of)
        ]
        for name in ("alice", "bob", "eve", "frank")
    }
    both = ["Budget", "Minutes"]
    assert seen == {
        "alice": [both, [], both, ["Old"]],
        "bob": [[], both, both, []],
        "eve": [[], ["Budget"], ["Budget"], []],
        "frank": [[], [], [], []],
    }
