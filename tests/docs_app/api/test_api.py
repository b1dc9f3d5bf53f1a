"""The API as a program meets it: by token only, JSON both ways, every refusal a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from docs_app.content import parse
from docs_app.levels import Level
from docs_app.models import ApiToken, Document, Membership
from docs_app.services.history import list_snapshots
from tests.docs_app.api.program import ROOT, Program, document_with_text
from tests.support.people import account, document_of_alice

NOBODY_S = "5a0c6a52-7d1f-4f0e-9d0b-3f6f0f2a9c11"  # the id of no document and no snapshot

pytestmark = pytest.mark.django_db(transaction=True)
MEBIBYTE = 1 << 20


# --- documents --------------------------------------------------------------------------------------------------------


def test_a_document_is_made_from_markdown_and_read_in_each_format() -> None:
    alice = Program("alice")
    status, made = alice.post(data={"title": " <b>Plan</b> ", "markdown": "# Plan\n\nBuy _milk_.\n"})
    assert status == 201
    assert (made["title"], made["owner"], made["role"]) == ("<b>Plan</b>", "alice", "owner")
    assert alice.get(f"/{made['id']}") == (200, made)
    content = f"/{made['id']}/content"
    assert alice.get(content) == (200, parse.from_markdown("# Plan\n\nBuy _milk_.\n"))
    assert alice.get(content, format="json") == alice.get(content)
    assert alice.get(content, format="md") == (200, "# Plan\n\nBuy _milk_.\n")
    assert "Buy milk." in alice.get(content, format="txt")[1]
    assert "<p>Buy <em>milk</em>.</p>" in alice.get(content, format="html")[1]


def test_an_empty_document_is_untitled() -> None:
    status, made = Program("alice").post(data={})
    assert (status, made["title"]) == (201, "Untitled")


def test_the_list_comes_in_pages_last_edited_first() -> None:
    alice = Program("alice")
    for number in range(5):
        Document.objects.create(title=f"No. {number}", owner=account("alice"))
    shared = Document.objects.create(title="Theirs", owner=account("bob"))
    Membership.objects.create(document=shared, user=account("alice"), level=Level.COMMENT)
    Document.objects.create(title="Gone", owner=account("alice"), trashed_at=timezone.now())
    Document.objects.create(title="Secret", owner=account("bob"))
    pages = [alice.get(limit=4, offset=offset)[1] for offset in (0, 4, 8)]
    assert [[row["title"] for row in page["items"]] for page in pages] == [
        ["Theirs", "No. 4", "No. 3", "No. 2"],
        ["No. 1", "No. 0"],
        [],
    ]
    assert {page["count"] for page in pages} == {6}
    assert pages[0]["items"][0]["role"] == "commenter"


# --- history ----------------------------------------------------------------------------------------------------------


def test_snapshots_are_kept_listed_and_restored() -> None:
    alice, document = Program("alice"), document_with_text()
    snapshots = f"/{document.id}/snapshots"
    status, kept = alice.post(snapshots, {"name": " First  draft "})
    assert status == 201
    assert (kept["kind"], kept["name"], kept["size"] > 0) == ("named", "First draft", True)
    status, rows = alice.get(snapshots)
    assert [(row["kind"], row["authors"]) for row in rows] == [("named", []), ("import", ["Alice"])]
    assert rows[0] == kept
    assert alice.post(f"{snapshots}/{kept['id']}/restore") == (200, {"changed": False})
    assert [row.kind for row in list_snapshots(document)] == ["before-restore", "named", "import"]


@pytest.mark.parametrize("snapshot_id", ["foreign", NOBODY_S, "7"])
def test_a_snapshot_of_another_document_is_not_there(snapshot_id: str) -> None:
    document, other = document_with_text(), document_with_text("bob")
    if snapshot_id == "foreign":
        snapshot_id = str(list_snapshots(other)[0].id)
    status, answer = Program("alice").post(f"/{document.id}/snapshots/{snapshot_id}/restore")
    assert status == 404
    assert answer["detail"] in ("There is no such document or snapshot.", "There is nothing with this id.")
    assert [row.kind for row in list_snapshots(document)] == ["import"]


# --- who may ----------------------------------------------------------------------------------------------------------


ACTIONS = {
    "look": ("get", "", VIEWERS := "alice bob carol dave"),
    "read": ("get", "/content", VIEWERS),
    "list snapshots": ("get", "/snapshots", "alice bob"),
    "keep a snapshot": ("post", "/snapshots", "alice bob"),
    "write": ("put", "/content", "alice bob"),
    "restore": ("post", "/snapshots/{snapshot}/restore", "alice bob"),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_person_s_program_may_do_what_they_may(action: str) -> None:
    document = document_of_alice()
    Program("alice").post(f"/{document.id}/snapshots", {"name": "First"})
    method, path, may = ACTIONS[action]
    path = f"/{document.id}" + path.format(snapshot=list_snapshots(document)[0].id)
    for name in ("alice", "bob", "carol", "dave", "eve", None):
        program = Program(name)
        given = {"get": {}, "post": {"data": {"name": "Second"}}, "put": {"data": {"type": "doc"}}}[method]
        status, answer = getattr(program, method)(path, **given)
        expected = {None: 401, "eve": 404}.get(name, 200 if name in may.split() else 403)
        assert (status if status != 201 else 200) == expected, (name, answer)
        assert expected == 200 or answer["detail"].endswith(".")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YWxpY2U6eA==", "Bearer \u00ff"])
def test_without_a_valid_token_nothing_is_answered(header: str) -> None:
    answer = Client().get(ROOT, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Send a valid token: Authorization: Bearer <token>."}
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_alone_opens_nothing() -> None:
    client = Client()
    client.force_login(account("alice"))
    assert client.get(ROOT).status_code == 401


def test_a_revoked_token_opens_nothing() -> None:
    alice = Program("alice")
    assert alice.get()[0] == 200
    ApiToken.objects.update(revoked_at=timezone.now())
    assert alice.get()[0] == 401


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document_id", ["7", "not-an-id", NOBODY_S])
@pytest.mark.parametrize("path", ["", "/content", "/snapshots"])
def test_a_wrong_id_is_not_found(document_id: str, path: str) -> None:
    status, answer = Program("alice").get(f"/{document_id}{path}")
    assert status == 404
    assert answer["detail"].startswith("There is no")


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ("{nonsense", 400, "Cannot parse request body."),
        ("[" * 100_000, 400, "Cannot parse request body."),
        ('{"title": 7}', 422, "title: input should be a valid string."),
        ('{"title": "%s"}' % ("x" * 201), 422, "title: string should have at most 200 characters."),
        ('{"markdown": ["a"]}', 422, "markdown: input should be a valid string."),
        ("7", 422, ""),
        ("null", 422, ""),
        ('{"titel": "Plan"}', 422, "titel: extra inputs are not permitted."),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_a_sentence(body: str, status: int, sentence: str) -> None:
    given, answer = Program("alice").post(data=body)
    assert given == status
    assert answer["detail"].startswith(sentence) and answer["detail"].endswith(".")
    assert not Document.objects.exists()


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"limit": "x"}])
def test_a_page_that_is_none_is_refused(query: dict[str, Any]) -> None:
    status, answer = Program("alice").get(**query)
    assert status == 422
    assert answer["detail"].startswith(f"{next(iter(query))}: ")


def test_a_format_that_is_none_is_refused() -> None:
    document = document_with_text()
    status, answer = Program("alice").get(f"/{document.id}/content", format="docx")
    assert (status, answer["detail"]) == (422, "format: input should be 'json', 'html', 'md' or 'txt'.")


def test_a_snapshot_must_have_a_name() -> None:
    document = document_with_text()
    for name, expected in (("", 422), ("\u202e", 400)):
        status, answer = Program("alice").post(f"/{document.id}/snapshots", {"name": name})
        assert status == expected and answer["detail"].endswith(".")
    assert len(list_snapshots(document)) == 1


@pytest.mark.parametrize("size", [int(1.5 * MEBIBYTE), 50 * MEBIBYTE])
def test_too_much_markdown_is_refused_and_makes_nothing(size: int) -> None:
    status, answer = Program("alice").post(data={"markdown": "x" * size})
    assert status == 413
    assert answer["detail"].endswith(".")
    assert not Document.objects.exists()


def test_the_description_names_every_route() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert {(path.removeprefix(ROOT), *sorted(methods)) for path, methods in paths.items()} == {
        ("", "get", "post"),
        ("/{document_id}", "get"),
        ("/{document_id}/content", "get", "put"),
        ("/{document_id}/snapshots", "get", "post"),
        ("/{document_id}/snapshots/{snapshot_id}/restore", "post"),
    }
