"""Every action by every person: the table of rights as people meet it."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from docs_app.access import IN_TRASH, RIGHTS, document_for
from docs_app.errors import NotAllowed, NotFound
from docs_app.levels import Level
from docs_app.models import Document
from tests.support.people import document_of_alice, somebody

pytestmark = pytest.mark.django_db

VIEWS, COMMENTS, EDITS, OWNS = "dave carol bob alice", "carol bob alice", "bob alice", "alice"
MAY = {
    "read": f"gail {VIEWS}",
    "export": f"gail {VIEWS}",
    "comment": COMMENTS,
    "edit": EDITS,
    "rename": EDITS,
    "history": EDITS,
    "snapshot": EDITS,
    "restore": EDITS,
    "moderate": OWNS,
    "share": OWNS,
    "trash": OWNS,
    "untrash": OWNS,
    "delete": OWNS,
}
CAST = ("alice", "bob", "carol", "dave", "gail", "eve", "nobody")
STRANGERS = ("eve", "nobody")


def answer(name: str, document: Document, action: str) -> str:
    try:
        document_for(somebody(name, document), document.id, action)
    except NotFound:
        return "not found"
    except NotAllowed:
        return "not allowed"
    return "done"


def test_the_table_here_names_every_action() -> None:
    assert MAY.keys() == RIGHTS.keys()


@pytest.mark.parametrize("action", MAY)
@pytest.mark.parametrize("name", CAST)
def test_each_person_may_do_what_the_table_says(name: str, action: str) -> None:
    expected = "done" if name in MAY[action].split() else "not found" if name in STRANGERS else "not allowed"
    assert answer(name, document_of_alice(), action) == expected


@pytest.mark.parametrize("action", MAY)
@pytest.mark.parametrize("name", CAST)
def test_in_the_trash_a_document_is_there_for_its_owner_alone(name: str, action: str) -> None:
    document = document_of_alice()
    Document.objects.filter(pk=document.pk).update(trashed_at=timezone.now())
    expected = "not found" if name != "alice" else "done" if action in IN_TRASH else "not allowed"
    assert answer(name, document, action) == expected


def test_a_document_that_is_not_there_and_one_that_is_not_shared_are_told_alike() -> None:
    document = document_of_alice()
    said = []
    for document_id in (document.id, uuid4()):
        with pytest.raises(NotFound) as refusal:
            document_for(somebody("eve", document), document_id, "read")
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_the_page_about_permissions_shows_this_table() -> None:
    page = (Path(__file__).parents[3] / "docs" / "permissions.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE)
    assert dict(rows) == {action: Level(level).label for action, level in RIGHTS.items()}
    assert [action for action, _ in rows] == list(RIGHTS)
