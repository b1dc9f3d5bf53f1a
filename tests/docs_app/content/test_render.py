"""HTML that is semantic and cannot run anything, and plain text that reads well."""

from __future__ import annotations

import re
from random import Random

import pytest

from docs_app.content.nodes import Node
from docs_app.content.render import to_html, to_text
from docs_app.content.render_html import size_in_words
from docs_app.content.spans import Edge, spans
from tests.docs_app.content.every_kind import FILE, every_kind
from tests.docs_app.content.samples import MARKS, comment, marked, paragraph, random_document

NASTY = "<script>alert('x')</script>\"&"


def _part(kind: str, *content: Node) -> Node:
    return {"type": kind, "content": list(content)}


def _html(*blocks: Node, comments: bool = False) -> str:
    return to_html({"type": "doc", "content": list(blocks)}, comments=comments)


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (paragraph("a", {"type": "hardBreak"}, "b"), "<p>a<br>b</p>"),
        (paragraph(NASTY), "<p>&lt;script&gt;alert('x')&lt;/script&gt;\"&amp;</p>"),
        ({"type": "heading", "attrs": {"level": 3}, "content": [{"type": "text", "text": "T"}]}, "<h3>T</h3>"),
        ({"type": "horizontalRule"}, "<hr>"),
        ({"type": "blockquote", "content": [paragraph("q")]}, "<blockquote><p>q</p></blockquote>"),
        (
            {"type": "codeBlock", "attrs": {"language": "c++"}, "content": [{"type": "text", "text": "a\n<b>"}]},
            '<pre><code class="language-c++">a\n&lt;b&gt;</code></pre>',
        ),
        (
            {
                "type": "orderedList",
                "attrs": {"start": 3},
                "content": [{"type": "listItem", "content": [paragraph("a")]}],
            },
            '<ol start="3"><li><p>a</p></li></ol>',
        ),
        (paragraph(marked("a", "bold"), marked("b", "bold", "italic"), "c"), "<p><strong>a<em>b</em></strong>c</p>"),
        (paragraph(marked("a", "strike", "underline", "code")), "<p><code><s><u>a</u></s></code></p>"),
        (paragraph("a") | {"attrs": {"textAlign": "right"}}, '<p data-align="right">a</p>'),
        (
            paragraph(marked("a", {"type": "highlight", "attrs": {"color": "green"}}), marked("b", "highlight")),
            '<p><mark data-color="green">a</mark><mark>b</mark></p>',
        ),
        (
            paragraph(marked("a", {"type": "textColor", "attrs": {"color": "red"}}), marked("b", "subscript")),
            '<p><span data-color="red">a</span><sub>b</sub></p>',
        ),
        (
            {"type": "image", "attrs": {"src": FILE, "alt": NASTY, "width": 80, "align": "center"}},
            f'<figure class="image" data-align="center"><img src="{FILE}" '
            'alt="&lt;script&gt;alert(\'x\')&lt;/script&gt;&quot;&amp;" width="80" loading="lazy"></figure>',
        ),
        (
            {"type": "image", "attrs": {"src": FILE, "title": "t"}, "content": [marked("c", "bold")]},
            f'<figure class="image"><img src="{FILE}" alt="" title="t" loading="lazy">'
            "<figcaption><strong>c</strong></figcaption></figure>",
        ),
        (
            {"type": "file", "attrs": {"src": FILE, "name": NASTY, "size": 1_234_567}},
            f'<div class="file" data-size="1234567"><a href="{FILE}" '
            "download=\"&lt;script&gt;alert('x')&lt;/script&gt;&quot;&amp;\">&lt;script&gt;alert('x')&lt;/script&gt;\"&amp;</a>"
            "<span>1.2 MB</span></div>",
        ),
        (
            {"type": "embed", "attrs": {"href": "https://example.org/?a=<b>", "title": "<T>"}},
            '<div class="embed"><a href="https://example.org/?a=&lt;b&gt;" rel="noopener noreferrer nofollow">'
            "&lt;T&gt;</a><span>https://example.org/?a=&lt;b&gt;</span></div>",
        ),
        (
            {"type": "callout", "attrs": {"kind": "tip"}, "content": [paragraph("a")]},
            '<div class="callout" data-kind="tip" role="note" aria-label="Tip"><p>a</p></div>',
        ),
        (
            {
                "type": "details",
                "content": [_part("detailsSummary", marked("s")), _part("detailsContent", paragraph("a"))],
            },
            '<details><summary>s</summary><div class="details-content"><p>a</p></div></details>',
        ),
        (
            {"type": "columns", "content": [_part("column", paragraph("a")), _part("column", paragraph("b"))]},
            '<div class="columns"><div class="column"><p>a</p></div><div class="column"><p>b</p></div></div>',
        ),
        ({"type": "blockMath", "attrs": {"latex": "a < b"}}, '<div class="math-block">a &lt; b</div>'),
        (
            paragraph("a ", {"type": "inlineMath", "attrs": {"latex": NASTY}}),
            '<p>a <span class="math-inline">&lt;script&gt;alert(\'x\')&lt;/script&gt;"&amp;</span></p>',
        ),
    ],
)
def test_blocks_and_marks(block: Node, html: str) -> None:
    assert _html(block) == html


