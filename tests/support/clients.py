"""The cast of tests.support.people as HTTP clients, and how to look at the HTML they get."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from docs_app.access import Visitor
from docs_app.models import Document
from tests.support.people import somebody

HTMX = {"HX-Request": "true"}


def client_of(person: Visitor) -> Client:
    """A browser of this person's: signed in, a guest's, or nobody's."""
    client = Client()
    if person.user is not None:
        client.force_login(person.user)
    if person.guest is not None:
        session = client.session
        session["guest_id"] = str(person.guest.pk)
        session.save()
    return client


def client_for(name: str, document: Document) -> Client:
    return client_of(somebody(name, document))


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    handle_startendtag = handle_starttag


def elements(answer: Any) -> list[tuple[str, dict[str, str]]]:
    """Each element of an answer (or of HTML), with its attributes, in order."""
    parser = _Elements()
    parser.feed(answer if isinstance(answer, str) else answer.content.decode())
    return parser.found


def breaches(answer: Any) -> list[tuple[str, dict[str, str]]]:
    """What our Content-Security-Policy would block, and what a hostile name would be if it were not escaped."""
    return [
        (tag, attributes)
        for tag, attributes in elements(answer)
        if "style" in attributes
        or any(name.startswith(("on", "hx-on")) for name in attributes)
        or tag in {"style", "iframe", "object", "embed"}
        or (tag == "script" and "src" not in attributes and attributes.get("type") != "application/json")
        or any(value.strip().lower().startswith("javascript:") for value in attributes.values())
    ]
