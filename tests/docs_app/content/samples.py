"""Random documents of the schema, random edits of them, and documents held to what Markdown can say."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from pycrdt import Doc, XmlFragment

from docs_app.content import tree
from docs_app.content.nodes import Mark, Node, children
from docs_app.content.validity import settle
from tests.docs_app.content.every_kind import DOCUMENT, FILE

WORDS = ["brave", "new", "world", "é", "漢字", "😀", "👩‍🚀", "e\u0301", "a", "the", "1.", "-", "(", "x_y"]
NAMES = ["Ada", "Zoë 😀", "a_b [x] *y*", "] (", "&amp; \\ <b>", "$1", "@"]
THREADS = ["thread-1", "thread-2", "thread-3"]
MARKS: list[Mark] = [
    {"type": "bold"},
    {"type": "italic"},
    {"type": "code"},
    {"type": "strike"},
    {"type": "underline"},
    {"type": "link", "attrs": {"href": "https://example.org/a?b=c&d=e"}},
    {"type": "highlight", "attrs": {"color": "green"}},
    {"type": "textColor", "attrs": {"color": "red"}},
    {"type": "superscript"},
]
ATOMS: list[Node] = [
    {"type": "horizontalRule"},
    {"type": "file", "attrs": {"src": FILE, "name": "a.pdf"}},
    {"type": "embed", "attrs": {"href": "https://example.org/", "title": None}},
    {"type": "blockMath", "attrs": {"latex": "x^2"}},
    {"type": "tableOfContents"},
]


def empty_fragment() -> XmlFragment:
    doc: Doc[XmlFragment] = Doc()
    return doc.get("default", type=XmlFragment)


def fragment_of(document: Node) -> XmlFragment:
    """A live document that holds `document`."""
    fragment = empty_fragment()
    tree.build(fragment, document)
    return fragment


def replica_of(fragment: XmlFragment) -> XmlFragment:
    """The same document in another replica."""
    other = empty_fragment()
    other.doc.apply_update(fragment.doc.get_update())
    return other


def exchange(one: XmlFragment, other: XmlFragment) -> None:
    """Bring both replicas to the same state."""
    ours, theirs = one.doc.get_update(other.doc.get_state()), other.doc.get_update(one.doc.get_state())
    one.doc.apply_update(theirs)
    other.doc.apply_update(ours)


def paragraph(*texts: str | Node) -> Node:
    content = [{"type": "text", "text": text} if isinstance(text, str) else text for text in texts]
    return {"type": "paragraph", "content": content} if content else {"type": "paragraph"}


def document(*blocks: Node) -> Node:
    return settle({"content": list(blocks)})


def marked(text: str, *marks: str | Mark) -> Node:
    return {"type": "text", "text": text, "marks": [{"type": m} if isinstance(m, str) else m for m in marks]}


def comment(thread: str) -> Mark:
    return {"type": "comment", "attrs": {"thread": thread}}


def without_comments(node: Node) -> Node:
    """A settled copy without its comment marks."""
    copy = deepcopy(node)
    _strip(copy)
    return settle(copy)


def _strip(node: Node) -> None:
    if "marks" in node:
        node["marks"] = [mark for mark in node["marks"] if mark["type"] != "comment"]
    for child in children(node):
        _strip(child)


def random_document(rng: Random, *, blocks: int = 5, comments: bool = True) -> Node:
    return document(*(_block(rng, 0, comments) for _ in range(rng.randint(0, blocks))))


def random_edit(rng: Random, before: Node) -> Node:
    """`before` after a few edits such as people make."""
    after = deepcopy(before)
    for _ in range(rng.randint(1, 4)):
        _edit(rng, after)
    return settle(after)


def _edit(rng: Random, node: Node) -> None:
    content = children(node)
    inner = [child for child in content if child.get("content")]
    if inner and rng.random() < 0.7:
        return _edit(rng, rng.choice(inner))
    at = rng.randint(0, len(content))
    texts = [child for child in content if child["type"] == "text"]
    roll = rng.random()
    if texts and roll < 0.6:
        _edit_text(rng, rng.choice(texts))
    elif content and roll < 0.75:
        del content[min(at, len(content) - 1)]
    elif texts:
        content.insert(at, _text(rng, comments=True))
    elif content and roll < 0.85:
        content.insert(at, deepcopy(rng.choice(content)))
    else:
        content.insert(at, _block(rng, 0, comments=True))


def _edit_text(rng: Random, node: Node) -> None:
    text: str = node["text"]
    start = rng.randint(0, len(text))
    stop = min(len(text), start + rng.randint(0, 6))
    node["text"] = text[:start] + rng.choice(["", " ", rng.choice(WORDS), "😀"]) + text[stop:]
    if rng.random() < 0.3:
        node["marks"] = _marks(rng, comments=True)


def _block(rng: Random, depth: int, comments: bool) -> Node:
    kind = rng.choice(["paragraph"] * 5 + ["heading", "codeBlock", "atom", "image"] + ["nested"] * (3 - min(depth, 3)))
    if kind == "nested":
        return _nested(rng, depth + 1, comments)
    if kind == "codeBlock":
        return {
            "type": kind,
            "attrs": {"language": rng.choice([None, "python", "c++"])},
            "content": [_text(rng, comments)],
        }
    if kind == "atom":
        return deepcopy(rng.choice(ATOMS))
    attrs = {"level": rng.randint(1, 6), "src": FILE, "textAlign": rng.choice([None, "center"])}
    return {"type": kind, "attrs": attrs, "content": _inline(rng, comments)}


def _nested(rng: Random, depth: int, comments: bool) -> Node:
    def some(low: int = 1) -> list[Node]:
        return [_block(rng, depth, comments) for _ in range(rng.randint(low, 2))]

    def items(kind: str, **attrs: Any) -> list[Node]:
        first = {"type": "paragraph", "content": _inline(rng, comments)}
        return [{"type": kind, "attrs": attrs, "content": [first, *some(0)]} for _ in range(rng.randint(1, 3))]

    kind = rng.choice(
        ["bulletList", "orderedList", "taskList", "blockquote", "table", "callout", "details", "columns", "footnote"]
    )
    if kind == "taskList":
        return {"type": kind, "content": items("taskItem", checked=rng.random() < 0.5)}
    if kind in ("blockquote", "callout", "footnote"):
        return {"type": kind, "attrs": {"kind": "tip", "note": "1"}, "content": some()}
    if kind == "details":
        parts = [("detailsSummary", [_text(rng, comments)]), ("detailsContent", some())]
        return {"type": kind, "content": [{"type": part, "content": content} for part, content in parts]}
    if kind == "columns":
        return {"type": kind, "content": [{"type": "column", "content": some()} for _ in range(2)]}
    if kind == "table":
        cell = {"colspan": rng.randint(1, 2), "colwidth": rng.choice([None, [120], [80, 90]])}
        rows = [
            [{"type": rng.choice(["tableCell", "tableHeader"]), "attrs": cell, "content": some()} for _ in range(2)]
            for _ in range(rng.randint(1, 3))
        ]
        return {"type": kind, "content": [{"type": "tableRow", "content": row} for row in rows]}
    return {"type": kind, "attrs": {"start": rng.randint(1, 3)}, "content": items("listItem")}


def _inline(rng: Random, comments: bool) -> list[Node]:
    atoms: list[Node] = [
        {"type": "hardBreak"},
        {"type": "inlineMath", "attrs": {"latex": rng.choice("xyz")}},
        random_mention(rng),
    ]
    return [rng.choice(atoms) if rng.random() < 0.15 else _text(rng, comments) for _ in range(rng.randint(0, 4))]


def random_mention(rng: Random) -> Node:
    return rng.choice(
        [
            {"type": "personMention", "attrs": {"person": f"user:{rng.randint(1, 99)}", "name": rng.choice(NAMES)}},
            {"type": "documentMention", "attrs": {"document": DOCUMENT}},
            {"type": "dateMention", "attrs": {"date": f"2026-12-{rng.randint(1, 31):02}"}},
        ]
    )


def _text(rng: Random, comments: bool) -> Node:
    words = rng.choices(WORDS, k=rng.randint(1, 6))
    return {"type": "text", "text": rng.choice([" ", " ", ""]).join(words), "marks": _marks(rng, comments)}


def _marks(rng: Random, comments: bool) -> list[Mark]:
    marks = rng.sample(MARKS, rng.choice([0, 0, 1, 2]))
    threads = rng.sample(THREADS, rng.choice([0, 0, 0, 1, 2])) if comments else []
    return marks + [comment(thread) for thread in threads]