def test_task_lists_have_disabled_boxes() -> None:
    items = [{"type": "taskItem", "attrs": {"checked": done}, "content": [paragraph("a")]} for done in (True, False)]
    html = _html({"type": "taskList", "content": items})
    assert html.startswith('<ul class="task-list"><li class="task-item"><input')
    assert html.count("disabled") == 2 and html.count("checked") == 1


def test_tables_keep_spans_widths_and_alignment() -> None:
    cell = {
        "type": "tableHeader",
        "attrs": {"colspan": 2, "rowspan": 3, "colwidth": [100, None], "align": "right"},
        "content": [paragraph("a")],
    }
    html = _html({"type": "table", "content": [{"type": "tableRow", "content": [cell]}]})
    for attribute in ('colspan="2"', 'rowspan="3"', 'data-colwidth="100,0"', 'align="right"'):
        assert attribute in html
    assert html.startswith("<table><tbody><tr><th ") and html.endswith("><p>a</p></th></tr></tbody></table>")


def test_links_carry_their_rel_and_no_target_or_class() -> None:
    link = {"type": "link", "attrs": {"href": 'https://x.org/"a', "title": "<t>", "class": "evil", "rel": "opener"}}
    html = _html(paragraph(marked("x", link)))
    assert 'href="https://x.org/&quot;a"' in html and 'title="&lt;t&gt;"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "evil" not in html and "target" not in html


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", " java\tscript:x", 5, None, {}]
)
def test_links_that_could_run_something_are_text(href: object) -> None:
    assert _html(paragraph(marked("x", {"type": "link", "attrs": {"href": href}}))) == "<p>x</p>"


def test_comments_show_only_when_asked_for() -> None:
    block = paragraph("a ", marked("b", comment('"><script>')), " c")
    assert _html(block) == "<p>a b c</p>"
    html = _html(block, comments=True)
    assert 'class="comment"' in html and 'data-thread="&quot;&gt;&lt;script&gt;"' in html


def test_footnotes_are_numbered_as_they_are_first_referred_to() -> None:
    def refer(note: str) -> Node:
        return {"type": "footnoteReference", "attrs": {"note": note}}

    def note(name: str) -> Node:
        return {"type": "footnote", "attrs": {"note": name}, "content": [paragraph(name)]}

    html = _html(note("b"), paragraph("x", refer("a"), refer("b"), refer("a"), refer("none")), note("a"), note("lost"))
    assert re.findall(r'<sup class="footnote-ref" data-note="(\w+)"><a href="#note-\1">(.)</a></sup>', html) == [
        ("a", "1"),
        ("b", "2"),
        ("a", "1"),
        ("none", "3"),
    ]
    numbers = re.findall(r'id="note-(\w+)"[^>]*><span class="footnote-number">(.)</span><div><p>\1</p></div>', html)
    assert numbers == [("b", "2"), ("a", "1"), ("lost", "–")]


