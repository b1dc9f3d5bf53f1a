"""What a person is told who may not do something: a page, a toast for htmx, or the way to sign in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from docs_app.access import visitor_of
from docs_app.errors import NotFound, Refused
from docs_app.views import language
from docs_app.views.lookup import Request, SignedOut

View = Callable[..., HttpResponseBase]
_HEADINGS = {
    403: gettext_lazy("That is not yours to do"),
    404: gettext_lazy("Nothing here"),
    413: gettext_lazy("Too much"),
    503: gettext_lazy("Not just now"),
}


def answered(view: View) -> View:
    """The view, with an answer also for what it refuses; kept nowhere, unless it says itself what may be kept."""

    @wraps(view)
    def answering(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = answer_of(request, *args, **kwargs)
        language.keep_account_s(request, answer)
        if not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        return answer

    def answer_of(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language.use_account_s(request)
        try:
            return view(request, *args, **kwargs)
        except SignedOut:
            return _to_sign_in(request)
        except NotFound as error:
            # Somebody not known may own it and only have to sign in; whether it exists is not told either way.
            if request.method == "GET" and not request.htmx and not visitor_of(request).is_known:
                return _to_sign_in(request)
            return refusal(request, error)
        except Refused as error:
            return refusal(request, error)

    return answering


def refusal(request: Request, error: Refused, heading: str = "") -> HttpResponse:
    """The error's sentence as a page, or as a #notices fragment for htmx. With a heading, signing in is no help."""
    if request.htmx:
        return render(request, "documents/_notice.html", {"text": str(error)}, status=error.status)
    context = {
        "heading": heading or _HEADINGS.get(error.status, gettext_lazy("That did not work")),
        "sentence": str(error),
        "sign_in": "" if heading else _sign_in_instead(request),
    }
    return render(request, "refusal.html", context, status=error.status)


def blame(form: forms.Form, field: str, error: Refused) -> None:
    """Show a service's refusal where its cause was typed."""
    form.add_error(field, str(error))


def _to_sign_in(request: Request) -> HttpResponse:
    if request.htmx:
        return HttpResponseClientRedirect(f"{resolve_url('account_login')}?next={quote(_page_behind(request))}")
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _page_behind(request: Request) -> str:
    """The page that htmx asks from; "/" where what it says is none of ours, or no address at all."""
    try:
        return request.htmx.current_url_abs_path or "/"
    except ValueError:
        return "/"


def _sign_in_instead(request: HttpRequest) -> str:
    """Where somebody without an account goes to come back as who they are; "" for the signed-in."""
    if request.user.is_authenticated:
        return ""
    here = request.path if request.method == "GET" else "/"
    return f"{resolve_url('account_login')}?next={quote(here)}"
