"""The API for programs: bearer tokens only, JSON in and out, every refusal {"detail": a sentence}.

Described to people and machines at /api/v1/docs and /api/v1/openapi.json.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from docs_app.api.documents import router
from docs_app.errors import Refused
from docs_app.models import User
from docs_app.services.tokens import user_of_token

_MEBIBYTE = 1 << 20


class Bearer(HttpBearer):
    """`Authorization: Bearer <token>`, with a token made on the account page or by `manage.py create_token`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return user_of_token(token)


api = NinjaAPI(
    title="Scriptorium",
    version="1",
    description="Documents, their text and their history. Edits made here merge with what people are typing.",
    auth=Bearer(),
    urls_namespace="api",
)
api.add_router("/documents", router)


def _answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return api.create_response(request, {"detail": sentence}, status=status)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return _answer(request, error.status, str(error))


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = _answer(request, 401, "Send a valid token: Authorization: Bearer <token>.")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _answer(request, 413, f"A request may have {(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / _MEBIBYTE:g} MiB.")


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(request, error.status_code, f"{str(error).rstrip('.')}.")


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """An id that is none names nothing; other fields are told one by one."""
    if all(problem["loc"][0] == "path" for problem in error.errors):
        return _answer(request, 404, "There is nothing with this id.")
    problems = [f"{problem['loc'][-1]}: {problem['msg'][:1].lower()}{problem['msg'][1:]}" for problem in error.errors]
    return _answer(request, 422, f"{'; '.join(problems)}.")
