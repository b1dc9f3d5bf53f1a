"""Positions never cut a code point, whichever way they are counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_app.content import positions

TEXTS = st.text(st.sampled_from("aé漢😀👩\u0301\n"), max_size=12)


@given(TEXTS, st.integers(0, 12))
def test_a_code_point_survives_the_way_there_and_back(text: str, index: int) -> None:
    index = min(index, len(text))
    assert positions.from_utf16(text, positions.to_utf16(text, index)) == index
    assert positions.from_utf8(text, positions.to_utf8(text, index)) == index


@given(TEXTS, st.integers(0, 60))
def test_any_offset_lands_between_two_code_points(text: str, offset: int) -> None:
    low, high = positions.from_utf16(text, offset), positions.from_utf16(text, offset, up=True)
    assert 0 <= low <= high <= len(text) and high - low <= 1
    assert positions.to_utf16(text, low) <= offset
    if offset <= positions.utf16_length(text):
        assert positions.to_utf16(text, high) >= offset


@pytest.mark.parametrize(
    ("offset", "up", "index"), [(0, False, 0), (1, False, 1), (2, False, 1), (2, True, 2), (3, False, 2), (99, True, 3)]
)
def test_inside_a_surrogate_pair_snaps_to_its_edge(offset: int, up: bool, index: int) -> None:
    assert positions.from_utf16("a😀b", offset, up=up) == index


def test_bytes_inside_an_emoji_snap_too() -> None:
    assert [positions.from_utf8("a😀b", offset) for offset in range(7)] == [0, 1, 1, 1, 1, 2, 3]
    assert [positions.from_utf8("a😀b", offset, up=True) for offset in range(7)] == [0, 1, 2, 2, 2, 2, 3]


def test_positions_before_the_text_become_its_start() -> None:
    assert positions.from_utf16("ab", -3) == positions.to_utf16("ab", -3) == positions.to_utf8("ab", -1) == 0
