"""What the editor asks while people and documents are mentioned. All answers are JSON; a refusal is its `sentence`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from docs_app.access import colour_of, visitor_of
from docs_app.errors import Refused
from docs_app.forms import PersonForm
from docs_app.models import User
from docs_app.models.sharing import PERSON_LEVELS
from docs_app.services import mentions as service
from docs_app.services import sharing
from docs_app.views.lookup import Request, find_document

LONGEST = 100  # characters that anything is looked for by
MOST_TITLES = 100


@require_GET
def mentionable(request: Request, document_id: UUID) -> HttpResponse:
    """Whom and what the letters `q` may mean: `people`, `documents`, and a `stranger` with the `roles` they may get."""
    try:
        found = find_document(request, document_id, "edit")
        offer = service.offer(document=found.document, letters=request.GET.get("q", "")[:LONGEST], by=found.visitor)
    except Refused as error:
        return JsonResponse({"sentence": str(error)}, status=error.status)
    return JsonResponse(
        {
            "people": [_person(person) for person in offer.people],
            "documents": [{"id": str(row.id), "title": row.title} for row in offer.documents],
            "stranger": _person(offer.stranger) if offer.stranger else None,
            "roles": PERSON_LEVELS if offer.stranger else [],
        }
    )


@require_POST
def let_in(request: Request, document_id: UUID) -> HttpResponse:
    """Give somebody a role who is to be mentioned; who that is."""
    try:
        found = find_document(request, document_id, "share")
        form = PersonForm(request.POST)
        if not form.is_valid():
            raise Refused(gettext("There is no such role."))
        membership = sharing.share_with(document=found.document, by=found.visitor, **form.cleaned_data)
    except Refused as error:
        return JsonResponse({"sentence": str(error)}, status=error.status)
    return JsonResponse(_person(membership.user), status=201)


@require_GET
def titles(request: Request) -> HttpResponse:
    """The titles of the documents `of` (ids with commas between them) that whoever asks may open, by id."""
    ids = [document_id for word in request.GET.get("of", "").split(",")[:MOST_TITLES] if (document_id := _uuid(word))]
    return JsonResponse(service.titles_for(visitor_of(request), ids))


def _person(person: User) -> dict[str, Any]:
    return {"id": person.principal, "name": person.shown_name, "colour": colour_of(person.principal)}


def _uuid(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
