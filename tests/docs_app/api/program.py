"""A program as the API meets it, and a document for it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from docs_app.models import Document
from docs_app.services.documents import create_document
from docs_app.services.tokens import create_token
from tests.support.people import account

ROOT = "/api/v1/documents"


class Program:
    """Somebody's program, with a token of theirs (None: without one)."""

    def __init__(self, name: str | None) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {create_token(user=account(name))[1]}"} if name else {}

    def get(self, path: str = "", **query: Any) -> tuple[int, Any]:
        answer = self.client.get(ROOT + path, query, headers=self.headers)
        is_json = answer["Content-Type"].startswith("application/json")
        return answer.status_code, answer.json() if is_json else answer.content.decode()

    def put(self, path: str, data: Any, **query: str) -> tuple[int, Any]:
        """`data` goes as it is if it is text, else as JSON."""
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        path = f"{ROOT}{path}?{urlencode(query)}"
        answer = self.client.put(path, body, content_type="text/plain", headers=self.headers)
        is_json = answer["Content-Type"].startswith("application/json")
        return answer.status_code, answer.json() if is_json else answer.content.decode()

    def post(self, path: str = "", data: Any = None) -> tuple[int, Any]:
        answer = self.client.post(ROOT + path, data, content_type="application/json", headers=self.headers)
        return answer.status_code, answer.json()


def document_with_text(name: str = "alice", title: str = "Plan") -> Document:
    return create_document(owner=account(name), title=title, markdown="# Plan\n\nBuy _milk_.\n")
