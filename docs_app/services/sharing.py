"""Who else may come in: people by name, and anybody by a link. Every change reaches open pages at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from docs_app.access import Visitor, document_for
from docs_app.errors import NotAllowed, NotFound, Refused
from docs_app.levels import Level
from docs_app.models import Document, Guest, LinkUse, Membership, ShareLink, User
from docs_app.models.sharing import LINK_LEVELS, PERSON_LEVELS, still_valid
from docs_app.services import live
from docs_app.services.tokens import hash_of, new_secret
from docs_app.services.words import clean_line, clean_name

LABEL_LIMIT = 64
NAME_LIMIT = 64


@transaction.atomic
def share_with(*, document: Document, who: str, level: int, by: Visitor) -> Membership:
    """Give somebody, by username or e-mail address, a role. Raises Refused, which also says who is not known here."""
    document, _ = document_for(by, document.id, "share")
    person, role = person_called(who), _role(level, PERSON_LEVELS)
    if person == document.owner:
        raise Refused(
            gettext("You own this document.")
            if person == by.user
            else gettext("%(name)s owns this document.") % {"name": person.shown_name}
        )
    if person == by.user:
        raise Refused(gettext("You have this document already."))
    membership, is_new = Membership.objects.get_or_create(document=document, user=person, defaults={"level": role})
    if not is_new:
        raise Refused(gettext("%(name)s has a role here already: change it in the list.") % {"name": person.shown_name})
    live.ask_again(document.id)
    return membership


def person_called(who: str) -> User:
    """By what was written: an address is never somebody's username, which anybody may have chosen to look like one."""
    who = clean_name(who, what=gettext("Whom to share with"), limit=254)
    named = {"email__iexact": who} if "@" in who else {"username": who}
    found = list(User.objects.filter(is_active=True, **named)[:2])
    if len(found) > 1:
        raise Refused(gettext("Several people have the address %(address)s: give a username.") % {"address": who})
    if not found:
        raise Refused(
            gettext("Nobody here is called %(who)s or has that address. A link reaches people without an account.")
            % {"who": who}
        )
    return found[0]


def _role(level: int, choices: Sequence[tuple[int, Promise]]) -> Level:
    if level not in dict(choices):
        *labels, last = [str(label) for _, label in choices]
        raise Refused(gettext("The role must be %(roles)s or %(last)s.") % {"roles": ", ".join(labels), "last": last})
    return Level(level)


@transaction.atomic
def change_level(*, membership: Membership, level: int, by: Visitor) -> None:
    """Raises Refused for a role that people cannot have, NotFound when theirs has just been taken."""
    document_for(by, membership.document_id, "share")
    if not Membership.objects.filter(pk=membership.pk).update(level=_role(level, PERSON_LEVELS)):
        raise NotFound(gettext("This person has no role here any more."))
    live.ask_again(membership.document_id)


@transaction.atomic
def remove_person(*, membership: Membership, by: Visitor) -> None:
    """Take somebody's role. Owners may, and everybody may give up their own."""
    document_for(by, membership.document_id, "read" if membership.user == by.user else "share")
    membership.delete()  # docs_app.services.upkeep tells open pages


def create_link(
    *, document: Document, level: int, by: Visitor, label: str = "", expires_at: datetime | None = None
) -> tuple[ShareLink, str]:
    """A link that gives whoever opens it a role, with its token, which is nowhere to be had later. Raises Refused."""
    document, _ = document_for(by, document.id, "share")
    if by.user is None:
        raise NotAllowed(gettext("Sign in to share a document."))
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(gettext("A link must expire in the future."))
    token = new_secret()
    link = ShareLink.objects.create(
        document=document,
        level=_role(level, LINK_LEVELS),
        label=clean_line(label, what=gettext("A link's label"), limit=LABEL_LIMIT),
        token_hash=hash_of(token),
        created_by=by.user,
        expires_at=expires_at,
    )
    return link, token


@transaction.atomic
def revoke_link(*, link: ShareLink, by: Visitor) -> None:
    """Whoever came in by it and has no other role is out."""
    document_for(by, link.document_id, "share")
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
    live.ask_again(link.document_id)


def open_link(*, token: str, visitor: Visitor) -> ShareLink:
    """The link with this token; whoever is known keeps its role from now on. Raises NotFound unless it is valid."""
    return _come_in(visitor, token_hash=hash_of(token))


def reopen_link(*, link_id: UUID, visitor: Visitor) -> ShareLink:
    """The same for who has shown the token before. Raises NotFound unless the link is still valid."""
    return _come_in(visitor, pk=link_id)


def _come_in(visitor: Visitor, **which: object) -> ShareLink:
    link = ShareLink.objects.select_related("document").filter(still_valid(), **which).first()
    if link is None or link.document.trashed_at is not None:
        raise NotFound(gettext("This link is not valid, or no longer: ask whoever sent it for another."))
    if visitor.is_known:
        person = {"user": visitor.user} if visitor.user else {"guest": visitor.guest}
        _, is_new = LinkUse.objects.get_or_create(link=link, **person)
        if is_new:
            live.ask_again(link.document_id)
    return link


def guest_name(link_id: UUID) -> str:
    """What to call somebody who says nothing: "Guest 4" where three guests have come to the document before."""
    before = LinkUse.objects.filter(guest__isnull=False, link__document__links=link_id).values("guest").distinct()
    return gettext("Guest %(n)s") % {"n": before.count() + 1}


def welcome_guest(name: str) -> Guest:
    """Somebody without an account, by the name they chose. Raises Refused for a name that is none."""
    return Guest.objects.create(name=clean_name(name, what=gettext("A name"), limit=NAME_LIMIT))
