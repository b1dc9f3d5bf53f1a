"""Documents, their text and their snapshots, for programs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from ninja.errors import HttpError

from docs_app import queries
from docs_app.access import Claim, Visitor, document_for, levels
from docs_app.api.shapes import (
    DocumentPage,
    DocumentShape,
    Format,
    NewDocument,
    NewSnapshot,
    Problem,
    Restored,
    SnapshotShape,
    Written,
)
from docs_app.content.losses import NotOfSchema
from docs_app.levels import Level
from docs_app.models import User
from docs_app.services import documents, history
from docs_app.services.history import SnapshotRow
from docs_app.services.writing import TooMany, write_text


class ApiRequest(HttpRequest):
    """A request that has come with a valid token: `auth` is whose."""

    auth: User


router = Router(tags=["documents"])
_PROBLEMS = dict.fromkeys((400, 401, 403, 404, 413, 422, 503), Problem)
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=2**31)]


@router.get("", response={200: DocumentPage, 401: Problem, 422: Problem}, summary="List documents")
def list_documents(request: ApiRequest, limit: Limit = 50, offset: Offset = 0) -> DocumentPage:
    """Yours and those shared with you, last edited first, without the trash."""
    rows = queries.visible_to(request.auth).order_by("-edited_at", "pk")
    page = {row.id: row for row in rows[offset : offset + limit]}
    held = levels([Claim(document_id, request.auth.pk, None) for document_id in page], page)
    items = [DocumentShape.of(row, level) for row, level in zip(page.values(), held, strict=True)]
    return DocumentPage(items=items, count=rows.count())


@router.post("", response={201: DocumentShape, **_PROBLEMS}, summary="Create a document")
def create(request: ApiRequest, new: NewDocument) -> Status[DocumentShape]:
    """Empty, or with the text that `markdown` says."""
    document = documents.create_document(owner=request.auth, title=new.title, markdown=new.markdown)
    return Status(201, DocumentShape.of(document, Level.OWN))


@router.get("/{document_id}", response={200: DocumentShape, **_PROBLEMS}, summary="Look at a document")
def look(request: ApiRequest, document_id: UUID) -> DocumentShape:
    return DocumentShape.of(*document_for(Visitor(request.auth), document_id, "read"))


@router.get("/{document_id}/content", response={200: str, **_PROBLEMS}, summary="Read the text")
def content(request: ApiRequest, document_id: UUID, format: Format = "json") -> HttpResponse:
    """As it is now, with what people have typed up to this moment. `json` is ProseMirror's document JSON."""
    document, _ = document_for(Visitor(request.auth), document_id, "export")
    media_type, text = documents.export(document, format, Visitor(request.auth))
    return HttpResponse(text, content_type=media_type)


@router.put(
    "/{document_id}/content",
    response={200: str, **_PROBLEMS},
    summary="Write the text",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {}, "text/markdown": {}}}},
)
def write(request: ApiRequest, document_id: UUID, format: Written = "json") -> HttpResponse:
    """The whole of it, in the smallest edit that merges with what people are typing; the state before is kept.

    Send what reading gives, changed; the answer is what reading gives then. Comments stay on text that stays. JSON that
    the schema does not allow is refused, with what is wrong; Markdown is always a document, but says less.
    """
    document, _ = document_for(Visitor(request.auth), document_id, "edit")
    try:
        text = request.body.decode()
    except UnicodeDecodeError as error:
        raise HttpError(400, "A text is sent as UTF-8.") from error
    try:
        write_text(document=document, text=text, is_markdown=format == "md", by=Visitor(request.auth))
    except NotOfSchema as error:
        raise HttpError(422, str(error)) from error
    except TooMany as error:
        raise HttpError(413, str(error)) from error
    return content(request, document_id, format)


@router.get("/{document_id}/snapshots", response={200: list[SnapshotShape], **_PROBLEMS}, summary="List snapshots")
def list_snapshots(request: ApiRequest, document_id: UUID) -> list[SnapshotRow]:
    """Newest first."""
    document, _ = document_for(Visitor(request.auth), document_id, "history")
    return history.list_snapshots(document)


@router.post("/{document_id}/snapshots", response={201: SnapshotShape, **_PROBLEMS}, summary="Keep a snapshot")
def keep_snapshot(request: ApiRequest, document_id: UUID, new: NewSnapshot) -> Status[SnapshotRow]:
    """Keep the text as it is now under a name."""
    document, _ = document_for(Visitor(request.auth), document_id, "snapshot")
    return Status(201, history.name_version(document=document, name=new.name, by=Visitor(request.auth)))


@router.post(
    "/{document_id}/snapshots/{snapshot_id}/restore",
    response={200: Restored, **_PROBLEMS},
    summary="Restore a snapshot",
)
def restore(request: ApiRequest, document_id: UUID, snapshot_id: UUID) -> Restored:
    """Make the text what it was, in one edit that merges with what people are typing; the state before is kept."""
    document, _ = document_for(Visitor(request.auth), document_id, "restore")
    return Restored(changed=history.restore(document=document, snapshot_id=snapshot_id, by=Visitor(request.auth)))
