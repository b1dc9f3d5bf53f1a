"""Documents as HTML, Markdown and plain text. Each takes ProseMirror JSON of any origin and shows its valid part."""

from __future__ import annotations

from docs_app.content.mentions import Known, labelled
from docs_app.content.nodes import Node, attr, children, plain
from docs_app.content.render_html import to_html
from docs_app.content.render_markdown import to_markdown
from docs_app.content.schema import NODES
from docs_app.content.validity import settle

__all__ = ["to_html", "to_markdown", "to_text"]


def to_text(document: Node, *, known: Known | None = None) -> str:
    """The words alone: a line for each block, a tab between the cells of a row, list items with their markers."""
    return "\n".join(_lines(labelled(settle(document), known or Known())))


def _lines(node: Node) -> list[str]:
    node_type = NODES[node["type"]]
    if node_type.is_textblock or (not node_type.content and plain(node)):
        return plain(node).split("\n")
    if node["type"] == "tableRow":
        return ["\t".join(" ".join(_lines(cell)) for cell in children(node))]
    lines = [line for child in children(node) for line in _lines(child)]
    marker = _marker(node)
    if not marker:
        return lines
    first, *rest = lines or [""]  # a rule has no words, and may be all that is quoted
    return [marker + first, *(" " * len(marker) + line for line in rest)]


def _marker(node: Node) -> str:
    if node["type"] == "taskItem":
        return "[x] " if attr(node, "checked") else "[ ] "
    return {"listItem": "- ", "blockquote": "> "}.get(node["type"], "")