def test_a_table_of_contents_leads_to_the_headings() -> None:
    def heading(level: int, text: str) -> Node:
        return {"type": "heading", "attrs": {"level": level}, "content": [marked(text)] if text else []}

    assert "id=" not in _html(heading(1, "Alone"))
    hidden = {"type": "callout", "content": [heading(3, "<In a box>")]}
    html = _html(heading(1, "First"), {"type": "tableOfContents"}, heading(2, ""), hidden)
    assert html == (
        '<h1 id="section-1">First</h1><nav class="contents" aria-label="Contents"><ol>'
        '<li data-level="1"><a href="#section-1">First</a></li>'
        '<li data-level="3"><a href="#section-3">&lt;In a box&gt;</a></li></ol></nav><h2 id="section-2"></h2>'
        '<div class="callout" data-kind="note" role="note" aria-label="Note">'
        '<h3 id="section-3">&lt;In a box&gt;</h3></div>'
    )


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345, "12 kB"), (9_960_000, "10.0 MB")]
)
def test_sizes_are_told_as_people_say_them(size: int, words: str) -> None:
    assert size_in_words(size) == words


def test_text_of_every_kind_has_its_words() -> None:
    text = to_text(every_kind())
    for words in ("report <1>.pdf", "An example", r"e^{i\pi} = -1", "What is hidden.", "More", "The second proof."):
        assert words in text


def test_nasty_text_and_attributes_never_become_markup() -> None:
    link = {"type": "link", "attrs": {"href": f"/{NASTY}", "title": NASTY}}
    code = {"type": "codeBlock", "attrs": {"language": '"><script>'}, "content": [{"type": "text", "text": NASTY}]}
    html = _html(paragraph(marked(NASTY, link, comment(NASTY))), code, comments=True)
    assert "<script" not in html


def test_pseudo_marks_of_comparisons_cannot_come_from_a_document() -> None:
    assert _html(paragraph(marked("x", "inserted", "deleted"))) == "<p>x</p>"


def test_the_second_wall_changes_nothing_that_the_first_let_through() -> None:
    rng = Random(3)
    for _ in range(100):
        html = to_html(random_document(rng), comments=True)
        for tag in ("p", "span", "div", "details", "figure", "mark", "sup"):
            assert len(re.findall(f"<{tag}[ >]", html)) == html.count(f"</{tag}>"), html


def test_spans_nest_well_and_cover_every_text() -> None:
    rng = Random(4)
    for _ in range(300):
        inline = [marked(str(index), *rng.sample(MARKS, rng.randint(0, 3))) for index in range(rng.randint(0, 6))]
        stack: list[Node] = []
        seen = []
        for span in spans(inline):
            if not isinstance(span, Edge):
                assert sorted(mark["type"] for mark in stack) == sorted(mark["type"] for mark in span["marks"])
                seen.append(span)
            elif span.kind == "open":
                stack.append(span.mark)
            else:
                assert stack.pop() == span.mark
        assert not stack and seen == inline


def test_text_has_a_line_for_each_block() -> None:
    items = [
        {"type": "taskItem", "attrs": {"checked": done}, "content": [paragraph("do", {"type": "hardBreak"}, "it")]}
        for done in (True, False)
    ]
    row = {"type": "tableRow", "content": [{"type": "tableCell", "content": [paragraph(text)]} for text in "ab"]}
    quote = {
        "type": "blockquote",
        "content": [{"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph("q")]}]}],
    }
    blocks = [
        paragraph("one ", marked("two", "bold")),
        paragraph(),
        {"type": "taskList", "content": items},
        {"type": "table", "content": [row]},
        quote,
    ]
    assert to_text({"content": blocks}) == "one two\n\n[x] do\n    it\n[ ] do\n    it\na\tb\n> - q"


def test_what_has_no_words_has_a_line_for_its_marker() -> None:
    rule = {"type": "horizontalRule"}
    quotes = [{"type": "blockquote", "content": [rule]}, {"type": "blockquote", "content": [rule, paragraph("q")]}]
    assert to_text({"content": quotes}) == "> \n> q"


def test_any_document_has_a_text() -> None:
    random = Random(3)
    for _ in range(300):
        assert isinstance(to_text(random_document(random)), str)
