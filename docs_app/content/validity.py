"""Any JSON becomes a document of the schema: what no editor would keep is dropped, text is not lost without need.

Content comes from clients' CRDT updates, from files and from the API, so nothing is assumed about its shape. Where a
node demands a paragraph that is missing, an empty one is added; attributes of a wrong kind become their default; links
to schemes that could run a script are unlinked; what nests deeper than MAX_DEPTH is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from docs_app.content.links import safe_href
from docs_app.content.nodes import Attrs, Mark, Node, coalesce
from docs_app.content.schema import MARKS, NODES, TOP, NodeType, Term

T = TypeVar("T")

MAX_DEPTH = 64  # nodes within nodes; thirty lists in one another
MAX_COLSPAN = 100
MAX_ROWSPAN = 1000
MAX_WORD = 8000  # characters of an attribute, an address above all
_LANGUAGE = re.compile(r"[^\s`]{1,64}")
_ILLEGAL = re.compile("[\x00\ud800-\udfff]")
_LIST_TYPES = (None, "1", "a", "A", "i", "I")
_ALIGNMENTS = (None, "left", "center", "right")


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
    content = _fit(_children(raw.get("content"), node_type, depth + 1), node_type)
    if content is None:
        return None
    return node | {"content": content} if content else node


def settle_attrs(name: str, raw: object, defaults: Attrs) -> Attrs:
    """All attributes of the node or mark, those of a wrong kind as their default."""
    given = raw if isinstance(raw, Mapping) else {}
    attrs = {}
    for key, default in defaults.items():
        value = _integers(given.get(key, default))
        attrs[key] = value if _CHECKS[name, key](value) else default
    return attrs


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
    if attrs.get("href", "") is None or attrs.get("thread", "") is None:
        return None
    return {"type": mark_type.name, "attrs": attrs}


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
    node: Node = {"type": "text", "text": _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)}
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
            if "paragraph" not in term.names:
                return None
            taken = [{"type": "paragraph"}]
        fitted += taken
    return coalesce(fitted) if node_type.is_textblock else fitted


def _take(term: Term, found: list[Node]) -> list[Node]:
    """Take from the front of `found` what `term` stands for."""
    if term.many:
        taken = [node for node in found if node["type"] in term.names]
        found.clear()
        return taken
    return [found.pop(0)] if found and found[0]["type"] in term.names else []


def _integers(value: Any) -> Any:
    """The CRDT gives every number back as a float."""
    if isinstance(value, list):
        return [_integer(item) for item in value[:MAX_COLSPAN]]
    return _integer(value)


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _between(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _one_of(*values: str | None) -> Callable[[Any], bool]:
    return lambda value: value is None or (isinstance(value, str) and value in values)


def _is_word(value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= MAX_WORD and not _ILLEGAL.search(value))


def _is_language(value: Any) -> bool:
    return value is None or (_is_word(value) and _LANGUAGE.fullmatch(value) is not None)


def _is_colwidth(value: Any) -> bool:
    pixels = _between(0, 100_000)
    return value is None or (isinstance(value, list) and all(width is None or pixels(width) for width in value))


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and _is_word(value) and safe_href(value) is not None


_CHECKS: Mapping[tuple[str, str], Callable[[Any], bool]] = {
    ("heading", "level"): _between(1, 6),
    ("orderedList", "start"): _between(0, 999_999_999),
    ("orderedList", "type"): _one_of(*_LIST_TYPES),
    ("taskItem", "checked"): lambda value: isinstance(value, bool),
    ("codeBlock", "language"): _is_language,
    **{
        (cell, key): check
        for cell in ("tableCell", "tableHeader")
        for key, check in (
            ("colspan", _between(1, MAX_COLSPAN)),
            ("rowspan", _between(1, MAX_ROWSPAN)),
            ("colwidth", _is_colwidth),
            ("align", _one_of(*_ALIGNMENTS)),
        )
    },
    ("link", "href"): _is_address,
    **{("link", key): _is_word for key in ("target", "rel", "class", "title")},
    ("comment", "thread"): lambda value: isinstance(value, str) and value != "" and _is_word(value),
}
