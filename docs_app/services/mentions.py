"""Whom and what a text may mention, and what its mentions are called for whoever reads it.

Nobody learns of an account or a document by this that they could not learn of otherwise. Who may write here and has an
account is told who else has access. Who may share finds anybody, but by their whole username or address, as the share
dialog does. Documents are those that one may open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from docs_app import queries
from docs_app.access import Claim, Visitor, can, document_for, levels
from docs_app.content.mentions import Known, mentioned
from docs_app.content.nodes import Node
from docs_app.errors import Refused
from docs_app.models import Document, User
from docs_app.services.sharing import person_called

MOST_PEOPLE = 8
MOST_DOCUMENTS = 6


@dataclass(frozen=True, slots=True)
class Offer:
    """What letters may mean. `stranger` has no access yet, and is there for who may share."""

    people: list[User] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    stranger: User | None = None


def offer(*, document: Document, letters: str, by: Visitor) -> Offer:
    """People with access and documents that the letters may mean, the likeliest first. Guests are offered none."""
    document, level = document_for(by, document.id, "edit")
    if by.user is None:
        return Offer()
    letters = letters.strip()
    here = list(queries.people_with_access(document))
    titled = queries.visible_to(by.user).exclude(pk=document.pk).filter(title__icontains=letters).order_by("-edited_at")
    stranger = _stranger(letters, here) if can(level, "share") else None
    return Offer(_ranked(here, letters)[:MOST_PEOPLE], list(titled[:MOST_DOCUMENTS]), stranger)


def _ranked(people: Iterable[User], letters: str) -> list[User]:
    """Those whose name begins with the letters, then those in whose name another word does."""
    names = {person: f" {person.shown_name}".casefold() for person in people}
    start = f" {letters}".casefold()
    meant = [person for person, name in names.items() if start in name]
    return sorted(meant, key=lambda person: (not names[person].startswith(start), names[person]))


def _stranger(letters: str, here: Collection[User]) -> User | None:
    """Whoever has just this username or address, as the share dialog would find them."""
    try:
        person = person_called(letters) if letters else None
    except Refused:
        return None
    return None if person in here else person


def titles_for(visitor: Visitor, document_ids: Collection[UUID]) -> dict[str, str]:
    """The titles of those that the visitor may open, by id, in few queries however many."""
    found = {row.id: row for row in Document.objects.filter(pk__among=list(document_ids))} if document_ids else {}
    user_id = visitor.user.pk if visitor.user else None
    guest_id = visitor.guest.pk if visitor.guest else None
    held = levels([Claim(document_id, user_id, guest_id) for document_id in found], found)
    return {str(row.id): row.title for row, level in zip(found.values(), held, strict=True) if can(level, "read")}


def known_to(reader: Visitor, document: Document, *texts: Node) -> Known:
    """What the reader of valid texts of this document sees of their mentions, and in which language."""
    people, documents = (set().union(*found) for found in zip(*map(mentioned, texts), strict=True))
    names = {}
    if people and reader.user is not None:
        here = queries.people_with_access(document)
        names = {person.principal: person.shown_name for person in here if person.principal in people}
    return Known(names, titles_for(reader, [UUID(document_id) for document_id in documents]), _in_words, gettext)


def _in_words(day: date) -> str:
    """As the page writes it (static/src/editor/mentions/days.ts)."""
    return date_format(day, "j F Y" if (get_language() or "en").startswith("en") else "DATE_FORMAT")
