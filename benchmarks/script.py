"""What is typed: real Yjs updates, made before the clock runs, the same for every server.

A document is one paragraph per writer; every writer appends to their own, character by character, one update each. A
person's rhythm is uneven, but the same in every run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from pycrdt import Doc, TransactionEvent, XmlElement, XmlFragment, XmlText

ROOT = "default"
SENTENCE = "the quick brown fox jumps over the lazy dog and then writes about it at length, "
_SEEDER = 1 << 30  # client ids: the first paragraphs are this one's, then come the writers'


@dataclass(frozen=True, slots=True)
class Line:
    """One writer's: `updates` in their order, each of one character, so the last has clock `len(updates) - 1`."""

    client_id: int
    updates: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Script:
    """`seed` is the update that writes the paragraphs' beginnings, which are there before anybody types."""

    seed: bytes
    lines: Sequence[Line]
    text: str

    @property
    def clocks(self) -> dict[int, int]:
        """Of each writer, how many edits there are."""
        return {line.client_id: len(line.updates) for line in self.lines}


def write(writers: int, edits: int) -> Script:
    """A script for so many writers, with so many edits each."""
    seed = _seed(writers)
    lines = [_line(seed, number, edits) for number in range(writers)]
    doc = document()
    for update in (seed, *(update for line in lines for update in line.updates)):
        doc.apply_update(update)
    return Script(seed, lines, text_of(doc))


def document() -> Doc[XmlFragment]:
    doc: Doc[XmlFragment] = Doc()
    doc.get(ROOT, type=XmlFragment)
    return doc


def text_of(doc: Doc[XmlFragment]) -> str:
    """The paragraphs that are not empty, one a line."""
    blocks = [block for block in doc.get(ROOT, type=XmlFragment).children if isinstance(block, XmlElement)]
    texts = ["".join(str(piece) for text in _texts(block) for piece, _ in text.diff()) for block in blocks]
    return "\n".join(text for text in texts if text)


def _texts(block: XmlElement) -> Iterator[XmlText]:
    return (child for child in block.children if isinstance(child, XmlText))


def _seed(writers: int) -> bytes:
    doc: Doc[XmlFragment] = Doc(client_id=_SEEDER)
    root = doc.get(ROOT, type=XmlFragment)
    with doc.transaction():
        for number in range(writers):
            root.children.append(XmlElement("paragraph", contents=[XmlText(f"Writer {number}: ")]))
    return doc.get_update()


def _line(seed: bytes, number: int, edits: int) -> Line:
    doc: Doc[XmlFragment] = Doc(client_id=_SEEDER + 1 + number)
    root = doc.get(ROOT, type=XmlFragment)
    doc.apply_update(seed)
    block = root.children[number]
    assert isinstance(block, XmlElement)
    (text,) = _texts(block)
    return type_into(doc, text, edits)


def type_into(doc: Doc[XmlFragment], text: XmlText, edits: int) -> Line:
    """So many characters at the end of a text, as whom the document is."""
    updates: list[bytes] = []

    def keep(event: TransactionEvent) -> None:
        updates.append(event.update)

    watch = doc.observe(keep)
    for _, character in zip(range(edits), cycle(SENTENCE), strict=False):
        text.insert(len(text), character)
    doc.unobserve(watch)
    return Line(doc.client_id, updates)


def rhythm(number: int, rate: float, edits: int) -> list[float]:
    """When a writer types: seconds after the start, `rate` a second on the whole, never twice at once."""
    chance = random.Random(number)
    return [(edit + chance.uniform(0.1, 0.9)) / rate for edit in range(edits)]


def spread(size: int, count: int) -> list[int]:
    """`count` indexes, or fewer if there are not so many, evenly over `size`."""
    count = min(size, count)
    return [index * size // count for index in range(count)]
