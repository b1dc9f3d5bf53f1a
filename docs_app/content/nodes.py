"""What a document is made of, as ProseMirror writes it in JSON: the aliases, and what all its readers ask of a node.

A node is {"type": name, "attrs"?: {...}, "content"?: [nodes]}, a text node {"type": "text", "text": str, "marks"?:
[marks]}, a mark {"type": name, "attrs"?: {...}}. Knows no schema and no CRDT.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

Node = dict[str, Any]
Mark = dict[str, Any]
Attrs = dict[str, Any]

INLINE = frozenset(
    {"text", "hardBreak", "inlineMath", "footnoteReference", "personMention", "documentMention", "dateMention"}
)
"""The schema's group of that name."""
_WORDS = {
    "inlineMath": ("latex",),
    "blockMath": ("latex",),
    "file": ("name",),
    "embed": ("title", "href"),
    "personMention": ("label", "name"),
    "documentMention": ("label",),
    "dateMention": ("label", "date"),
}
"""Where an atom's words stand; a mention has its label only for a reader (docs_app.content.mentions)."""


def children(node: Node) -> list[Node]:
    content: list[Node] = node.get("content", [])
    return content


def attr(node: Node | Mark, name: str) -> Any:
    """The attribute's value, None if there is none."""
    return node.get("attrs", {}).get(name)


def text_node(text: str, marks: list[Mark] | None = None) -> Node:
    return {"type": "text", "text": text, "marks": marks} if marks else {"type": "text", "text": text}


def is_text(node: Node) -> bool:
    return bool(node["type"] == "text")


def is_inline(node: Node) -> bool:
    return node["type"] in INLINE


def coalesce(inline: list[Node]) -> list[Node]:
    """Inline content in which neighbouring texts of equal marks are one text node, and empty ones are gone."""
    first: list[Node] = []
    texts: list[list[str]] = []
    for node in inline:
        if not is_text(node):
            first.append(node)
            texts.append([])
        elif node["text"]:
            last = first[-1] if first else None
            if last and is_text(last) and last.get("marks", []) == node.get("marks", []):
                texts[-1].append(node["text"])
            else:
                first.append(node)
                texts.append([node["text"]])
    return [node | {"text": "".join(text)} if len(text) > 1 else node for node, text in zip(first, texts, strict=True)]


def without_comments(node: Node, *, but: Collection[str] = ()) -> Node:
    """The node as it would be if nobody had commented on it, or in no thread `but` these."""
    if is_text(node):
        marks = [mark for mark in node.get("marks", []) if mark["type"] != "comment" or attr(mark, "thread") in but]
        return node if len(marks) == len(node.get("marks", [])) else text_node(node["text"], marks)
    content = children(node)
    bare = [without_comments(child, but=but) for child in content]
    return node | {"content": coalesce(bare)} if bare != content else node


def plain(node: Node) -> str:
    """All the text below a node; breaks and the borders between blocks count as one line break, a formula as LaTeX."""
    if is_text(node):
        text: str = node["text"]
        return text
    inline = any(is_inline(child) for child in children(node))
    return ("" if inline else "\n").join(map(plain, children(node))) if children(node) else _atom(node)


def _atom(node: Node) -> str:
    """The words that stand in an atom's attributes."""
    if node["type"] == "hardBreak":
        return "\n"
    words = next((str(attr(node, name)) for name in _WORDS.get(node["type"], ()) if attr(node, name)), "")
    return f"@{words}" if node["type"] == "personMention" else words
