"""A document that disagrees with itself, repaired without losing anything: its rows are copied to a file first."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from collab import api
from collab.errors import CollabError, NoSuchDocument, Unavailable
from docs_app.errors import NotFound, NotNow, Refused
from docs_app.services.backup import copy_of_document


def plan(document_id: UUID, *, without: str, since: int) -> api.Plan:
    """What could be done; also without what the principal `without` wrote from entry `since` on. Raises NotFound."""
    try:
        return api.plan(document_id, without=without, since=since)
    except NoSuchDocument as error:
        raise NotFound("There is no such document.") from error


def carry_out(plan: api.Plan, path: Path) -> None:
    """Do it, with the rows as they were in a new file at `path`. Raises Refused or NotNow, and then nothing changes."""
    copy_of_document(path, plan.document_id)
    try:
        api.carry_out(plan)
    except Unavailable as error:
        path.unlink()
        raise NotNow(str(error)) from error
    except CollabError as error:
        path.unlink()
        raise Refused(str(error)) from error
