"""Markdown out and in again: the same document, as far as Markdown can say it, and no text lost where it cannot."""

from __future__ import annotations

import re
import sys
from random import Random

import pytest

from docs_app.content.nodes import Node, children, plain
from docs_app.content.parse import MAX_MARKDOWN_BYTES, MAX_NESTING, TooBig, from_markdown
from docs_app.content.render import to_markdown
from tests.docs_app.content.every_kind import FILE, every_kind
from tests.docs_app.content.markdown_samples import markdown_document
from tests.docs_app.content.samples import comment, document, marked, paragraph, random_document

LINK = {"type": "link", "attrs": {"href": "https://example.org/", "title": None}}


def _item(kind: str, *blocks: Node, **attrs: object) -> Node:
    return {"type": kind, "attrs": attrs, "content": list(blocks)}


def _list(kind: str, *items: Node, **attrs: object) -> Node:
    return {"type": kind, "attrs": attrs, "content": list(items)}


def test_what_markdown_can_say_comes_back_the_same() -> None:
    for seed in range(1500):
        before = markdown_document(Random(seed))
        written = to_markdown(before)
        assert from_markdown(written) == before, f"seed {seed}:\n{written}"


def test_of_any_document_the_words_come_back() -> None:
    for seed in range(400):
        before = random_document(Random(seed))
        after = from_markdown(to_markdown(before))
        # Among other blocks of a cell an image is a link, which without a description is called by its address.
        words = re.sub(r"\s", "", plain(after)).replace(FILE, "")
        assert words == re.sub(r"\s", "", plain(before)), f"seed {seed}"


