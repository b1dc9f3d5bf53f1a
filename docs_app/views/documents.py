"""The list of documents, a document's page, and what is done with a document as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from docs_app import access, queries
from docs_app.access import Claim, can
from docs_app.content.nodes import Node
from docs_app.content.render import to_html
from docs_app.content.schema import SCHEMA_VERSION
from docs_app.errors import Refused
from docs_app.forms import SHELVES, NewDocumentForm, SearchForm, TitleForm
from docs_app.language import TEXT_LANGUAGES
from docs_app.models import Direction, Document, User
from docs_app.services import documents as service
from docs_app.services import margin
from docs_app.services.mentions import known_to
from docs_app.views.lookup import Found, Request, find_document, signed_in
from docs_app.views.offline import may_be_kept
from docs_app.views.stepwise import PLACE, Stepwise

PAGE_SIZE = 50
_SHELF_QUERIES = {"mine": queries.documents_of, "shared": queries.shared_with, "trash": queries.trashed_of}


@require_GET
def documents(request: Request) -> HttpResponse:
    """One shelf of the list; only its rows for htmx, which searches while one types."""
    user = signed_in(request)
    form = SearchForm(request.GET)
    form.is_valid()
    show, search = form.cleaned_data.get("show", "mine"), form.cleaned_data.get("q", "")
    found = _SHELF_QUERIES[show](user).filter(title__icontains=search)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "show": show,
        "search": search,
        "heading": SHELVES[show],
        "shelves": SHELVES.items(),
        "page": page,
        "rows": _rows(user, list(page)),
    }
    if request.htmx:
        return render(request, "documents/_rows.html", context)
    answer = render(request, "documents/list.html", context)
    is_plain = show != "trash" and not search and page.number == 1
    return may_be_kept(answer, user) if is_plain else answer


def _rows(user: User, found: list[Document]) -> list[dict[str, Any]]:
    """Each document with who edited it last and what the user is to it, in as many queries for fifty as for one."""
    names = queries.names_of({document.edited_by for document in found if document.edited_by})
    claims = [Claim(document.id, user.pk, None) for document in found]
    levels = access.levels(claims, {document.id: document for document in found})
    return [
        {"document": document, "edited_by": names.get(document.edited_by, ""), "level": level}
        for document, level in zip(found, levels, strict=True)
    ]


@require_POST
def new_document(request: Request) -> HttpResponse:
    user = signed_in(request)
    form = NewDocumentForm(request.POST)
    form.is_valid()
    if "content" in form.errors:
        raise Refused(gettext("This is not a text as the editor writes it."))
    title, content = form.cleaned_data.get("title", ""), form.cleaned_data.get("content", "")
    if content:
        return redirect("document", service.create_from_json(owner=user, title=title, content=content).id)
    return redirect("document", service.create_document(owner=user, title=title).id)


@require_GET
def document(request: Request, document_id: UUID) -> HttpResponseBase:
    """The page to read and write on: whole without a script, and the first paint with one."""
    found = find_document(request, document_id, "read")
    # The one place where HTML that is not a template's goes into a page: content.render escapes, and nh3 checks it.
    text = service.tree_later(found.document.id)
    context: dict[str, Any] = {
        "text": PLACE,
        "config": _page_config(found),
        "visitor": found.visitor,
        "text_languages": TEXT_LANGUAGES.items(),
        "text_directions": Direction.choices,
    }
    for topic in margin.TEMPLATES:
        context |= margin.context(topic, found.document, found.level)
    page = render_to_string("documents/document.html", context, request)
    answer = Stepwise(page, lambda: _html(text(), found))
    # A guest's browser may be anybody's, and has no sign-out that would clear it.
    return may_be_kept(answer, found.visitor.user) if found.visitor.user else answer


def _html(text: Node, found: Found) -> str:
    return to_html(text, comments=True, known=known_to(found.visitor, found.document, text), is_settled=True)


def _page_config(found: Found) -> dict[str, Any]:
    is_live = found.document.trashed_at is None
    return {
        "documentId": str(found.document.id),
        "principal": found.visitor.principal,
        "name": found.visitor.name,
        "colour": found.visitor.colour,
        "level": int(found.level),
        "mayWrite": is_live and can(found.level, "edit"),
        "mayComment": is_live and can(found.level, "comment"),
        "schema": SCHEMA_VERSION,
        "title": found.document.title,
        "largestUpload": settings.UPLOAD_BYTES,
    }


@require_GET
def export(request: Request, document_id: UUID, format: str) -> HttpResponse:
    """The document as a file."""
    if format not in service.FORMATS:
        raise Http404
    found = find_document(request, document_id, "export")
    media_type, text = service.export(found.document, format, found.visitor)
    name = found.document.title.replace("/", "-").replace("\\", "-")
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{format}") or "attachment"
    return HttpResponse(text, content_type=media_type, headers={"Content-Disposition": disposition})


@require_POST
def rename(request: Request, document_id: UUID) -> HttpResponse:
    found = find_document(request, document_id, "rename")
    form = TitleForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["title"])))
        return _back_to_the_list(request)
    try:
        service.rename_document(document=found.document, title=form.cleaned_data["title"], by=found.visitor)
    except Refused as error:
        messages.error(request, str(error))
    return _back_to_the_list(request)


@require_POST
def trash(request: Request, document_id: UUID) -> HttpResponse:
    found = find_document(request, document_id, "trash")
    service.trash_document(document=found.document, by=found.visitor)
    messages.success(request, gettext("“%(title)s” is in the trash.") % {"title": found.document.title})
    return _back_to_the_list(request)


@require_POST
def untrash(request: Request, document_id: UUID) -> HttpResponse:
    found = find_document(request, document_id, "untrash")
    service.untrash_document(document=found.document, by=found.visitor)
    messages.success(request, gettext("“%(title)s” is out of the trash.") % {"title": found.document.title})
    return _back_to_the_list(request)


@require_POST
def delete(request: Request, document_id: UUID) -> HttpResponse:
    found = find_document(request, document_id, "delete")
    service.delete_document(document=found.document, by=found.visitor)
    messages.success(request, gettext("“%(title)s” is deleted for ever.") % {"title": found.document.title})
    return _back_to_the_list(request)


def _back_to_the_list(request: Request) -> HttpResponse:
    show = request.POST.get("show", "")
    return redirect(reverse("documents") + (f"?show={show}" if show in SHELVES else ""))
