"""Who is let in by a socket, on what grounds, and whether these still hold.

A connection is let in by a session or by a bearer token, and what it was let in by is looked at again every second, for
everybody of a process together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from collab.errors import CollabError, Forbidden, NoSuchDocument, NotSignedIn
from collab.ports import Grant
from docs_app.access import Claim, Visitor, can, level_for, levels, visitor_of
from docs_app.language import known
from docs_app.levels import Level
from docs_app.models import ApiToken, Document, Guest, User
from docs_app.services import tokens

SIGN_IN = "Sign in, or open a link to this document."


@dataclass(frozen=True, slots=True)
class Credential:
    """What a connection was let in by. It holds for as long as all of this does: the poll looks every second."""

    user_id: int | None = None
    guest_id: UUID | None = None
    session_key: str | None = None
    password: str | None = field(default=None, repr=False)  # as it is stored: another one ends the session
    token_id: int | None = None


def must_say_who(scope: Mapping[str, Any]) -> None:
    """Raises NotSignedIn for whoever brings neither a session nor a token. Without the database."""
    session = scope.get("session")
    if not _secret(scope) and (session is None or session.session_key is None):
        raise NotSignedIn(SIGN_IN)


def admit(scope: Mapping[str, Any], document_id: UUID) -> Grant:
    """What a new connection may do. Raises NotSignedIn, or NoSuchDocument, also for others' documents."""
    visitor, credential = _by_token(scope) if _secret(scope) else _by_session(scope)
    if not visitor.is_known:
        raise NotSignedIn(SIGN_IN)
    document = Document.objects.filter(pk=document_id).first()
    level = level_for(visitor, document) if document else Level.NONE
    if document is None or not can(level, "read"):
        raise NoSuchDocument("There is no such document, or it is not shared with you.")
    # Who opens a link again is another guest each time: the guests of one person's documents are counted together.
    crowd = "" if visitor.user else f"guests of {document.owner_id}"
    grant = Grant(
        visitor.principal,
        visitor.name,
        visitor.colour,
        level=0,
        may_write=False,
        credential=credential,
        crowd=crowd,
        language=known(_asked(scope, "language")),
    )
    return _as_held(grant, document, level)


def _as_held(grant: Grant, document: Document, level: Level) -> Grant:
    may_write = can(level, "edit") and document.trashed_at is None
    if (grant.level, grant.may_write) == (level, may_write):
        return grant
    return replace(grant, level=int(level), may_write=may_write)


def _secret(scope: Mapping[str, Any]) -> str:
    """The bearer token of a connection, from the header or, for programs that cannot set one, from the address."""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return str(value[7:].strip().decode("latin-1"))
    return _asked(scope, "token")


def _asked(scope: Mapping[str, Any], name: str) -> str:
    """A parameter of the address, "" where it is missing."""
    asked: dict[str, list[str]] = parse_qs(scope["query_string"].decode("latin-1"))
    return asked.get(name, [""])[0]


def _by_token(scope: Mapping[str, Any]) -> tuple[Visitor, Credential]:
    token = tokens.token_of(_secret(scope))
    if token is None:
        raise NotSignedIn("This token is not valid, or no longer.")
    return Visitor(user=token.user), Credential(user_id=token.user.pk, token_id=token.pk)


def _by_session(scope: Mapping[str, Any]) -> tuple[Visitor, Credential]:
    visitor, session = visitor_of(scope), scope["session"]
    return visitor, Credential(
        user_id=visitor.user.pk if visitor.user else None,
        guest_id=visitor.guest.pk if visitor.guest else None,
        session_key=session.session_key,
        password=visitor.user.password if visitor.user else None,
    )


def renew(grants: Sequence[tuple[UUID, Grant]]) -> list[Grant | CollabError]:
    """What each holds now, or what ends it, in seven queries at most however many there are."""
    credentials = [_credential(grant) for _, grant in grants]
    standing = _Standing.of(credentials)
    ids = {document_id for document_id, _ in grants}
    documents = {each.pk: each for each in Document.objects.only("owner", "trashed_at").filter(pk__among=ids)}
    claims = [
        Claim(document_id, credential.user_id, credential.guest_id)
        for (document_id, _), credential in zip(grants, credentials, strict=True)
    ]
    now: list[Grant | CollabError] = []
    for (document_id, grant), credential, level in zip(grants, credentials, levels(claims, documents), strict=True):
        if document_id not in documents:
            now.append(NoSuchDocument("This document has been deleted."))
        elif can(level, "read") and standing.admits(credential):
            name = standing.name_of(credential)
            named = replace(grant, name=name) if name and name != grant.name else grant
            now.append(_as_held(named, documents[document_id], level))
        else:
            now.append(Forbidden("Your access to this document has ended."))
    return now


def _credential(grant: Grant) -> Credential:
    return cast("Credential", grant.credential)


class _Account(NamedTuple):
    """An active one."""

    shown_name: str
    password: str


_NONE: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class _Standing:
    """What credentials rest on, as the database has it now: active users, guests, live sessions, valid tokens."""

    users: Mapping[int | None, _Account]
    guests: Mapping[UUID | None, str]
    sessions: frozenset[str | None]
    tokens: frozenset[int | None]

    @classmethod
    def of(cls, credentials: Sequence[Credential]) -> _Standing:
        users = {credential.user_id for credential in credentials if credential.user_id is not None}
        guests = {credential.guest_id for credential in credentials if credential.guest_id is not None}
        sessions = {credential.session_key for credential in credentials if credential.session_key is not None}
        tokens = {credential.token_id for credential in credentials if credential.token_id is not None}
        return cls(
            dict(_accounts(users)) if users else {},
            dict(Guest.objects.filter(pk__among=guests).values_list("pk", "name")) if guests else {},
            _keys(Session.objects.filter(pk__among=sessions, expire_date__gt=timezone.now())) if sessions else _NONE,
            _keys(ApiToken.objects.filter(pk__among=tokens, revoked_at=None)) if tokens else _NONE,
        )

    def name_of(self, credential: Credential) -> str:
        """What others see now; "" for who is gone."""
        if credential.user_id is None:
            return self.guests.get(credential.guest_id, "")
        user = self.users.get(credential.user_id)
        return user.shown_name if user else ""

    def admits(self, credential: Credential) -> bool:
        user = self.users.get(credential.user_id)
        return (
            (credential.user_id is None or user is not None)
            and (credential.password is None or (user is not None and user.password == credential.password))
            and (credential.session_key is None or credential.session_key in self.sessions)
            and (credential.token_id is None or credential.token_id in self.tokens)
        )


def _accounts(ids: set[int]) -> Iterator[tuple[int, _Account]]:
    rows = User.objects.filter(pk__among=ids, is_active=True).values_list("pk", "name", "username", "password")
    return ((pk, _Account(name or username, password)) for pk, name, username, password in rows)


def _keys(rows: QuerySet[Any]) -> frozenset[Any]:
    return frozenset(rows.values_list("pk", flat=True))


def visitor_with(grant: Grant) -> Visitor:
    """Who is behind a connection, read anew."""
    credential = _credential(grant)
    user = User.objects.filter(pk=credential.user_id, is_active=True).first() if credential.user_id else None
    return Visitor(user, Guest.objects.filter(pk=credential.guest_id).first() if credential.guest_id else None)
