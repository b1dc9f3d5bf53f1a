"""Comments on passages: where a selection in the page lies in the shared text, and the marks that hold a thread there.

The page tells a selection by the blocks it begins and ends in and by what it quotes. By the time it arrives the text
may have moved, so the quote decides: if it is not at the place told, the nearest place that has it is taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from pycrdt import XmlElement, XmlFragment, XmlText

from docs_app.content.markkeys import key_of, name_of
from docs_app.content.nodes import Attrs
from docs_app.content.positions import from_utf16, to_utf8
from docs_app.content.schema import NODES
from docs_app.content.tree import Parent, members
from docs_app.content.validity import MAX_DEPTH

NEARBY = 5000  # characters, white space not counted, that a passage may have moved
_ATOM = "\n"  # what stands for an inline node in the text of a block, as in the page's quotes
_EMBED_BYTES = 1


class AnchorLost(ValueError):
    """The passage is not in the document any more."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage of the document.

    A path leads from the root to a textblock by the indexes of block children, as in the document's JSON; an offset
    counts UTF-16 units in that block, an inline node such as a hard break as one. `quote` is the passage's text, with a
    line break between blocks and for inline nodes.
    """

    from_path: tuple[int, ...]
    from_offset: int
    to_path: tuple[int, ...]
    to_offset: int
    quote: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters in a row of one XmlText, from `offset` bytes on; an inline node is a piece without a text."""

    characters: str
    text: XmlText | None
    offset: int
    attributes: Attrs


@dataclass(frozen=True, slots=True)
class _Block:
    """A textblock with its pieces."""

    path: tuple[int, ...]
    tag: str
    pieces: list[_Piece]

    @property
    def characters(self) -> str:
        return "".join(piece.characters for piece in self.pieces)


class _Passage:
    """The document's text without white space, and where each character of it stands: (block, code point)."""

    def __init__(self, blocks: list[_Block]) -> None:
        self.blocks = blocks
        self._spots: list[tuple[int, int]] = []
        letters: list[str] = []
        for number, block in enumerate(blocks):
            for index, character in enumerate(block.characters):
                if not character.isspace():
                    letters.append(character)
                    self._spots.append((number, index))
        self.text = "".join(letters)

    def position(self, path: tuple[int, ...], offset: int) -> int:
        """How much of the text stands before a place that the page told, which need not exist."""
        number = bisect_right([block.path for block in self.blocks], path) - 1
        block = self.blocks[number] if number >= 0 else None
        index = from_utf16(block.characters, offset) if block and block.path == path else 0
        return bisect_right(self._spots, (number, index - 1))

    def stretches(self, start: int, stop: int) -> Iterator[tuple[_Block, int, int]]:
        """The blocks between two positions, with the code points where the passage begins and ends in each."""
        (first, begin), (last, end) = self._spots[start], self._spots[stop - 1]
        for number in range(first, last + 1):
            block = self.blocks[number]
            low = begin if number == first else 0
            yield block, low, end + 1 if number == last else len(block.characters)


def place(fragment: XmlFragment, anchor: Anchor, thread_id: str) -> None:
    """Mark the passage as commented on by a thread. Raises AnchorLost if it is neither where told nor nearby."""
    with fragment.doc.transaction():
        _place(fragment, anchor, thread_id)


def remove(fragment: XmlFragment, thread_id: str) -> None:
    """Take the thread's marks out of the document; nothing happens if it has none."""
    with fragment.doc.transaction():
        _remove(fragment, thread_id)


def find(fragment: XmlFragment) -> dict[str, str]:
    """The commented passages by thread, in the order in which they begin; a line break between blocks."""
    with fragment.doc.transaction():
        return _find(fragment)


def _place(fragment: XmlFragment, anchor: Anchor, thread_id: str) -> None:
    mark = {"type": "comment", "attrs": {"thread": thread_id}}
    passage = _Passage(list(_blocks(fragment, (), 1)))
    start, stop = _search(passage, anchor)
    for block, low, high in passage.stretches(start, stop):
        if "comment" in NODES[block.tag].marks:
            _format(block, low, high, {key_of(mark): mark["attrs"]})


