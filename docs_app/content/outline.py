"""What of a document depends on all of it: its headings in order, and the numbers of its footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docs_app.content.nodes import Node, attr, children, plain


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with the id that its HTML has, if the document lists its headings."""

    level: int
    text: str
    anchor: str


def headings(blocks: list[Node]) -> list[Heading]:
    """All headings in reading order, also those inside other blocks."""
    found = (node for node in _walk(blocks) if node["type"] == "heading")
    return [
        Heading(attr(node, "level"), " ".join(plain(node).split()), f"section-{number}")
        for number, node in enumerate(found, 1)
    ]


def note_numbers(blocks: list[Node]) -> dict[str, int]:
    """The footnotes that the text refers to, by name, numbered as they are first referred to."""
    names = dict.fromkeys(attr(node, "note") for node in _walk(blocks) if node["type"] == "footnoteReference")
    return {name: number for number, name in enumerate(names, 1)}


def has_contents(blocks: list[Node]) -> bool:
    """Whether the headings are listed somewhere."""
    return any(node["type"] == "tableOfContents" for node in _walk(blocks))


def _walk(blocks: list[Node]) -> Iterator[Node]:
    for block in blocks:
        yield block
        yield from _walk(children(block))