@pytest.mark.parametrize(
    ("blocks", "markdown"),
    [
        ([paragraph("plain")], "plain\n"),
        ([], ""),
        ([paragraph("a"), paragraph(), paragraph("b")], "a\n\nb\n"),
        ([paragraph("a ", marked("b ", "bold"), "c")], "a **b** c\n"),
        ([paragraph(marked("a", comment("t")), "b")], "ab\n"),
        ([paragraph(marked("a", "underline"))], "<u>a</u>\n"),
        ([paragraph(marked("a", "bold"), marked("b", "bold", "italic"))], "**a_b_**\n".replace("a_", "&#97;_")),
        ([paragraph(marked("x", LINK))], "[x](https://example.org/)\n"),
        ([paragraph("a", {"type": "hardBreak"}, "- b")], "a\\\n\\- b\n"),
        ([paragraph("1. *not* a <list>")], "1\\. \\*not\\* a \\<list>\n"),
        (
            [_list("taskList", _item("taskItem", paragraph("a"), checked=True), _item("taskItem", paragraph()))],
            "- [x] a\n- [ ]\n",
        ),
        (
            [
                _list("bulletList", _item("listItem", paragraph("a"))),
                _list("bulletList", _item("listItem", paragraph("b"))),
            ],
            "- a\n\n* b\n",
        ),
        ([_list("orderedList", _item("listItem", paragraph("a"), paragraph("b")), start=9)], "9. a\n\n   b\n"),
        (
            [{"type": "codeBlock", "attrs": {"language": "md"}, "content": [{"type": "text", "text": "```\nx\n```"}]}],
            "````md\n```\nx\n```\n````\n",
        ),
    ],
)
def test_documents_are_written_as_people_would(blocks: list[Node], markdown: str) -> None:
    assert to_markdown({"type": "doc", "content": blocks}) == markdown


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("", [paragraph()]),
        ("a\nb", [paragraph("a b")]),
        ("a  \nb", [paragraph("a", {"type": "hardBreak"}, "b")]),
        ("<script>alert(1)</script>", [paragraph("<script>alert(1)</script>")]),
        ("a <b>b</b>", [paragraph("a <b>b</b>")]),
        ("x <u>y</u> </u> <u>", [paragraph("x ", marked("y", "underline"), " </u> <u>")]),
        ("[x](javascript:alert%281%29)", [paragraph("[x](javascript:alert%281%29)")]),
        ("[x](data:text/html,y)", [paragraph("[x](data:text/html,y)")]),
        ("![alt *text*](https://example.org/)", [paragraph(marked("alt text", LINK))]),
        ("https://example.org", [paragraph("https://example.org")]),
        ("~~a~~", [paragraph(marked("a", "strike"))]),
        ("Title\n===", [{"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "Title"}]}]),
        ("1. [ ] a", [_list("orderedList", _item("listItem", paragraph("[ ] a")))]),
        ("- \\[ ] a", [_list("bulletList", _item("listItem", paragraph("[ ] a")))]),
        (
            "-     x",
            [
                _list(
                    "bulletList",
                    _item("listItem", paragraph(), {"type": "codeBlock", "content": [{"type": "text", "text": "x"}]}),
                )
            ],
        ),
        ("    x\n", [{"type": "codeBlock", "content": [{"type": "text", "text": "x"}]}]),
    ],
)
def test_markdown_is_read_as_people_mean_it(markdown: str, blocks: list[Node]) -> None:
    assert from_markdown(markdown) == document(*blocks)


def test_a_list_with_some_boxes_is_divided() -> None:
    assert [node["type"] for node in from_markdown("- a\n- [x] b\n- [ ] c\n- d")["content"]] == [
        "bulletList",
        "taskList",
        "bulletList",
    ]


def test_tables_keep_their_head_and_alignment() -> None:
    table = from_markdown("| a | b |\n| :-: | --- |\n| c | d \\| e |")["content"][0]
    head, row = children(table)
    assert [cell["type"] for cell in children(head)] == ["tableHeader", "tableHeader"]
    assert [cell["attrs"]["align"] for cell in children(row)] == ["center", None]
    assert [plain(cell) for cell in children(row)] == ["c", "d | e"]


def test_a_table_without_a_head_gets_an_empty_one_and_loses_it_again() -> None:
    cells = [{"type": "tableCell", "content": [paragraph(text)]} for text in "ab"]
    before = document({"type": "table", "content": [{"type": "tableRow", "content": cells}]})
    assert to_markdown(before) == "|  |  |\n| --- | --- |\n| a | b |\n"
    assert from_markdown(to_markdown(before)) == before


def test_cells_with_several_blocks_and_spans_are_flattened() -> None:
    cell = {"type": "tableCell", "attrs": {"colspan": 2}, "content": [paragraph("a"), paragraph("b|c")]}
    table = {"type": "table", "content": [{"type": "tableRow", "content": [cell]}]}
    assert to_markdown({"content": [table]}) == "|  |  |\n| --- | --- |\n| a<br>b\\|c |  |\n"


def test_too_much_markdown_is_refused_with_a_sentence() -> None:
    from_markdown("é" * 1000)
    with pytest.raises(TooBig, match="1024 KiB of Markdown at most"):
        from_markdown("é" * (MAX_MARKDOWN_BYTES // 2 + 1))


@pytest.mark.parametrize("marker", ["> ", "- ", "1. ", "> - "])
def test_deep_nesting_ends_and_keeps_the_words(marker: str) -> None:
    deep = from_markdown(marker * 5000 + "the end")
    assert plain(deep).endswith("the end")
    depth, node = 0, deep
    while children(node) and children(node)[-1]["type"] != "text":
        depth, node = depth + 1, children(node)[-1]
    assert 10 < depth <= 2 * MAX_NESTING + 2


def test_lone_surrogates_are_no_crash() -> None:
    assert plain(from_markdown("a\ud800b")) == "a?b"


@pytest.mark.parametrize(
    ("markdown", "kinds"),
    [
        ("> [!WARNING]\n> Mind the step.", ["callout"]),
        ("> [!tip]\n>\n> - a", ["callout"]),
        ("> \\[!TIP]\n> No callout.", ["blockquote"]),
        ("::: caution\nHot\n:::", ["callout"]),
        ("::: unknown\nHot\n:::", ["paragraph"]),
        ("a\n::: details More *here*\n- b\n:::\nc", ["paragraph", "details", "paragraph"]),
        ("::: details\nnever closed", ["details"]),
        (f"![a]({FILE})", ["image"]),
        (f"![a]({FILE})\\\nWhat it *shows*", ["image"]),
        (f"before ![a]({FILE})", ["paragraph"]),
        ("![a](https://example.org/a.png)", ["paragraph"]),
        (f"::: file 12\n[a.pdf]({FILE})\n:::", ["file"]),
        ("::: file 12\n[a.pdf](https://example.org/a.pdf)\n:::", ["paragraph"]),
        ("::: file\nno link\n:::", ["paragraph"]),
        (f"::: file\n[a.pdf]({FILE})\n\n- more\n:::", ["paragraph", "bulletList"]),
        ("::: embed\n[a](javascript:alert(1))\n:::", ["paragraph"]),
        ("$$\nx^2\n$$", ["blockMath"]),
        ("$$x^2$$", ["blockMath"]),
        ("$$\nnever closed", ["paragraph"]),
        ("[TOC]", ["tableOfContents"]),
        ("a[^1]\n\n[^1]: b\n\n    c", ["paragraph", "footnote"]),
        ("::::columns\n:::column\na\n:::\n:::column\nb\n:::\n::::", ["columns"]),
        ("::: columns\nno column\n:::", ["paragraph"]),
    ],
)
def test_blocks_beyond_commonmark(markdown: str, kinds: list[str]) -> None:
    assert [block["type"] for block in from_markdown(markdown)["content"]] == kinds


@pytest.mark.parametrize(
    ("markdown", "inline"),
    [
        ("==a== b", [marked("a", "highlight"), " b"]),
        ("a == b == c", ["a == b == c"]),
        ("===a===", ["=", marked("a=", "highlight")]),
        ("x<sup>2</sup>", ["x", marked("2", "superscript")]),
        ("x<sub>2</sup>", ["x<sub>2</sup>"]),
        ("$x$ is $5 or $6", [{"type": "inlineMath", "attrs": {"latex": "x"}}, " is $5 or $6"]),
        ("$ x$ and 5$x$ and $x$6", ["$ x$ and 5$x$ and $x$6"]),
        ("[^none]", ["[^none]"]),
    ],
)
def test_marks_and_atoms_beyond_commonmark(markdown: str, inline: list[str | Node]) -> None:
    assert from_markdown(markdown) == document(paragraph(*inline))


def test_of_every_kind_only_looks_are_lost() -> None:
    markdown = to_markdown(every_kind())
    again = to_markdown(from_markdown(markdown))
    assert again == markdown
    for words in (
        "> [!CAUTION]",
        "::: details **More**",
        "$e^{i\\pi} = -1$",
        "[^proof]: The proof.",
        "::: file 1234567",
    ):
        assert words in markdown


@pytest.mark.parametrize(
    "line", ["$$a", "::: details", "::: x", "[^1]: a", "> ::: tip", "==a", "$a", "[^1]", "::: file\n:::"]
)
def test_twice_the_lines_cost_twice_as_much(line: str) -> None:
    once, twice = (_calls_for(f"{line}\n# h\n" * count + "the end") for count in (1000, 2000))
    assert twice < 2.5 * once


def _calls_for(markdown: str) -> int:
    """How many functions are called to read it; that does not depend on the machine."""
    calls = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read = from_markdown(markdown)
    finally:
        sys.setprofile(None)
    assert plain(read).endswith("the end")
    return calls


def test_a_formula_that_is_no_latex_ends_where_it_should() -> None:
    for latex in ("a$b", "a\\", "\\\\", "$", "a\\$", "  x  ", ""):
        formula = {"type": "inlineMath", "attrs": {"latex": latex}}
        [block] = from_markdown(to_markdown(document(paragraph("a ", formula, " b"))))["content"]
        assert plain(block).startswith("a ") and plain(block).endswith(" b")