def _remove(fragment: XmlFragment, thread_id: str) -> None:
    for block in _blocks(fragment, (), 1):
        for piece in block.pieces:
            keys = [key for key, value in piece.attributes.items() if _thread(key, value) == thread_id]
            if piece.text is not None and keys:
                stop = piece.offset + to_utf8(piece.characters, len(piece.characters))
                piece.text.format(piece.offset, stop, dict.fromkeys(keys))


def _find(fragment: XmlFragment) -> dict[str, str]:
    found: dict[str, list[tuple[int, str]]] = {}
    for number, block in enumerate(_blocks(fragment, (), 1)):
        for piece in block.pieces:
            threads = {_thread(key, value): None for key, value in piece.attributes.items()}
            for thread in threads:
                if thread is not None:
                    found.setdefault(thread, []).append((number, piece.characters))
    return {thread: _joined(pieces) for thread, pieces in found.items()}


def _joined(pieces: list[tuple[int, str]]) -> str:
    blocks: dict[int, str] = {}
    for number, characters in pieces:
        blocks[number] = blocks.get(number, "") + characters
    return "\n".join(blocks.values())


def _search(passage: _Passage, anchor: Anchor) -> tuple[int, int]:
    """Where the quote stands, as two positions: at the place told, else as near to it as possible."""
    quote = "".join(anchor.quote.split())
    told = passage.position(anchor.from_path, anchor.from_offset)
    if quote and passage.text.startswith(quote, told):
        return told, told + len(quote)
    before = passage.text.rfind(quote, max(told - NEARBY, 0), told + len(quote)) if quote else -1
    after = passage.text.find(quote, told, told + NEARBY + len(quote)) if quote else -1
    found = [start for start in (before, after) if start >= 0]
    if not found:
        raise AnchorLost("The text you selected has been changed meanwhile.")
    start = min(found, key=lambda start: abs(start - told))
    return start, start + len(quote)


def _blocks(parent: Parent, path: tuple[int, ...], depth: int) -> Iterator[_Block]:
    """The textblocks in reading order."""
    blocks = [child for child in members(parent) if isinstance(child, XmlElement) and child.tag in NODES]
    for index, child in enumerate(blocks if depth <= MAX_DEPTH else []):
        tag = str(child.tag)
        if NODES[tag].is_textblock:
            yield _Block((*path, index), tag, list(_pieces(child)))
        else:
            yield from _blocks(child, (*path, index), depth + 1)


def _pieces(block: XmlElement) -> Iterator[_Piece]:
    for child in members(block):
        if isinstance(child, XmlElement):
            yield _Piece(_ATOM, None, 0, {})
            continue
        pieces = [(piece, attributes or {}) for piece, attributes in child.diff()]
        sizes = (to_utf8(piece, len(piece)) if isinstance(piece, str) else _EMBED_BYTES for piece, _ in pieces)
        for (piece, attributes), offset in zip(pieces, accumulate(sizes, initial=0), strict=False):
            if isinstance(piece, str):
                yield _Piece(piece, child, offset, attributes)


def _format(block: _Block, low: int, high: int, attributes: Attrs) -> None:
    """Set formatting between two code points of a block."""
    start = 0
    for piece in block.pieces:
        stop = start + len(piece.characters)
        begin, end = max(low, start) - start, min(high, stop) - start
        if piece.text is not None and begin < end:
            first, last = to_utf8(piece.characters, begin), to_utf8(piece.characters, end)
            piece.text.format(piece.offset + first, piece.offset + last, attributes)
        start = stop


def _thread(key: str, value: object) -> str | None:
    """The thread that a formatting attribute stands for, if it is a comment."""
    thread = value.get("thread") if isinstance(value, dict) and name_of(key) == "comment" else None
    return thread if isinstance(thread, str) else None
