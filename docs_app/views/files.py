"""Files of a document: sent by whoever may write in it, read by whoever may read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.files import File
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from docs_app.access import visitor_of
from docs_app.errors import Refused
from docs_app.forms import UploadForm
from docs_app.models import Upload
from docs_app.services import uploads as service
from docs_app.views.lookup import Request, find_document

_PIECE = 256 * 1024  # bytes


@require_POST
def upload(request: Request, document_id: UUID) -> HttpResponse:
    """Where the file is, as JSON: `src`, `name`, `size` (bytes), of a picture `width` and `height` (pixels).

    A refusal is JSON as well: its `sentence`.
    """
    try:
        found = find_document(request, document_id, "edit")
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            raise Refused(gettext("There is no file in this request."))
        file = form.cleaned_data["file"]
        keep = service.keep_picture if form.cleaned_data["kind"] == "image" else service.keep_file
        kept = keep(document=found.document, by=found.visitor, sent=service.Sent(file.name, file.read()))
    except Refused as error:
        return JsonResponse({"sentence": str(error)}, status=error.status)
    return JsonResponse(_shape(kept), status=201)


def _shape(upload: Upload) -> dict[str, Any]:
    return {
        "src": upload.address,
        "name": upload.name,
        "size": upload.size,
        "width": upload.width,
        "height": upload.height,
    }


@require_safe
def file(request: Request, file_id: UUID) -> HttpResponseBase:
    """The file's bytes: a picture to be shown, anything else to be saved, and nothing ever to be run.

    Browsers may keep it, and ask each time whether they still may show it.
    """
    found = service.find_upload(visitor_of(request), file_id)
    answer: HttpResponseBase | None = get_conditional_response(request, etag=f'"{found.checksum}"')
    if answer is None:
        answer = StreamingHttpResponse(_Pieces(service.open_upload(found)), content_type=found.media_type)
        answer["Content-Length"] = str(found.size)
    answer["ETag"] = f'"{found.checksum}"'
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = content_disposition_header(not found.is_picture, found.name) or "attachment"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


class _Pieces:
    """A stored file, read outside of the event loop and never held as a whole. Django closes it."""

    def __init__(self, file: File[bytes]) -> None:
        self._file = file

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await sync_to_async(self._file.read, thread_sensitive=False)(_PIECE):
            yield piece

    def close(self) -> None:
        self._file.close()
