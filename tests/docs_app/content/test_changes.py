"""A comparison that reads comfortably: what stayed, came, went, and which words changed."""

from __future__ import annotations

import re
from random import Random

from docs_app.content.diff import Change, changes
from docs_app.content.nodes import Node
from docs_app.content.render import to_html
from tests.docs_app.content.every_kind import FILE
from tests.docs_app.content.samples import (
    comment,
    document,
    marked,
    paragraph,
    random_document,
    random_edit,
    without_comments,
)

BREAK: Node = {"type": "hardBreak"}


def test_blocks_that_stay_come_and_go() -> None:
    old = document(paragraph("stays"), paragraph("goes away"))
    new = document(
        {"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "T"}]}, paragraph("stays")
    )
    assert changes(old, new) == [
        Change("added", "<h1>T</h1>", "T"),
        Change("same", "<p>stays</p>", "stays"),
        Change("removed", "<p>goes away</p>", "goes away"),
    ]


def test_words_within_a_block() -> None:
    old = document(paragraph("a brave new world"))
    new = document(paragraph("a brave ", marked("old", "bold"), " world!"))
    assert changes(old, new) == [
        Change(
            "changed",
            "<p>a brave <del>new</del><ins><strong>old</strong></ins> world<ins>!</ins></p>".replace(
                "<ins><strong>old</strong></ins>", "<strong><ins>old</ins></strong>"
            ),
            "a brave old world!",
        )
    ]


def test_breaks_that_come_and_go() -> None:
    [change] = changes(document(paragraph("one", BREAK, "two")), document(paragraph("one two", BREAK, "three")))
    assert change.kind == "changed" and change.html.count("<br>") == 1


def test_formulas_that_come_and_go() -> None:
    def formula(latex: str) -> Node:
        return {"type": "inlineMath", "attrs": {"latex": latex}}

    [change] = changes(document(paragraph("It is ", formula("x"))), document(paragraph("It is ", formula("y"))))
    assert change.html == (
        '<p>It is <del><span class="math-inline">x</span></del><ins><span class="math-inline">y</span></ins></p>'
    )


def test_blocks_without_text_that_go() -> None:
    file: Node = {"type": "file", "attrs": {"src": FILE, "name": "a.pdf"}}
    quotes = [{"type": "blockquote", "content": content} for content in ([paragraph("a"), file], [paragraph("a")])]
    [change] = changes(*(document(quote) for quote in quotes))
    assert change.html.startswith("<blockquote><p>a</p><del><div") and change.html.endswith("</del></blockquote>")


def test_items_within_a_list() -> None:
    def items(*texts: str) -> Node:
        content: list[Node] = [{"type": "listItem", "content": [paragraph(text)]} for text in texts]
        return document({"type": "bulletList", "content": content})

    [change] = changes(items("keep this", "drop that", "last"), items("keep this", "last", "and one more"))
    assert change.html == (
        "<ul><li><p>keep this</p></li><li><p><del>drop that</del></p></li><li><p>last</p></li>"
        "<li><p><ins>and one more</ins></p></li></ul>"
    )


def test_a_change_of_attributes_alone_is_a_change() -> None:
    old, new = (
        {"type": "heading", "attrs": {"level": level}, "content": [{"type": "text", "text": "T"}]} for level in (1, 2)
    )
    assert changes(document(old), document(new)) == [Change("changed", "<h2>T</h2>", "T")]


def test_comments_are_no_changes() -> None:
    old, new = document(paragraph("a b")), document(paragraph("a ", marked("b", comment("t"))))
    assert [change.kind for change in changes(old, new)] == ["same"]


def test_nasty_text_stays_text() -> None:
    link = {"type": "link", "attrs": {"href": "javascript:x"}}
    old, new = document(paragraph("<script>x</script>")), {"content": [paragraph(marked("<script>y</script>", link))]}
    assert all("<script" not in change.html and "javascript" not in change.html for change in changes(old, new))


def test_without_the_insertions_it_is_the_old_document_and_without_the_deletions_the_new() -> None:
    for seed in range(300):
        rng = Random(seed)
        old = random_document(rng)
        new = random_edit(rng, old)
        found = changes(old, new)
        assert _words(to_html(without_comments(new))) == _words(
            "".join(re.sub(r"<del>.*?</del>", "", change.html) for change in found if change.kind != "removed")
        ), f"seed {seed}"
        assert _words(to_html(without_comments(old))) == _words(
            "".join(re.sub(r"<ins>.*?</ins>", "", change.html) for change in found if change.kind != "added")
        ), f"seed {seed}"


def _words(html: str) -> str:
    """Those of the text, not the numbers and lists that are made from it."""
    return re.sub(r'<nav.*?</nav>|<span class="footnote-number">.</span>|<[^>]*>', "", html)
