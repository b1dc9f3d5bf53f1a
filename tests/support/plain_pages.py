"""A product small enough to see through, for tests of the engine alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from collab.errors import CollabError, Forbidden
from collab.ports import Grant, Person, Readers

LEVELS = {"viewer": (10, False), "commenter": (20, False), "editor": (40, True)}


class PlainPages:
    """A product without pages: everybody has the grant of their scope; fragments are the topic and the names."""

    schema_version = 1

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.levels: dict[str, str] = {}
        self.languages: dict[str, str] = {}
        self.reported: list[str] = []

    def grant(self, principal: str) -> Grant:
        level, may_write = LEVELS[self.levels.get(principal, "editor")]
        language = self.languages.get(principal, "")
        return Grant(principal, principal.title(), "#123456", level, may_write, language=language)

    async def authorize(self, scope: Mapping[str, Any], document_id: UUID) -> Grant:
        return self.grant(scope["principal"])

    async def recheck(self, grants: Sequence[tuple[UUID, Grant]]) -> Sequence[Grant | CollabError]:
        ended = Forbidden("It has ended.")
        return [ended if grant.principal in self.gone else self.grant(grant.principal) for _, grant in grants]

    async def render(self, document_id: UUID, topic: str, readers: Readers, people: Sequence[Person]) -> str:
        language = f" in {readers.language}" if readers.language else ""
        return f"{topic}@{readers.level}{language}: {', '.join(person.name for person in people)}"

    async def submit(self, document_id: UUID, grant: Grant, fields: Mapping[str, str]) -> str:
        return f"{grant.principal}: {dict(fields)}"

    async def edited(self, authors: Mapping[UUID, str]) -> None:
        self.reported.extend(authors.values())
