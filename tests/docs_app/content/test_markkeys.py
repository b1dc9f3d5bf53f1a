"""The keys of overlapping marks, against what y-tiptap 3.0.9 wrote for the same threads."""

from __future__ import annotations

import pytest

from docs_app.content import markkeys
from tests.docs_app.content.samples import comment

FROM_Y_TIPTAP = {
    "7b0f9a3e-52a4-4c5d-9c4b-0c7f5b1d2e3f": "comment--XpnEd6NX",
    "00000000-0000-0000-0000-000000000000": "comment--TDme0+OH",
    "ffffffff-ffff-4fff-bfff-ffffffffffff": "comment--ZipbbLzd",
    "f": "comment--VzMmkkFS",
    "Grüße 😀": "comment--5iOBTVb9",
    "x" * 200: "comment--7Q4AJ3NN",
}


@pytest.mark.parametrize(("thread", "key"), FROM_Y_TIPTAP.items())
def test_the_key_is_the_editors(thread: str, key: str) -> None:
    assert markkeys.key_of(comment(thread)) == key
    assert markkeys.name_of(key) == "comment"


def test_other_marks_are_keyed_by_their_name() -> None:
    assert markkeys.formatting([{"type": "bold"}]) == {"bold": {}}
    assert markkeys.name_of("bold") == "bold"
    assert markkeys.name_of("bold--short") == "bold--short"


def test_taken_away_marks_are_not_there() -> None:
    assert markkeys.marks_in({"bold": None, "italic": True}) == [{"type": "italic", "attrs": {}}]
    assert markkeys.marks_in(None) == []
