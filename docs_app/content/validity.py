"""Any JSON becomes a document of the schema: what no editor would keep is dropped, text is not lost without need.

Content comes from clients' CRDT updates, from files and from the API, so nothing is assumed about its shape. Where a
node demands a paragraph that is missing, an empty one is added; attributes of a wrong kind become their default; links
to schemes that could run a script are unlinked, images and files that are not this site's own are none; what nests
deeper than MAX_DEPTH is cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from docs_app.content.attributes import ILLEGAL, is_complete, settle_attrs
from docs_app.content.nodes import Mark, Node, coalesce
from docs_app.content.schema import MARKS, NODES, TOP, NodeType, Term

T = TypeVar("T")

MAX_DEPTH = 64  # nodes within nodes; thirty lists in one another
_PARAGRAPH: Node = {"type": "paragraph", "attrs": dict(NODES["paragraph"].attrs)}
_PARTS: tuple[Node, ...] = (
    _PARAGRAPH,
    {"type": "detailsSummary"},
    {"type": "detailsContent", "content": [_PARAGRAPH]},
)


def settle(document: object) -> Node:
    """The document that `document` (ProseMirror JSON, or anything) stands for; settling it again changes nothing."""
    top = NODES[TOP]
    content = document.get("content") if isinstance(document, Mapping) else None
    return {"type": TOP, "content": _fit(_children(content, top, 1), top) or []}


def settle_node(raw: object, parent: NodeType, depth: int) -> Node | None:
    """One node as it may stand in `parent`, None if it may stand nowhere. `depth` counts from the root."""
    if not isinstance(raw, Mapping) or depth > MAX_DEPTH:
        return None
    node_type = _named(raw, NODES)
    if node_type is None or node_type.name == TOP:
        return None
    if node_type.name == "text":
        return _settle_text(raw, parent)
    node: Node = {"type": node_type.name}
    if node_type.attrs:
        node["attrs"] = settle_attrs(node_type.name, raw.get("attrs"), node_type.attrs)
        if not is_complete(node_type.name, node["attrs"]):
            return None
    content = _fit(_children(raw.get("content"), node_type, depth + 1), node_type)
    if content is None:
        return None
    return node | {"content": content} if content else node


def settle_marks(raw: object, parent: NodeType) -> list[Mark]:
    """The marks that text in `parent` may carry, in the order of their rank, each once (comments once a thread)."""
    found: dict[tuple[int, str], Mark] = {}
    for mark in raw if isinstance(raw, list) else []:
        settled = _settle_mark(mark, parent)
        if settled:
            found.setdefault(_rank(settled), settled)
    return [found[rank] for rank in sorted(found)]


def _settle_mark(raw: object, parent: NodeType) -> Mark | None:
    mark_type = _named(raw, MARKS) if isinstance(raw, Mapping) else None
    if not isinstance(raw, Mapping) or mark_type is None or mark_type.name not in parent.marks:
        return None
    if not mark_type.attrs:
        return {"type": mark_type.name}
    attrs = settle_attrs(mark_type.name, raw.get("attrs"), mark_type.attrs)
    return {"type": mark_type.name, "attrs": attrs} if is_complete(mark_type.name, attrs) else None


def _named(raw: Mapping[str, Any], types: Mapping[str, T]) -> T | None:
    name = raw.get("type")
    return types.get(name) if isinstance(name, str) else None


def _rank(mark: Mark) -> tuple[int, str]:
    mark_type = MARKS[mark["type"]]
    return mark_type.rank, mark["attrs"]["thread"] if mark_type.overlaps else ""


def _settle_text(raw: Mapping[str, Any], parent: NodeType) -> Node | None:
    text = raw.get("text")
    if not isinstance(text, str) or not text:
        return None
    node: Node = {"type": "text", "text": ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)}
    marks = settle_marks(raw.get("marks"), parent)
    return node | {"marks": marks} if marks else node


def _children(raw: object, parent: NodeType, depth: int) -> list[Node]:
    items = raw if isinstance(raw, list) and parent.content else []
    settled = (settle_node(item, parent, depth) for item in items)
    return [node for node in settled if node is not None]


def _fit(found: list[Node], node_type: NodeType) -> list[Node] | None:
    """The children that the content expression admits, with the paragraph it demands; None if it cannot be met."""
    fitted: list[Node] = []
    for term in node_type.content:
        taken = _take(term, found)
        if len(taken) < term.least:
            filler = _filler(term)
            if filler is None:
                return None
            taken = [filler]
        fitted += taken
    return coalesce(fitted) if node_type.is_textblock else fitted


def _filler(term: Term) -> Node | None:
    """What stands in where `term` is not met: an empty paragraph, or a part without which its parent is none."""
    return next((dict(part) for part in _PARTS if part["type"] in term.names), None)


def _take(term: Term, found: list[Node]) -> list[Node]:
    """Take from the front of `found` what `term` stands for."""
    if term.many:
        taken = [node for node in found if node["type"] in term.names]
        found.clear()
        return taken
    return [found.pop(0)] if found and found[0]["type"] in term.names else []
