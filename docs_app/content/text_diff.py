"""One shared text becomes another by the smallest edit: words deleted and inserted, formatting changed where needed.

Kept words keep their CRDT identity, and with it everybody's carets and the comments on them. All offsets are counted in
code points of Python strings, and turned into bytes at the end, so that no edit can cut one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from pycrdt import XmlText

from docs_app.content.markkeys import formatting, marks_in, name_of
from docs_app.content.nodes import Attrs, Mark, Node
from docs_app.content.positions import utf8_length
from docs_app.content.schema import NodeType
from docs_app.content.sequences import Gap, gaps, tokens
from docs_app.content.validity import settle_marks


class _Run(NamedTuple):
    """A stretch of text of the same formatting, as the CRDT has it or should have it."""

    text: str
    attributes: Attrs


class _Styled:
    """A text with its formatting, to be asked by position."""

    def __init__(self, runs: list[_Run]) -> None:
        self.text = "".join(run.text for run in runs)
        self._runs = runs
        self._starts = [0, *accumulate(len(run.text) for run in runs)][:-1]
        self._bytes: list[int] | None = None

    def slices(self, start: int, stop: int) -> Iterator[tuple[int, int, Attrs]]:
        """The formatting between two positions, as (start, stop, attributes)."""
        index = max(bisect_right(self._starts, start) - 1, 0)
        while start < stop:
            end = min(stop, self._starts[index] + len(self._runs[index].text))
            yield start, end, self._runs[index].attributes
            start, index = end, index + 1

    def at(self, position: int) -> Attrs:
        """The formatting of the character at a position; none beyond the ends."""
        inside = 0 <= position < len(self.text)
        return next(self.slices(position, position + 1))[2] if inside else {}

    def offset(self, position: int) -> int:
        """Bytes before a position."""
        if self._bytes is None:
            self._bytes = [0, *accumulate(utf8_length(character) for character in self.text)]
        return self._bytes[position]


def is_plain(text: XmlText) -> bool:
    """Whether there is nothing but characters in the text, so that its length is its bytes."""
    return all(isinstance(piece, str) for piece, _ in text.diff())


def edit_text(text: XmlText, nodes: list[Node], block: NodeType) -> bool:
    """Make `text` hold the valid text `nodes` of a `block`; True if it had to change. The text must be plain."""
    have = _Styled([_Run(piece, attributes or {}) for piece, attributes in text.diff()])
    want = _Styled([_Run(node["text"], formatting(node.get("marks", []))) for node in nodes])
    changed = _positions(have.text, want.text)
    for gap in reversed(changed):
        _replace(text, have, want, gap)
    formats = list(_formats(have, want, changed, block))
    for start, stop, attributes in formats:
        text.format(want.offset(start), want.offset(stop), attributes)
    return bool(changed or formats)


def _positions(old: str, new: str) -> list[Gap]:
    """The gaps between the words of two texts, in code points."""
    if old == new:
        return []
    a, b = tokens(old), tokens(new)
    i, j = [0, *accumulate(map(len, a))], [0, *accumulate(map(len, b))]
    return [Gap(i[gap.i1], i[gap.i2], j[gap.j1], j[gap.j2]) for gap in gaps(a, b)]


def _replace(text: XmlText, have: _Styled, want: _Styled, gap: Gap) -> None:
    start = have.offset(gap.i1)
    if gap.i2 > gap.i1:
        del text[start : have.offset(gap.i2)]
    around = _around(have, gap)
    for j1, j2, attributes in want.slices(gap.j1, gap.j2):
        piece = want.text[j1:j2]
        text.insert(start, piece, around | attributes)
        start += utf8_length(piece)


def _around(have: _Styled, gap: Gap) -> Attrs:
    """The comments that stand on both sides of a gap, and so on what is inserted there."""
    before, after = have.at(gap.i1 - 1), have.at(gap.i2)
    return {key: value for key, value in before.items() if _is_comment(key) and after.get(key) == value}


def _formats(have: _Styled, want: _Styled, changed: list[Gap], block: NodeType) -> Iterator[tuple[int, int, Attrs]]:
    """Where the formatting of kept text must change, as (start, stop, attributes) in the new text."""
    i = j = 0
    for gap in [*changed, Gap(len(have.text), 0, len(want.text), 0)]:
        for start, stop, wanted in want.slices(j, gap.j1):
            for old_start, old_stop, attributes in have.slices(start - j + i, stop - j + i):
                change = _change(attributes, wanted, block)
                if change:
                    yield old_start - i + j, old_stop - i + j, change
        i, j = gap.i2, gap.j2


def _change(attributes: Attrs, wanted: Attrs, block: NodeType) -> Attrs:
    """What turns the formatting `attributes` into `wanted`, comments aside."""
    present = _marks(attributes, block)
    change: Attrs = {key: None for key in attributes if key not in wanted and not _is_comment(key)}
    for key, value in wanted.items():
        if not _is_comment(key) and (key not in attributes or {"type": key} | _attrs(value) not in present):
            change[key] = value
    return change


def _attrs(value: Attrs) -> Attrs:
    return {"attrs": value} if value else {}


def _marks(attributes: Attrs, block: NodeType) -> list[Mark]:
    return [mark for mark in settle_marks(marks_in(attributes), block) if mark["type"] != "comment"]


def _is_comment(key: str) -> bool:
    return name_of(key) == "comment"
