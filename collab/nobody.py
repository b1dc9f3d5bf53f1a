"""Pages for a process that serves none: a command edits documents, but shows nothing and lets nobody in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from collab.errors import CollabError, Forbidden
from collab.ports import Grant, Person, Readers


class NoPages:
    """Implements collab.ports.Pages by refusing."""

    schema_version = 0

    async def authorize(self, scope: Mapping[str, Any], document_id: UUID) -> Grant:
        raise Forbidden("This process takes no connections.")

    async def recheck(self, grants: Sequence[tuple[UUID, Grant]]) -> Sequence[Grant | CollabError]:
        return [Forbidden("This process takes no connections.") for _ in grants]

    async def render(self, document_id: UUID, topic: str, readers: Readers, people: Sequence[Person]) -> str:
        return ""

    async def submit(self, document_id: UUID, grant: Grant, fields: Mapping[str, str]) -> str:
        raise Forbidden("This process takes no forms.")

    async def edited(self, authors: Mapping[UUID, str]) -> None:
        return None
