"""What is answered while the database is away: to people, to programs and to sockets; all are told to come back.

The engine needs none of this: what it has taken waits in it (collab.patience), and its own connections stay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from collab.errors import Unavailable
from collab.patience import outage
from collab.tally import tally
from docs_app.errors import is_outage
from project.headers import App

SENTENCE = "Scriptorium cannot reach its database at the moment. Try again in a few seconds."
RETRY_SECONDS = 5


class OutageMiddleware:
    """Django middleware, the innermost: what views and templates fail of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_outage(exception):
            return None
        outage.noticed(_unavailable(exception))
        answer = _answer(request)
        answer["Retry-After"] = str(RETRY_SECONDS)
        answer._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark: one line is enough
        add_never_cache_headers(answer)
        return answer


def _answer(request: HttpRequest) -> HttpResponse:
    if request.resolver_match and "api" in request.resolver_match.namespaces:
        return JsonResponse({"detail": SENTENCE}, status=503)
    if request.headers.get("HX-Request"):
        return render(request, "documents/_notice.html", {"text": SENTENCE}, status=503)
    again = request.get_full_path() if request.method == "GET" else "/"
    # Without the request: whoever is signed in stands in the database.
    return HttpResponse(render_to_string("503.html", {"again": again}), status=503)


class ComeBack:
    """ASGI middleware for sockets: who cannot be looked up is closed with 1012, as when the log cannot be read."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            await self.app(scope, receive, send)
        except Error as error:
            if not is_outage(error):
                raise
            outage.noticed(_unavailable(error))
            tally.closed[Unavailable.code] += 1
            # Nobody has been let in yet: a consumer answers for its own errors.
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": Unavailable.code, "reason": SENTENCE})


def _unavailable(error: Exception) -> Unavailable:
    unavailable = Unavailable("The database does not answer.")
    unavailable.__cause__ = error
    return unavailable
