"""The share dialog: a fragment with htmx, a page without. A change applies at once, and the whole is shown again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from docs_app import queries
from docs_app.access import can, level_for, visitor_of
from docs_app.errors import NotFound, Refused
from docs_app.forms import LinkForm, PersonForm, RoleForm
from docs_app.models import Document
from docs_app.models.sharing import PERSON_LEVELS
from docs_app.services import sharing as service
from docs_app.views.lookup import Request, find_document
from docs_app.views.refusals import blame


@require_GET
def share(request: Request, document_id: UUID) -> HttpResponse:
    return _dialog(request, find_document(request, document_id, "share").document)


@require_POST
def share_people(request: Request, document_id: UUID) -> HttpResponse:
    """Give somebody a role."""
    found = find_document(request, document_id, "share")
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            service.share_with(document=found.document, by=found.visitor, **form.cleaned_data)
        except Refused as error:
            blame(form, "who", error)
        else:
            return _shared(request, found.document)
    return _dialog(request, found.document, status=422, person_form=form)


@require_POST
def share_person(request: Request, document_id: UUID, membership_id: int) -> HttpResponse:
    """Change somebody's role, or take it; their own may be given up by everybody."""
    found = find_document(request, document_id, "read")
    membership = queries.people_of(found.document).filter(pk=membership_id).first()
    if membership is None:
        raise NotFound(gettext("This person has no role here any more."))
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Refused(gettext("There is no such role."))
    if level := form.cleaned_data["level"]:
        service.change_level(membership=membership, level=level, by=found.visitor)
    else:
        service.remove_person(membership=membership, by=found.visitor)
    return _shared(request, found.document)


@require_POST
def share_links(request: Request, document_id: UUID) -> HttpResponse:
    """Make a link. Its address is shown in this answer and never again, so there is no redirect."""
    found = find_document(request, document_id, "share")
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            link, token = service.create_link(
                document=found.document,
                level=form.cleaned_data["level"],
                label=form.cleaned_data["label"],
                expires_at=form.expires_at,
                by=found.visitor,
            )
        except Refused as error:
            blame(form, "label", error)
        else:
            address = request.build_absolute_uri(reverse("open_link", args=[token]))
            return _dialog(request, found.document, made=link, address=address)
    return _dialog(request, found.document, status=422, link_form=form)


@require_POST
def revoke_link(request: Request, document_id: UUID, link_id: UUID) -> HttpResponse:
    found = find_document(request, document_id, "share")
    link = queries.links_of(found.document).filter(pk=link_id).first()
    if link is None:
        raise NotFound(gettext("This link is revoked already."))
    service.revoke_link(link=link, by=found.visitor)
    return _shared(request, found.document)


def _shared(request: Request, document: Document) -> HttpResponse:
    if not can(level_for(visitor_of(request), document), "share"):  # they have just given it up
        return HttpResponseClientRedirect(reverse("documents")) if request.htmx else redirect("documents")
    return _dialog(request, document) if request.htmx else redirect("share", document.id)


def _dialog(request: Request, document: Document, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "document": document,
        "people": queries.people_of(document),
        "links": queries.links_of(document),
        "roles": PERSON_LEVELS,
        "person_form": PersonForm(auto_id="person-%s"),
        "link_form": LinkForm(auto_id="link-%s"),
        **more,
    }
    template = "sharing/_dialog.html" if request.htmx else "sharing/share.html"
    return render(request, template, context, status=status)
