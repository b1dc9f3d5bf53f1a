"""Who somebody is, and what they may do with a document: the one table of rights and the one lookup that is the check.

Everything that touches a document on somebody's behalf begins with `document_for`; without it there is no document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext

from docs_app.errors import NotAllowed, NotFound
from docs_app.levels import Level
from docs_app.models import AmongPairs, Document, Guest, LinkUse, Membership, User
from docs_app.models.sharing import still_valid

RIGHTS: Mapping[str, Level] = {
    "read": Level.VIEW,
    "export": Level.VIEW,
    "comment": Level.COMMENT,
    "edit": Level.EDIT,
    "rename": Level.EDIT,
    "history": Level.EDIT,
    "snapshot": Level.EDIT,
    "restore": Level.EDIT,
    "moderate": Level.OWN,
    "share": Level.OWN,
    "trash": Level.OWN,
    "untrash": Level.OWN,
    "delete": Level.OWN,
}
"""Each action with the least level that may do it (docs/permissions.md)."""

IN_TRASH = frozenset({"read", "export", "untrash", "delete"})
"""What an owner may still do with a document in the trash. Everybody else does not see it at all."""

# Dark enough for white text (contrast 4.5 and more), apart from each other in hue. tokens.css has a class for each.
COLOURS = (
    "#b3261e", "#a8480b", "#8a5a00", "#5f6b00", "#2e7d32", "#00796b", "#00738f", "#1565c0",
    "#3f51b5", "#5e35b1", "#8e24aa", "#ad1457", "#6d4c41", "#455a64", "#7a4f9c", "#a0413f",
)  # fmt: skip


def colour_of(principal: str) -> str:
    """A principal's colour, the same everywhere and for ever: "#rrggbb", for white text."""
    return COLOURS[hashlib.sha256(principal.encode()).digest()[0] % len(COLOURS)]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever is asking: an account, a guest who came by a link (or both, signed in since), or nobody known."""

    user: User | None = None
    guest: Guest | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.user or self.guest)

    @property
    def principal(self) -> str:
        """ "user:<pk>", "guest:<uuid>", or "" for nobody known."""
        person = self.user or self.guest
        return person.principal if person else ""

    @property
    def name(self) -> str:
        person = self.user or self.guest
        return person.shown_name if person else ""

    @property
    def colour(self) -> str:
        return colour_of(self.principal)


NOBODY = Visitor()


def visitor_of(source: HttpRequest | Mapping[str, Any]) -> Visitor:
    """Who is behind a request, or behind the scope of a WebSocket, by the session alone. Reads the database."""
    if isinstance(source, HttpRequest):
        user, session = getattr(source, "user", None), getattr(source, "session", {})
    else:
        user, session = source.get("user"), source.get("session") or {}
    return Visitor(user if user is not None and user.is_authenticated else None, _guest(session.get("guest_id")))


def _guest(guest_id: str | None) -> Guest | None:
    return Guest.objects.filter(pk=guest_id).first() if guest_id else None


class Claim(NamedTuple):
    """A person (as a user, as a guest, or as both) and a document."""

    document_id: UUID
    user_id: int | None
    guest_id: UUID | None


_Roles = dict[tuple[UUID, str], int]


def levels(claims: Collection[Claim], documents: Mapping[UUID, Document]) -> list[Level]:
    """What each claim amounts to now, in two queries however many. A document not in `documents` is gone.

    Whether a link has expired is told by the database's clock: all servers agree, whatever theirs say.
    """
    users = {claim.user_id for claim in claims} - {None}
    guests = {claim.guest_id for claim in claims} - {None}
    roles: _Roles = {}
    if users:
        _collect_memberships(roles, claims)
    if users or guests:
        _collect_links(roles, users, guests)
    return [_level(claim, documents.get(claim.document_id), roles) for claim in claims]


def _collect_memberships(roles: _Roles, claims: Collection[Claim]) -> None:
    pairs = {(claim.document_id, claim.user_id) for claim in claims if claim.user_id is not None}
    rows = Membership.objects.filter(AmongPairs(("document_id", "user_id"), list(pairs)))
    for document_id, user_id, level in rows.values_list("document_id", "user_id", "level"):
        _raise_to(roles, (document_id, f"user:{user_id}"), level)


def _collect_links(roles: _Roles, users: Collection[int | None], guests: Collection[UUID | None]) -> None:
    by_us = Q(user__among=users) | Q(guest__among=guests)
    rows = LinkUse.objects.filter(by_us, still_valid("link__"))  # people come by few links
    for document_id, user_id, guest_id, level in rows.values_list(
        "link__document_id", "user_id", "guest_id", "link__level"
    ):
        _raise_to(roles, (document_id, f"user:{user_id}" if user_id else f"guest:{guest_id}"), level)


def _raise_to(roles: _Roles, whose: tuple[UUID, str], level: int) -> None:
    roles[whose] = max(level, roles.get(whose, Level.NONE))


def _level(claim: Claim, document: Document | None, roles: _Roles) -> Level:
    if document is None:
        return Level.NONE
    if claim.user_id is not None and claim.user_id == document.owner_id:
        return Level.OWN
    identities = f"user:{claim.user_id}", f"guest:{claim.guest_id}"
    level = Level(max(roles.get((claim.document_id, who), Level.NONE) for who in identities))
    return Level.NONE if document.trashed_at is not None and level < Level.OWN else level


def level_for(visitor: Visitor, document: Document) -> Level:
    """The highest of what ownership, membership and valid links give. In the trash only owners keep theirs."""
    claim = Claim(document.id, visitor.user.pk if visitor.user else None, visitor.guest.pk if visitor.guest else None)
    return levels([claim], {document.id: document})[0]


def can(level: int, action: str) -> bool:
    """Whether `level` suffices for an action of RIGHTS (which need not be possible now: see `document_for`)."""
    return level >= RIGHTS[action]


def document_for(visitor: Visitor, document_id: UUID, action: str) -> tuple[Document, Level]:
    """The document, if this visitor may do this with it, and their level.

    Raises NotFound where there is none or nothing they may know of, NotAllowed where they may see it but not do this.
    """
    document = Document.objects.select_related("owner").filter(pk=document_id).first()
    level = level_for(visitor, document) if document else Level.NONE
    if document is None or not can(level, "read"):
        raise NotFound(gettext("There is no such document, or it is not shared with you."))
    if not can(level, action):
        raise NotAllowed(
            gettext("This takes the role %(needed)s; yours is %(held)s.")
            % {"needed": RIGHTS[action].label, "held": level.label}
        )
    if document.trashed_at is not None and action not in IN_TRASH:
        raise NotAllowed(gettext("This document is in the trash: take it out first."))
    return document, level
