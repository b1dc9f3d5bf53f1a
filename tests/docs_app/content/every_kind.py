"""One document with every node, every mark and every attribute of the schema in it."""

from __future__ import annotations

from typing import Any

from docs_app.content.attributes import CALLOUTS, COLORS
from docs_app.content.nodes import Mark, Node
from docs_app.content.validity import settle

FILE = "/files/0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0"
DOCUMENT = "5d1f0c2b-3a49-4857-8667-758493a2b1c0"


def every_kind() -> Node:
    """The document, settled. Its first heading is "Every kind"."""
    return settle({"content": [*_words(), *_lists(), _table(), *_media(), *_boxes(), *_apart()]})


def _text(text: str, *marks: str | Mark) -> Node:
    return {"type": "text", "text": text, "marks": [{"type": m} if isinstance(m, str) else m for m in marks]}


def _node(kind: str, /, *content: Node | str, **attrs: Any) -> Node:
    inner = [_text(child) if isinstance(child, str) else child for child in content]
    return {"type": kind, "attrs": attrs, "content": inner}


def _paragraph(*content: Node | str, **attrs: Any) -> Node:
    return _node("paragraph", *content, **attrs)


def _words() -> list[Node]:
    link: Mark = {"type": "link", "attrs": {"href": "https://example.org/a?b=c&d", "title": "There"}}
    marks: list[str | Mark] = [
        "bold",
        "italic",
        "underline",
        "strike",
        "code",
        "highlight",
        "superscript",
        "subscript",
        link,
    ]
    named = [piece for mark in marks for piece in (_text("marked", mark), _text(" "))]
    colours = [
        piece
        for name in COLORS
        for kind in ("textColor", "highlight")
        for piece in (_text(name, {"type": kind, "attrs": {"color": name}}), _text(" "))
    ]
    return [
        _node("heading", "Every kind", level=1),
        *(_node("heading", f"Heading {level}", level=level) for level in range(2, 7)),
        _node("heading", "In the middle", level=2, textAlign="center"),
        _paragraph(*named, "and not."),
        _paragraph(*colours, "and black."),
        *(_paragraph(f"To the {side}.", textAlign=side) for side in ("left", "center", "right", "justify")),
        _paragraph(
            "Two", {"type": "hardBreak"}, "lines, and ", _node("inlineMath", latex=r"e^{i\pi} = -1"), " in one."
        ),
        _paragraph(
            _node("personMention", person="user:7", name="Ada [1]"),
            " and ",
            _node("documentMention", document=DOCUMENT),
            " until ",
            _node("dateMention", date="2026-12-24"),
            ".",
        ),
        _node("blockquote", _paragraph("Quoted.")),
        _node("codeBlock", "def answer():\n    return 42  # as ever", language="python"),
        {"type": "horizontalRule"},
    ]


def _lists() -> list[Node]:
    inner = _node("bulletList", _node("listItem", _paragraph("deeper")))
    return [
        _node("bulletList", _node("listItem", _paragraph("one"), inner), _node("listItem", _paragraph("two"))),
        _node("orderedList", _node("listItem", _paragraph("third")), start=3, type="a"),
        _node("taskList", *(_node("taskItem", _paragraph("do it"), checked=done) for done in (True, False))),
    ]


def _table() -> Node:
    head = [_node("tableHeader", _paragraph(word), colwidth=[160]) for word in ("Name", "Size")]
    wide = _node("tableCell", _paragraph("both"), colspan=2, colwidth=[160, 160], align="center")
    tall = _node("tableCell", _paragraph("two rows"), rowspan=2, colwidth=[160])
    one, two = (_node("tableCell", _paragraph(number), colwidth=[160]) for number in "12")
    return _node("table", *(_node("tableRow", *row) for row in (head, [wide], [tall, one], [two])))


def _media() -> list[Node]:
    caption: list[Node | str] = ["A picture of ", _text("something", "italic"), "."]
    return [
        _node("image", *caption, src=FILE, alt="Something", title="A title", width=320, align="right"),
        _node("image", src=FILE),
        _node("file", src=FILE, name="report <1>.pdf", size=1_234_567),
        _node("embed", href="https://example.org/", title="An example"),
        _node("blockMath", latex="\\sum_{i=1}^n i\n= \\frac{n(n+1)}{2}"),
        _node("blockMath", latex=r"\frac{broken"),
    ]


def _boxes() -> list[Node]:
    hidden = _node(
        "detailsContent", _paragraph("What is hidden."), _node("bulletList", _node("listItem", _paragraph("x")))
    )
    return [
        *(_node("callout", _paragraph(f"A {kind}."), kind=kind) for kind in CALLOUTS),
        _node("details", _node("detailsSummary", _text("More", "bold")), hidden),
        _node("columns", *(_node("column", _paragraph(side)) for side in ("left", "right"))),
    ]


def _apart() -> list[Node]:
    return [
        {"type": "tableOfContents"},
        _paragraph(
            "A claim", _node("footnoteReference", note="proof"), " and another", _node("footnoteReference", note="b")
        ),
        _node("footnote", _paragraph("The second proof."), note="b"),
        _node("footnote", _paragraph("The proof."), _paragraph("Continued."), note="proof"),
        _node("footnote", _paragraph("Nothing refers to this."), note="lost"),
        _paragraph(_text("commented", {"type": "comment", "attrs": {"thread": "thread-1"}})),
    ]
