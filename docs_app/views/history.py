"""Looking at a kept state of a document, bringing it back, and going on from it elsewhere."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from docs_app.content.render import to_html
from docs_app.services import history as service
from docs_app.services.mentions import known_to
from docs_app.views.lookup import Request, find_document, signed_in


@require_GET
def snapshot(request: Request, document_id: UUID, snapshot_id: UUID) -> HttpResponse:
    """What the document was, and what has been changed since: beside the text for htmx, else a page."""
    found = find_document(request, document_id, "history")
    row = service.find_snapshot(found.document, snapshot_id)
    was = service.preview(found.document, row.id)
    known = known_to(found.visitor, found.document, was)
    context = {
        "document": found.document,
        "level": found.level,
        "visitor": found.visitor,
        "snapshot": row,
        "text": mark_safe(to_html(was, known=known)),  # noqa: S308 - rendered by content.render
        "changes": service.compare_with_now(found.document, row.id, found.visitor),
    }
    return render(request, "history/_preview.html" if request.htmx else "history/snapshot.html", context)


@require_POST
def restore(request: Request, document_id: UUID, snapshot_id: UUID) -> HttpResponse:
    """Make the live text what it was; for htmx the preview goes, and a toast says so."""
    found = find_document(request, document_id, "restore")
    has_changed = service.restore(document=found.document, snapshot_id=snapshot_id, by=found.visitor)
    said = (
        gettext("Restored. The text before it is kept in the history.")
        if has_changed
        else gettext("The text is the same already.")
    )
    if request.htmx:
        return render(request, "documents/_notice.html", {"text": said, "kind": "info", "oob": True})
    messages.success(request, said)
    return redirect("document", document_id)


@require_POST
def copy(request: Request, document_id: UUID, snapshot_id: UUID) -> HttpResponse:
    """A new document of one's own with the snapshot's text."""
    signed_in(request)
    found = find_document(request, document_id, "history")
    new = service.copy_as_document(document=found.document, snapshot_id=snapshot_id, by=found.visitor)
    return redirect("document", new.id)
