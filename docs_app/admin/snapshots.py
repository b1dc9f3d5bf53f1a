"""A document's snapshots in the admin: listed, looked at, compared with the live text, restored, copied.

A restore goes through the live document, as it does from the page, and is written down in the admin's own log.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from docs_app.access import Visitor
from docs_app.content.render import to_html
from docs_app.errors import NotFound, Refused
from docs_app.models import Document, User
from docs_app.services import history
from docs_app.services.mentions import known_to

View = Callable[..., HttpResponseBase]


class SnapshotPages:
    """The pages below one document of the admin. `owner` is the ModelAdmin of Document, whose permissions hold."""

    def __init__(self, owner: admin.ModelAdmin[Document]) -> None:
        self.owner = owner

    def urls(self) -> list[URLPattern]:
        here = "<uuid:document_id>/snapshots/"
        return [
            path(here, self._page(require_GET(self.index)), name="document_snapshots"),
            path(f"{here}<uuid:snapshot_id>/", self._page(require_GET(self.look)), name="document_snapshot"),
            path(f"{here}<uuid:snapshot_id>/restore/", self._page(self.restore), name="document_restore"),
            path(f"{here}<uuid:snapshot_id>/copy/", self._page(require_POST(self.copy)), name="document_copy"),
        ]

    def _page(self, view: View) -> View:
        @wraps(view)
        def answering(request: HttpRequest, document_id: UUID, **kwargs: Any) -> HttpResponseBase:
            document = Document.objects.select_related("owner").filter(pk=document_id).first()
            if document is None:
                raise Http404
            if not self.owner.has_view_permission(request, document):
                raise PermissionDenied
            try:
                return view(request, document, **kwargs)
            except NotFound as error:
                raise Http404(str(error)) from error
            except Refused as error:
                messages.error(request, str(error))
                return redirect("admin:docs_app_document_change", document.pk)

        return self.owner.admin_site.admin_view(answering)

    def index(self, request: HttpRequest, document: Document) -> HttpResponse:
        return self._answer(request, "index", document, snapshots=history.list_snapshots(document))

    def look(self, request: HttpRequest, document: Document, snapshot_id: UUID) -> HttpResponse:
        """The text as it was, and what restoring it would change."""
        was, reader = history.preview(document, snapshot_id), Visitor(_administrator(request))
        # Rendered and checked by content.render, as on the document's own page.
        text = mark_safe(to_html(was, known=known_to(reader, document, was)))  # noqa: S308
        return self._answer(
            request,
            "look",
            document,
            snapshot=history.find_snapshot(document, snapshot_id),
            text=text,
            changes=history.compare_with_now(document, snapshot_id, reader),
        )

    def restore(self, request: HttpRequest, document: Document, snapshot_id: UUID) -> HttpResponse:
        """Asks once, then makes the live text what it was."""
        if not self.owner.has_change_permission(request, document):
            raise PermissionDenied
        snapshot = history.find_snapshot(document, snapshot_id)
        if request.method != "POST":
            return self._answer(request, "restore", document, snapshot=snapshot)
        has_changed = history.bring_back(
            document=document, snapshot_id=snapshot_id, principal=_administrator(request).principal
        )
        at = f"{snapshot.at:%Y-%m-%d %H:%M:%S %Z}"
        self.owner.log_change(request, document, gettext("Restored the snapshot of %(at)s.") % {"at": at})
        said = (
            gettext("Restored: everybody who has it open sees it now.")
            if has_changed
            else gettext("The text is the same already.")
        )
        messages.success(request, said)
        return redirect("admin:document_snapshots", document.pk)

    def copy(self, request: HttpRequest, document: Document, snapshot_id: UUID) -> HttpResponse:
        """A new document of the administrator's own with the snapshot's text."""
        if not self.owner.has_change_permission(request, document):
            raise PermissionDenied
        new = history.copy_for(document=document, snapshot_id=snapshot_id, owner=_administrator(request))
        self.owner.log_addition(request, new, gettext("Copied from a snapshot of “%(title)s”.") % {"title": document})
        messages.success(request, gettext("“%(title)s” is yours now.") % {"title": new})
        return redirect("admin:docs_app_document_change", new.pk)

    def _answer(self, request: HttpRequest, page: str, document: Document, **more: Any) -> HttpResponse:
        context = {
            **self.owner.admin_site.each_context(request),
            "opts": Document._meta,
            "document": document,
            "title": gettext("Snapshots of “%(title)s”") % {"title": document},
            "may_change": self.owner.has_change_permission(request, document),
            "index_url": reverse("admin:document_snapshots", args=[document.pk]),
            **more,
        }
        return TemplateResponse(request, f"admin/docs_app/document/snapshots_{page}.html", context)


def _administrator(request: HttpRequest) -> User:
    return cast(User, request.user)
