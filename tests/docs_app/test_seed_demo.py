"""The demo: written once, whole, worth restoring, and only where its known passwords do no harm."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from docs_app.access import Visitor, level_for
from docs_app.content.nodes import Node, children
from docs_app.content.schema import NODES
from docs_app.levels import Level
from docs_app.models import Comment, Document, Guest, ShareLink, User
from docs_app.services.comments import shown_threads
from docs_app.services.documents import export, read_tree
from docs_app.services.history import compare_with_now, list_snapshots
from docs_app.services.sharing import open_link
from docs_app.services.verification import verify_document

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def note(settings: Settings, tmp_path: Path) -> Path:
    settings.EMBEDDED, settings.VAR_DIR = True, tmp_path
    return tmp_path / "demo.txt"


def seed() -> str:
    said = StringIO()
    call_command("seed_demo", stdout=said)
    return said.getvalue()


def kinds(node: Node) -> set[str]:
    return {node["type"]}.union(*map(kinds, children(node)))


def test_the_document_shows_every_kind_of_block(note: Path) -> None:
    seed()
    document = Document.objects.get()
    assert kinds(read_tree(document.id)) == set(NODES)
    assert "Better to know before than after." in export(document, "md")[1]


def test_the_picture_and_the_file_that_it_shows_are_there(note: Path) -> None:
    seed()
    document = Document.objects.get()
    html = export(document, "html")[1]
    shown = {upload.is_picture: upload for upload in document.uploads.all()}
    assert f'src="{shown[True].address}"' in html and f'href="{shown[False].address}"' in html
    assert f'data-size="{shown[False].size}"' in html
    assert verify_document(document.id) == []


def test_ada_and_grace_have_discussed_it(note: Path) -> None:
    seed()
    threads = shown_threads(Document.objects.get())
    assert [(thread.quote, thread.lost, thread.resolved_at is not None) for thread in threads] == [
        ("survives a power cut", False, False),
        ("break it", False, False),
        ("end-to-end encryption", False, True),
    ]
    assert {comment.author_name for thread in threads for comment in thread.shown_comments} == {"Ada", "Grace"}


def test_its_history_is_worth_looking_at(note: Path) -> None:
    seed()
    document = Document.objects.get()
    rows = list_snapshots(document)
    assert [(row.kind, row.name, row.authors) for row in rows] == [
        ("named", "Ready to read", ("Ada",)),
        ("auto", "", ("Grace",)),
        ("import", "", ("Ada",)),
    ]
    differing = [sum(change.kind != "same" for change in compare_with_now(document, row.id)) for row in rows]
    assert differing[0] == 1 < differing[1] < differing[2]


def test_what_serve_shows_lets_people_in(note: Path) -> None:
    seed()
    text, document = note.read_text(), Document.objects.get()
    token = text.partition("{address}/s/")[2].partition("/")[0]
    gail = Visitor(guest=Guest.objects.create(name="Gail"))
    assert open_link(token=token, visitor=gail).document == document
    assert level_for(gail, document) is Level.EDIT
    for name in ("ada", "grace"):
        user = User.objects.get(username=name)
        assert name in text and user.check_password("scriptorium")
        assert level_for(Visitor(user=user), document) >= Level.EDIT


def test_a_second_run_does_nothing(note: Path) -> None:
    assert "written" in seed()
    before = note.read_text(), User.objects.count(), Comment.objects.count(), ShareLink.objects.count()
    assert "already" in seed()
    assert before == (note.read_text(), User.objects.count(), Comment.objects.count(), ShareLink.objects.count())


def test_with_its_note_lost_it_makes_a_new_link_to_the_same_document(note: Path) -> None:
    seed()
    note.unlink()
    seed()
    assert (Document.objects.count(), User.objects.count(), ShareLink.objects.count()) == (1, 2, 2)
    assert note.is_file()


def test_elsewhere_it_is_refused(note: Path, settings: Settings) -> None:
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="it is written into the embedded database only"):
        seed()
    assert not User.objects.exists() and not note.exists()
