"""In which language somebody is answered: their account's, else what this browser has chosen, else what it asks for.

The last two are Django's LocaleMiddleware's to find, without a database. What the account says is kept in the same
cookie: so it holds on the pages of others (signing in, the administration), and where the database cannot be asked.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from docs_app.language import known
from docs_app.services import people
from docs_app.views.lookup import Request


@require_POST
def choose(request: Request) -> HttpResponse:
    """A language for the account, or for this browser where nobody is signed in; "" for what the browser asks for."""
    language = request.POST.get("language", "")
    language = known(language) if language else ""
    if request.user.is_authenticated:
        people.choose_language(user=request.user, language=language)
    here = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure())
    answer = redirect(here if is_ours else "documents")
    _keep(answer, language)
    return answer


def use_account_s(request: Request) -> None:
    """For the rest of this request, what the account says."""
    if chosen := _chosen(request):
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen


def keep_account_s(request: Request, answer: HttpResponseBase) -> None:
    """For the requests to come, in this browser."""
    chosen = _chosen(request)
    if chosen and chosen != request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        _keep(answer, chosen)


def _chosen(request: Request) -> str:
    language: str = getattr(request.user, "language", "")
    return known(language) if language else ""


def _keep(answer: HttpResponseBase, language: str) -> None:
    if not language:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
