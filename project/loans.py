"""A request's connection to the database goes back when its answer is made, not when the last byte of it has been read.

Django gives it back at the answer's end, and how long that takes is for the other side to say.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from collab.threads import give_back


class LoanMiddleware:
    """Django middleware, the outermost: sessions are written on the way out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        give_back()
        return answer
