"""What the product answers the engine: who may connect, what pages show beside the text, and the forms they send.

Implements collab.ports.Pages. The engine's questions come on the event loop and are answered in threads of our own: the
engine's threads must stay free, for what we do in ours may wait for the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import Error as DatabaseFailure
from django.utils import translation

from collab.errors import CollabError, Unavailable
from collab.ports import Grant, Person, Readers
from collab.threads import Threads
from docs_app.content.schema import SCHEMA_VERSION
from docs_app.errors import NotNow, Refused, is_outage
from docs_app.models import Document
from docs_app.services import documents, margin
from docs_app.socket import admission, forms

T = TypeVar("T")
_threads = Threads(8, "pages")


class DocumentPages:
    """Implements collab.ports.Pages."""

    schema_version = SCHEMA_VERSION

    async def authorize(self, scope: Mapping[str, Any], document_id: UUID) -> Grant:
        """Raises NotSignedIn, or NoSuchDocument, which is also what strangers are told of others' documents."""
        admission.must_say_who(scope)  # strangers come by the thousand: they are not worth a thread
        return await _in_a_thread(admission.admit, scope, document_id)

    async def recheck(self, grants: Sequence[tuple[UUID, Grant]]) -> Sequence[Grant | CollabError]:
        return await _in_a_thread(admission.renew, grants)

    async def render(self, document_id: UUID, topic: str, readers: Readers, people: Sequence[Person]) -> str:
        return await _in_a_thread(_render, document_id, topic, readers, people)

    async def submit(self, document_id: UUID, grant: Grant, fields: Mapping[str, str]) -> str:
        """A form of the page; "" when all is well (everybody gets the new fragment), else a notice of why not."""
        return await _in_a_thread(_submit, document_id, grant, fields)

    async def edited(self, authors: Mapping[UUID, str]) -> None:
        await _in_a_thread(documents.note_edits, authors)


async def _in_a_thread(work: Callable[..., T], *args: Any) -> T:
    try:
        return await _threads.run(work, *args)
    except DatabaseFailure as error:
        if not is_outage(error):
            raise
        raise Unavailable("The database does not answer.") from error


def _render(document_id: UUID, topic: str, readers: Readers, people: Sequence[Person]) -> str:
    document = Document.objects.select_related("owner").filter(pk=document_id).first()
    try:
        with translation.override(readers.language):
            return margin.fragment(topic, document, readers.level, people) if document else ""
    except NotNow as error:
        raise Unavailable(str(error)) from error


def _submit(document_id: UUID, grant: Grant, fields: Mapping[str, str]) -> str:
    with translation.override(grant.language):
        try:
            forms.submit(admission.visitor_with(grant), document_id, fields)
        except Refused as error:
            return margin.notice(str(error))
    return ""
