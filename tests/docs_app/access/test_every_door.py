"""Nothing is reachable that the tables of rights do not know: each address, each form and each call has its row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from docs_app import urls
from docs_app.access import RIGHTS
from docs_app.api import api
from docs_app.errors import NotAllowed, NotFound, Refused
from docs_app.services.tokens import create_token
from docs_app.socket import forms
from tests.docs_app.access.test_matrix import CAST, MAY, STRANGERS
from tests.support.people import document_of_alice, somebody, visitor

pytestmark = pytest.mark.django_db(transaction=True)

# Addresses that are not about a document that somebody must have a right to.
OPEN_TO_ALL = {
    *("documents", "new_document", "open_link", "guest", "account", "tokens", "revoke_token"),
    *("language", "titles", "healthz", "worker", "offline"),
}
FORMS = {
    "comment.start": "comment",
    "comment.reply": "comment",
    "comment.edit": "comment",
    "comment.delete": "comment",
    "thread.resolve": "comment",
    "thread.reopen": "comment",
    "title.rename": "rename",
    "document.language": "rename",
    "snapshot.keep": "snapshot",
    "guest.rename": "read",
}
CALLS = {
    ("get", ""): "read",
    ("get", "/content"): "export",
    ("put", "/content"): "edit",
    ("get", "/snapshots"): "history",
    ("post", "/snapshots"): "snapshot",
    ("post", "/snapshots/{snapshot_id}/restore"): "restore",
}


def test_each_address_has_a_row_in_the_table_of_who_may_do_what_there() -> None:
    table = (Path(__file__).parents[1] / "views" / "test_rights.py").read_text()
    names = {str(pattern.name) for pattern in urls.urlpatterns} - OPEN_TO_ALL
    assert {name for name in names if f'"{name}"' not in table} == set()


def test_each_form_and_each_call_has_a_row_here() -> None:
    assert FORMS.keys() == forms._ACTIONS.keys()
    assert set(calls()) == CALLS.keys()
    assert {*FORMS.values(), *CALLS.values()} <= RIGHTS.keys()


def calls() -> list[tuple[str, str]]:
    """Method and rest of the path of each call about a document."""
    paths: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))["paths"]
    prefix = "documents/{document_id}"
    return [(method, path.partition(prefix)[2]) for path, item in paths.items() if prefix in path for method in item]


def outcome(name: str, action: str, document_id: UUID, fields: dict[str, str]) -> str:
    try:
        forms.submit(visitor(name), document_id, {"action": action, **fields})
    except NotFound:
        return "not found"
    except NotAllowed:
        return "not allowed"
    except Refused:
        return "done"  # the right was there; the form was not
    return "done"


@pytest.mark.parametrize("action", FORMS)
@pytest.mark.parametrize("name", ["alice", "bob", "carol", "dave", "eve"])
def test_who_may_send_a_form(name: str, action: str) -> None:
    document = document_of_alice()
    thread = document.threads.create(quote="x")
    said = thread.comments.create(user=document.owner, body="x")
    fields = {"thread": str(thread.id), "comment": str(said.id), "body": "", "title": "New", "name": "Kept",
              "from_path": "0", "to_path": "0", "from_offset": "0", "to_offset": "0", "quote": ""}  # fmt: skip
    may = name in MAY[FORMS[action]].split()
    if action in ("comment.edit", "comment.delete"):
        may = name == "alice"  # it is hers
    expected = "done" if may else "not found" if name in STRANGERS else "not allowed"
    assert outcome(name, action, document.id, fields) == expected


@pytest.mark.parametrize(("method", "rest"), CALLS)
@pytest.mark.parametrize("name", [name for name in CAST if name not in ("gail", "nobody")])
def test_who_may_make_a_call(name: str, method: str, rest: str) -> None:
    document = document_of_alice()
    person = somebody(name, document).user
    assert person is not None
    headers = {"Authorization": f"Bearer {create_token(user=person)[1]}"}
    path = f"/api/v1/documents/{document.id}{rest.format(snapshot_id=uuid4())}"
    answer = getattr(Client(), method)(path, {"name": "x"}, content_type="application/json", headers=headers)
    may = name in MAY[CALLS[method, rest]].split()
    expected = {200, 201, 404, 422} if may else {404} if name in STRANGERS else {403}
    assert answer.status_code in expected, answer.content
