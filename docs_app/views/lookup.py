"""How views begin: who is asking, and the one lookup that is the check. Without it there is no document."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from docs_app import access
from docs_app.access import Visitor
from docs_app.levels import Level
from docs_app.models import Document, User


class Request(HttpRequest):
    htmx: HtmxDetails


class Found(NamedTuple):
    document: Document
    level: Level
    visitor: Visitor


class SignedOut(Exception):
    """Only somebody with an account can do this (docs_app.views.refusals sends them to sign in)."""


def find_document(request: HttpRequest, document_id: UUID, action: str) -> Found:
    """The document, if whoever asks may do this with it. Raises Refused."""
    visitor = access.visitor_of(request)
    return Found(*access.document_for(visitor, document_id, action), visitor)


def signed_in(request: HttpRequest) -> User:
    """The account of whoever asks. Raises SignedOut."""
    user = access.visitor_of(request).user
    if user is None:
        raise SignedOut
    return user
