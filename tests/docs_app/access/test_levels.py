"""Where a level comes from: ownership, membership, links, and the time they have left."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from docs_app.access import COLOURS, Claim, Visitor, colour_of, level_for, levels, visitor_of
from docs_app.levels import Level
from docs_app.models import Document, Guest, LinkUse, Membership, ShareLink
from tests.support.people import account, document_of_alice, guest, link_to, visitor

pytestmark = pytest.mark.django_db


def opened(document: Document, level: Level, **link: object) -> Visitor:
    """Eve, who has opened a link of this level."""
    use = link_to(document, level)
    ShareLink.objects.filter(pk=use.pk).update(**link)
    LinkUse.objects.create(link=use, user=account("eve"))
    return visitor("eve")


def test_the_highest_of_several_roles_counts() -> None:
    document = document_of_alice()
    Membership.objects.create(document=document, user=account("eve"), level=Level.VIEW)
    assert level_for(opened(document, Level.EDIT), document) is Level.EDIT
    assert level_for(opened(document, Level.COMMENT), document) is Level.EDIT


@pytest.mark.parametrize("field", ["revoked_at", "expires_at"])
def test_a_link_that_is_over_gives_nothing(field: str) -> None:
    document = document_of_alice()
    eve = opened(document, Level.EDIT, **{field: timezone.now() - timedelta(seconds=1)})
    assert level_for(eve, document) is Level.NONE


def test_a_link_to_another_document_gives_nothing_here() -> None:
    first, second = document_of_alice(), document_of_alice()
    eve = opened(first, Level.EDIT)
    assert (level_for(eve, first), level_for(eve, second)) == (Level.EDIT, Level.NONE)


def test_each_link_that_expires_takes_its_role_and_access_ends_with_the_last() -> None:
    document, now = document_of_alice(), timezone.now()
    opened(document, Level.EDIT, expires_at=now + timedelta(hours=1))
    eve = opened(document, Level.VIEW, expires_at=now + timedelta(hours=2))
    for level, next_level in (Level.EDIT, Level.VIEW), (Level.VIEW, Level.NONE):
        assert level_for(eve, document) is level
        ShareLink.objects.filter(level=level).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert level_for(eve, document) is next_level


def test_a_guest_who_signs_in_keeps_what_the_link_gave() -> None:
    document = document_of_alice()
    gail = guest(document, Level.COMMENT)
    both = Visitor(user=account("eve"), guest=gail.guest)
    assert level_for(both, document) is Level.COMMENT
    assert both.principal == account("eve").principal


def test_another_owner_sees_the_document_in_the_trash_too() -> None:
    document = document_of_alice()
    Membership.objects.filter(user=account("bob")).update(level=Level.OWN)
    document.trashed_at = timezone.now()
    assert [level_for(visitor(name), document) for name in ("alice", "bob", "carol")] == [50, 50, 0]


def test_any_number_of_claims_takes_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    documents = [document_of_alice() for _ in range(3)]
    guests = [guest(document) for document in documents]
    claims = [Claim(document.id, account(name).pk, None) for document in documents for name in ("alice", "bob", "eve")]
    claims += [Claim(document.id, None, gail.guest.pk) for document in documents for gail in guests if gail.guest]
    with django_assert_num_queries(2):
        held = levels(claims, {document.id: document for document in documents})
    assert held[:9] == [50, 40, 0] * 3
    assert held[9:] == [10, 0, 0, 0, 10, 0, 0, 0, 10]
    assert levels([Claim(uuid4(), account("alice").pk, None)], {}) == [Level.NONE]


def test_the_session_says_who_a_visitor_is() -> None:
    gail = Guest.objects.create(name="Gail")
    request = RequestFactory().get("/")
    assert not visitor_of(request).is_known
    request.user, request.session = account("bob"), {"guest_id": str(gail.pk)}  # type: ignore[assignment]
    assert visitor_of(request) == Visitor(account("bob"), gail)
    assert visitor_of({"user": None, "session": {"guest_id": str(gail.pk)}}).name == "Gail"
    assert not visitor_of({"user": None, "session": {"guest_id": str(uuid4())}}).is_known


def test_colours_stay_and_carry_white_text() -> None:
    assert colour_of("user:1") == colour_of("user:1")
    assert {colour_of(f"user:{number}") for number in range(500)} == set(COLOURS)
    assert min(map(contrast_with_white, COLOURS)) >= 4.5


def test_the_style_sheet_has_a_class_for_each_colour() -> None:
    styles = (Path(__file__).parents[3] / "static" / "src" / "css" / "tokens.css").read_text()
    assert set(re.findall(r"\.person-([0-9a-f]{6})\b", styles)) == {colour[1:] for colour in COLOURS}


def contrast_with_white(colour: str) -> float:
    """The contrast ratio by WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
