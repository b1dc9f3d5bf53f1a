"""A long document and twenty people typing in it: real Yjs updates, made beforehand, the same bytes for every page.

An editor keeps its blocks in its own way; the text, the typists and the places where they type are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from benchmarks.dialects import Seat
from benchmarks.load import Stroke
from benchmarks.script import ROOT, SENTENCE, Line, Script, rhythm, spread, type_into
from benchmarks.sockets import Client, framed
from collab.protocol import ClientState, awareness

BLOCKS, CHARACTERS, TYPISTS = 2000, 100_000, 20
RATE = 5.0  # strokes a second of each typist
MEASURED = BLOCKS // 2 + 3  # the block in which the measured person types; a typist's is in sight of it
_SEEDER = 1 << 30

Shape = Callable[[XmlFragment, list[XmlText]], None]
"""Puts texts, a block each, into an empty document."""


def plain(root: XmlFragment, texts: list[XmlText]) -> None:
    """As Tiptap has it: paragraphs."""
    for text in texts:
        root.children.append(XmlElement("paragraph", contents=[text]))


def boxed(root: XmlFragment, texts: list[XmlText]) -> None:
    """As BlockNote has it: every block in a box with an id of its own, all boxes in a group."""
    looks = {"backgroundColor": "default", "textColor": "default", "textAlignment": "left"}
    boxes = [
        XmlElement("blockContainer", {"id": f"block-{number}"}, [XmlElement("paragraph", looks, [text])])
        for number, text in enumerate(texts)
    ]
    root.children.append(XmlElement("blockGroup", contents=boxes))


def write_book(shape: Shape, edits: int) -> Script:
    """The document, and so many edits of each typist. `text` is that of the document before anybody types."""
    doc: Doc[XmlFragment] = Doc(client_id=_SEEDER)
    root = doc.get(ROOT, type=XmlFragment)
    letters = cycle(SENTENCE)
    words = ["".join(islice(letters, CHARACTERS // BLOCKS)) for _ in range(BLOCKS)]
    with doc.transaction():
        shape(root, [XmlText(text) for text in words])
    seed = doc.get_update()
    lines = [_line(seed, number, block, edits) for number, block in enumerate(spread(BLOCKS, TYPISTS))]
    return Script(seed, lines, "\n".join(words))


def _line(seed: bytes, number: int, block: int, edits: int) -> Line:
    doc: Doc[XmlFragment] = Doc(client_id=_SEEDER + 1 + number)
    root = doc.get(ROOT, type=XmlFragment)
    doc.apply_update(seed)
    return type_into(doc, _texts(root)[block], edits)


def _texts(root: XmlFragment | XmlElement) -> list[XmlText]:
    """All texts below, in order."""
    children = list(root.children)
    return [
        text
        for child in children
        for text in (_texts(child) if isinstance(child, XmlElement) else [child])
        if isinstance(text, XmlText)
    ]


def book_text(doc: Doc[XmlFragment]) -> str:
    """The blocks that are not empty, one a line."""
    texts = ["".join(str(piece) for piece, _ in text.diff()) for text in _texts(doc.get(ROOT, type=XmlFragment))]
    return "\n".join(text for text in texts if text)


def caret(line: Line, edit: int) -> bytes:
    """The awareness message of a typist who has just made this edit: the caret stands behind it."""
    place = {"item": {"client": line.client_id, "clock": edit}, "assoc": -1}
    user = {"name": f"Typist {line.client_id - _SEEDER}", "color": "#b3261e"}
    return awareness(
        [ClientState(line.client_id, edit + 1, {"user": user, "cursor": {"anchor": place, "head": place}})]
    )


def strokes(line: Line, number: int, seat: Seat, client: Client) -> list[Stroke]:
    """A typist's part: each edit, and with it the caret, as a page sends them."""
    times = rhythm(number, RATE, len(line.updates))
    frames = [framed(seat.update(update)) + framed(caret(line, edit)) for edit, update in enumerate(line.updates)]
    keys = [(seat.document, line.client_id, edit) for edit in range(len(frames))]
    return [Stroke(due, client, frame, key) for due, frame, key in zip(times, frames, keys, strict=True)]
