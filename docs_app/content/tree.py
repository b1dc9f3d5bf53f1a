"""The shared XmlFragment as ProseMirror JSON, and back: a block is an XmlElement, a run of text an XmlText.

What clients wrote may be anything that a CRDT can hold, so the tree is walked child by child (never `str()`, which can
loop for ever) to a bounded depth, and validity decides what of it is document.

Where a client put something that is no XML among children, those behind it cannot be reached, and an index may hang the
CRDT for ever (measured, with letters of several bytes). Such a parent is read as far as it goes and never edited.
"""

from __future__ import annotations

from collections.abc import Iterator

from pycrdt import XmlElement, XmlFragment, XmlText

from docs_app.content.markkeys import formatting, marks_in
from docs_app.content.nodes import Attrs, Mark, Node, children, coalesce, is_text, text_node
from docs_app.content.positions import utf8_length
from docs_app.content.validity import MAX_DEPTH, settle

Parent = XmlFragment | XmlElement
Child = XmlElement | XmlText
Runs = list[Node]  # the text nodes that stand side by side in one XmlText


class Unreachable(ValueError):
    """Something that is no XML stands among the document's blocks; they cannot be edited."""


def to_json(fragment: XmlFragment) -> Node:
    """The document as the schema admits it; of anything else in the tree nothing is left."""
    with fragment.doc.transaction():
        return settle({"content": read_children(fragment, 1)})


def build(fragment: XmlFragment, document: Node) -> None:
    """Write `document` into an empty fragment, as an editor would have. Raises ValueError if it is not empty."""
    with fragment.doc.transaction():
        if len(fragment.children):
            raise ValueError("This document has content already.")
        for index, node in enumerate(children(settle(document))):
            write(fragment, index, node)


def members(parent: Parent) -> list[Child]:
    """The elements and texts among the children, as far as they can be reached."""
    return [child for child in parent.children if isinstance(child, (XmlElement, XmlText))]


def is_sound(parent: Parent) -> bool:
    """Whether all children can be reached, so that their indexes are right."""
    return len(members(parent)) == len(parent.children)


def read(child: Child, depth: int) -> list[Node]:
    """One child, unchecked: the nodes that it would be if the schema admitted them. `depth` counts from the root."""
    if isinstance(child, XmlText):
        return list(runs(child))
    if depth > MAX_DEPTH:
        return []
    return [{"type": child.tag, "attrs": attributes(child), "content": read_children(child, depth + 1)}]


def attributes(element: XmlElement) -> Attrs:
    """The element's attributes as the CRDT gives them: every number is a float."""
    attrs: Attrs = dict(element.attributes)  # type: ignore[call-overload]  # typed as if it were not iterable
    return attrs


def read_children(parent: Parent, depth: int) -> list[Node]:
    return [node for child in members(parent) for node in read(child, depth)]


def runs(text: XmlText) -> Iterator[Node]:
    """The text nodes of an XmlText, unchecked; embedded objects are skipped."""
    for piece, attributes in text.diff():
        if isinstance(piece, str):
            yield text_node(piece, marks_in(attributes))


def grouped(inline: list[Node]) -> list[Node | Runs]:
    """Inline content as the CRDT keeps it: neighbouring text nodes make one text, an atom stands for itself."""
    units: list[Node | Runs] = []
    for node in coalesce(inline):
        if not is_text(node):
            units.append(node)
        elif units and isinstance(units[-1], list):
            units[-1].append(node)
        else:
            units.append([node])
    return units


def write(parent: Parent, index: int, node: Node | Runs) -> None:
    """Insert a valid node, with all that is in it, as the child `index` of `parent`."""
    if isinstance(node, list):
        write_runs(parent.children.insert(index, XmlText("")), 0, node)
        return
    element = parent.children.insert(index, XmlElement(node["type"]))
    for name, value in node.get("attrs", {}).items():
        if value is not None:
            element.attributes[name] = value
    for position, unit in enumerate(grouped(children(node))):
        write(element, position, unit)


def write_runs(text: XmlText, offset: int, nodes: Runs) -> None:
    """Insert text nodes at `offset` bytes."""
    for node in nodes:
        marks: list[Mark] = node.get("marks", [])
        text.insert(offset, node["text"], formatting(marks))
        offset += utf8_length(node["text"])
