"""The cast of every story about rights: alice owns, bob edits, carol comments, dave views, eve is a stranger, gail is a
guest who came by a link."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from collab.api import create
from docs_app.access import Visitor
from docs_app.levels import Level
from docs_app.models import Document, Guest, LinkUse, Membership, ShareLink, User

ROLES = {"bob": Level.EDIT, "carol": Level.COMMENT, "dave": Level.VIEW}


def account(name: str) -> User:
    """The account called `name`, made on first asking: bob is "Bob" of bob@example.org."""
    found = User.objects.filter(username=name).first()
    return found or User.objects.create_user(name, f"{name}@example.org", "a password", name=name.title())


def visitor(name: str) -> Visitor:
    return Visitor(user=account(name))


def link_to(document: Document, level: Level, expires_at: datetime | None = None) -> ShareLink:
    token_hash = sha256(uuid4().bytes).hexdigest()
    return ShareLink.objects.create(
        document=document, level=level, token_hash=token_hash, created_by=document.owner, expires_at=expires_at
    )


def guest(document: Document, level: Level = Level.VIEW, name: str = "Gail") -> Visitor:
    """A guest who has come to `document` by a link of its own."""
    person = Guest.objects.create(name=name)
    LinkUse.objects.create(link=link_to(document, level), guest=person)
    return Visitor(guest=person)


def document_of_alice(title: str = "Minutes") -> Document:
    """Alice's empty document, with the cast in their roles, in the log too."""
    document = Document.objects.create(title=title, owner=account("alice"))
    create(document.id)
    for name, level in ROLES.items():
        Membership.objects.create(document=document, user=account(name), level=level)
    return document


def somebody(name: str, document: Document) -> Visitor:
    """One of the cast by name; "gail" is a guest with a link to read, "nobody" is not known at all."""
    if name == "nobody":
        return Visitor()
    return guest(document) if name == "gail" else visitor(name)
