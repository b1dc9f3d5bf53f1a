"""What people type is made fit to keep, and refused with a sentence where it cannot be."""

from __future__ import annotations

import pytest

from docs_app.errors import Refused
from docs_app.services.words import clean_body, clean_line, clean_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Minutes  of\tMay\n2026 ", "Minutes of May 2026"),
        ("<b>bold</b> & \"so\"", "<b>bold</b> & \"so\""),
        ("nul\0 bell\a escape\x1b[31m", "nul bell escape[31m"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066isolate\u2069 \u200emarks\u200f \u061c", "isolate marks"),
        ("half a pair: \ud83d.", "half a pair: ."),
        ("👩‍👩‍👧 Zoë Łukasz 日本語 עברית", "👩‍👩‍👧 Zoë Łukasz 日本語 עברית"),
        ("\u2028\u2029\x85 \u3000", ""),
    ],
)  # fmt: skip
def test_a_line_is_trimmed_and_rid_of_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert clean_line(typed, what="A title", limit=40) == kept


def test_a_line_may_be_as_long_as_its_limit_and_no_longer() -> None:
    assert clean_line("x" * 40, what="A title", limit=40) == "x" * 40
    with pytest.raises(Refused, match=r"^A title may have 40 characters; this has 41\.$"):
        clean_line("x" * 41, what="A title", limit=40)


@pytest.mark.parametrize("typed", ["", "   ", "\u202e", "\0", "\u200b", "\u200d\ufe0f", "\u3164", "\u2800 \u00ad"])
def test_a_name_that_shows_nothing_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match=r"^A name must not be empty\.$"):
        clean_name(typed, what="A name", limit=40)


def test_a_body_keeps_its_lines() -> None:
    assert clean_body(" one\r\n\r\ntwo\rthree\0\n ", what="A comment", limit=40) == "one\n\ntwo\nthree"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (" \n\t", "A comment must not be empty."),
        ("\u200b\n\u2060", "A comment must not be empty."),
        ("x" * 41, "A comment may have 40 characters; this has 41."),
    ],
)
def test_a_body_that_is_none_or_too_long_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        clean_body(typed, what="A comment", limit=40)
    assert str(refusal.value) == sentence
