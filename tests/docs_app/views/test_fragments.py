"""The fragments that a socket brings: swapped by id, the same as on a fresh page, deaf to hostile names."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from collab.ports import Person
from docs_app.access import colour_of
from docs_app.levels import Level
from docs_app.models import Document, Thread
from docs_app.services import margin
from docs_app.templatetags import docs
from tests.support.clients import breaches, client_for, elements
from tests.support.people import account, document_of_alice, guest
from tests.support.site import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = '"><script>alert(1)</script>'


def people(count: int) -> list[Person]:
    return [Person(f"guest:{uuid4()}", f"Guest {n} {HOSTILE}", "#000000", Level.VIEW) for n in range(count)]


def presence(document: Document, count: int) -> str:
    return margin.fragment("presence", document, Level.EDIT, people(count))


@pytest.mark.parametrize("level", [Level.VIEW, Level.COMMENT, Level.EDIT, Level.OWN])
@pytest.mark.parametrize(
    ("topic", "id"), [("presence", "presence"), ("comments", "comments"), ("title", "document-title")]
)
def test_each_is_one_element_with_its_id(topic: str, id: str, level: Level) -> None:
    fragment = margin.fragment(topic, document_of_alice(), level, people(2)).strip()
    assert elements(fragment)[0][1]["id"] == id
    assert fragment.startswith(f"<{elements(fragment)[0][0]} ") and "hx-swap-oob" not in fragment


@pytest.mark.parametrize("topic", ["comments", "title", "snapshots"])
def test_a_fresh_page_has_what_the_socket_brings(topic: str) -> None:
    document = document_of_alice()
    page = client_for("alice", document).get(f"/d/{document.id}/").content.decode()
    assert margin.fragment(topic, document, Level.OWN).strip() in page


def test_nobody_who_only_reads_gets_a_form() -> None:
    document = document_of_alice()
    for topic in margin.TEMPLATES:
        assert "<form" not in margin.fragment(topic, document, Level.VIEW, people(1))


def test_a_guest_who_borrows_a_name_is_told_from_its_owner() -> None:
    document = document_of_alice()
    thread = Thread.objects.create(document=document, quote="text")
    thread.comments.create(user=account("alice"), body="Mine.")
    assert "guest</span>" not in margin.fragment("comments", document, Level.VIEW)
    thread.comments.create(guest=guest(document, name="Alice").guest, body="Mine, too.")
    assert margin.fragment("comments", document, Level.VIEW).count("guest</span>") == 1


@pytest.mark.parametrize(
    ("count", "avatars", "listed", "rest"),
    [(2, 2, 0, []), (3, 3, 3, ["narrow +2"]), (5, 5, 5, ["narrow +4"]), (6, 5, 6, ["wide +1", "narrow +5"])],
)
def test_five_avatars_and_a_list_of_everybody(count: int, avatars: int, listed: int, rest: list[str]) -> None:
    """On a narrow page two, or one and the number of all others."""
    fragment = presence(document_of_alice(), count)
    buttons = [attributes["class"] for tag, attributes in elements(fragment) if tag == "button"]
    assert len([classes for classes in buttons if "avatar" in (classes or "")]) == avatars
    assert buttons.count("item") == listed
    assert re.findall(r'class="rest-(.*?)">(.*?)<', fragment) == [tuple(number.split()) for number in rest]


def test_beyond_fifty_the_list_says_how_many_more() -> None:
    fragment = presence(document_of_alice(), 53)
    assert "and 3 more" in fragment and 'data-count="53"' in fragment
    assert "Guest 49" in fragment and "Guest 50" not in fragment


def test_hostile_names_stay_names() -> None:
    fragment = presence(document_of_alice(), 7)
    assert "&lt;script&gt;" in fragment
    assert breaches(fragment) == []
    assert "&lt;script&gt;" in margin.notice(HOSTILE) and breaches(margin.notice(HOSTILE)) == []


def test_every_colour_has_its_class() -> None:
    rules = (ROOT / "static" / "src" / "css" / "tokens.css").read_text()
    for number in range(500):
        principal = f"user:{number}"
        assert f".{docs.person_class(principal)} {{ --person: {colour_of(principal)}; }}" in rules


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada King Lovelace", "AL"), ("ada", "A"), ("", "?"), ("  ", "?"), ("élan vital", "ÉV")]
)
def test_initials(name: str, letters: str) -> None:
    assert docs.initials(name) == letters
