"""Coming in by a share link. The token leaves the address bar at once, and goes nowhere else."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from docs_app.access import Visitor, visitor_of
from docs_app.errors import NotFound, Refused
from docs_app.forms import GuestForm
from docs_app.models import Guest
from docs_app.services import sharing
from docs_app.views.lookup import Request
from docs_app.views.refusals import blame, refusal

WAITING = "waiting_link"
"""The session's key for the link of somebody who has still to say who they are: its id, for sessions are kept."""


@require_GET
def open_link(request: Request, token: str) -> HttpResponse:
    """In for those we know; others say first who they are. A preview by a messenger changes nothing."""
    answer = _open(request, token)
    # Only here: a form on a page with this policy would send no origin either, and be refused as foreign.
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _open(request: Request, token: str) -> HttpResponse:
    visitor = visitor_of(request)
    try:
        link = sharing.open_link(token=token, visitor=visitor)
    except NotFound as error:
        return _no_longer(request, error)
    if visitor.is_known:
        return redirect("document", link.document_id)
    request.session[WAITING] = str(link.id)
    return redirect("guest")


@require_http_methods(["GET", "POST"])
def guest(request: Request) -> HttpResponse:
    """Choose a name, or come back here signed in."""
    waiting = request.session.get(WAITING)
    if waiting is None:
        return redirect("documents")
    link_id = UUID(waiting)
    visitor = visitor_of(request)
    form = GuestForm(request.POST or None, initial={"name": sharing.guest_name(link_id)})
    try:
        if not visitor.is_known:
            sharing.reopen_link(link_id=link_id, visitor=visitor)
            newcomer = _welcome(request, form) if form.is_valid() else None
            if newcomer is None:
                status = 422 if form.errors else 200
                return render(request, "sharing/guest.html", {"form": form}, status=status)
            visitor = Visitor(guest=newcomer)
        link = sharing.reopen_link(link_id=link_id, visitor=visitor)
    except NotFound as error:
        return _no_longer(request, error)
    _settle_in(request, visitor)
    return redirect("document", link.document_id)


def _welcome(request: Request, form: GuestForm) -> Guest | None:
    try:
        return sharing.welcome_guest(form.cleaned_data["name"])
    except Refused as error:
        blame(form, "name", error)
        return None


def _settle_in(request: Request, visitor: Visitor) -> None:
    """The browser is this visitor's from now on, under a new session key."""
    del request.session[WAITING]
    if visitor.guest is not None and visitor.user is None:
        request.session.cycle_key()
        request.session["guest_id"] = str(visitor.guest.pk)


def _no_longer(request: Request, error: NotFound) -> HttpResponse:
    request.session.pop(WAITING, None)
    return refusal(request, error, heading=gettext("This link no longer works"))
