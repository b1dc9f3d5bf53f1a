"""Inline content as a sequence of marks that open and close around texts and atoms, well nested.

ProseMirror puts marks on every text; HTML and Markdown nest them. A mark stays open as long as it can, the one that
reaches furthest opens first, and a break in the line belongs to the marks around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from docs_app.content.nodes import Mark, Node, is_text


@dataclass(frozen=True, slots=True)
class Edge:
    """A mark begins or ends here."""

    kind: Literal["open", "close"]
    mark: Mark


_HORIZON = 100  # how many nodes ahead it is worth looking; bounds the cost of staggered marks
Span = Edge | Node


def spans(inline: list[Node], apart: str = "") -> list[Span]:
    """Texts and atoms with edges between them; the mark named `apart` gets none."""
    marks = [[mark for mark in own if mark["type"] != apart] for own in _marks(inline)]
    out: list[Span] = []
    stack: list[Mark] = []
    for index, node in enumerate(inline):
        _close(stack, _shared(stack, marks[index]), out)
        fresh = [mark for mark in marks[index] if mark not in stack]
        for mark in sorted(fresh, key=lambda mark: -_reach(mark, marks, index)):
            stack.append(mark)
            out.append(Edge("open", mark))
        out.append(node)
    _close(stack, 0, out)
    return out


def _marks(inline: list[Node]) -> list[list[Mark]]:
    """Each node's marks; an atom's are those that the texts before and after it share, if it has none of its own."""
    before: list[list[Mark]] = []
    for node in inline:
        before.append(node.get("marks", []) if _has_marks(node) else before[-1] if before else [])
    after: list[Mark] = []
    for index in range(len(inline) - 1, -1, -1):
        if _has_marks(inline[index]):
            after = before[index]
        else:
            before[index] = [mark for mark in before[index] if mark in after]
    return before


def _has_marks(node: Node) -> bool:
    return is_text(node) or "marks" in node


def _shared(stack: list[Mark], marks: list[Mark]) -> int:
    """How many marks, from the bottom of the stack, stay open."""
    return next((index for index, mark in enumerate(stack) if mark not in marks), len(stack))


def _close(stack: list[Mark], keep: int, out: list[Span]) -> None:
    while len(stack) > keep:
        out.append(Edge("close", stack.pop()))


def _reach(mark: Mark, marks: list[list[Mark]], index: int) -> int:
    end = index
    while end < min(len(marks), index + _HORIZON) and mark in marks[end]:
        end += 1
    return end - index
