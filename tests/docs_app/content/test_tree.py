"""The shared tree as JSON and back, and what is left of a tree that a hostile client wrote."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from docs_app.content import tree
from docs_app.content.markkeys import key_of
from docs_app.content.nodes import Node, children, plain
from docs_app.content.validity import MAX_DEPTH, settle
from tests.docs_app.content.every_kind import FILE, every_kind
from tests.docs_app.content.samples import (
    comment,
    document,
    empty_fragment,
    fragment_of,
    marked,
    paragraph,
    random_document,
    replica_of,
)

EMPTY = document()


def _element(parent: XmlFragment | XmlElement, tag: str, **attributes: Any) -> XmlElement:
    element = parent.children.append(XmlElement(tag))
    for name, value in attributes.items():
        element.attributes[name] = value
    return element


def _text(parent: XmlFragment | XmlElement, text: str, attributes: dict[str, Any] | None = None) -> XmlText:
    child = parent.children.append(XmlText(""))
    child.insert(0, text, attributes)
    return child


def _depth(node: Node) -> int:
    return 1 + max(map(_depth, children(node)), default=0)


def test_documents_come_back_as_they_were_written() -> None:
    rng = Random(1)
    for _ in range(300):
        document = random_document(rng)
        assert tree.to_json(replica_of(fragment_of(document))) == document


def test_every_kind_comes_back_as_it_was_written() -> None:
    assert tree.to_json(replica_of(fragment_of(every_kind()))) == every_kind()


def test_an_empty_fragment_is_one_empty_paragraph() -> None:
    assert tree.to_json(empty_fragment()) == EMPTY


def test_build_refuses_a_document_that_has_content() -> None:
    fragment = fragment_of(document(paragraph("a")))
    with pytest.raises(ValueError, match="has content already"):
        tree.build(fragment, EMPTY)
    assert tree.to_json(fragment) == document(paragraph("a"))


def test_numbers_are_whole_again() -> None:
    fragment = empty_fragment()
    cell = _element(_element(_element(fragment, "table"), "tableRow"), "tableCell", colspan=2, colwidth=[100, 50])
    _element(cell, "heading", level=3)
    table = tree.to_json(fragment)["content"][0]
    cell_json = table["content"][0]["content"][0]
    assert cell_json["attrs"] == {"colspan": 2, "rowspan": 1, "colwidth": [100, 50], "align": None}
    assert type(cell_json["content"][0]["attrs"]["level"]) is int


def test_split_runs_and_neighbouring_texts_are_one() -> None:
    fragment = empty_fragment()
    block = _element(fragment, "paragraph")
    _text(block, "one ")
    _text(block, "two")
    assert tree.to_json(fragment) == document(paragraph("one two"))


def test_marks_stand_in_rank_order_and_comments_overlap() -> None:
    fragment = empty_fragment()
    marks = {key_of(comment("b")): {"thread": "b"}, key_of(comment("a")): {"thread": "a"}, "italic": {}, "bold": True}
    _text(_element(fragment, "paragraph"), "x", marks)
    assert tree.to_json(fragment) == document(paragraph(marked("x", "bold", "italic", comment("a"), comment("b"))))


@pytest.mark.parametrize(
    ("tag", "attributes", "left"),
    [
        ("script", {"src": "x"}, None),
        ("doc", {}, None),
        ("image", {"src": "javascript:x", "onerror": "x"}, None),
        ("paragraph", {"onclick": "alert(1)", "style": "x"}, {"type": "paragraph"}),
        ("heading", {"level": "3"}, {"type": "heading", "attrs": {"level": 1}}),
        ("heading", {"level": 7}, {"type": "heading", "attrs": {"level": 1}}),
        ("heading", {"level": 1.5}, {"type": "heading", "attrs": {"level": 1}}),
        ("heading", {"level": True}, {"type": "heading", "attrs": {"level": 1}}),
        ("heading", {"level": {"a": [1]}}, {"type": "heading", "attrs": {"level": 1}}),
        ("codeBlock", {"language": '"><script>'}, {"type": "codeBlock", "attrs": {"language": '"><script>'}}),
        ("codeBlock", {"language": ["a"]}, {"type": "codeBlock", "attrs": {"language": None}}),
        ("codeBlock", {"language": "a b"}, {"type": "codeBlock", "attrs": {"language": None}}),
        ("image", {"src": "https://example.org/a.png"}, None),
        ("image", {"src": f"{FILE}/../../logout"}, None),
        ("image", {"src": FILE, "width": 1e9, "align": "top", "alt": 5}, {"type": "image", "attrs": {"src": FILE}}),
        ("file", {"src": "//example.org" + FILE, "name": "a"}, None),
        ("file", {"src": FILE, "name": ["a"], "size": -1}, {"type": "file", "attrs": {"src": FILE}}),
        ("embed", {"href": "java\tscript:x"}, None),
        ("embed", {"title": "no address"}, None),
        ("callout", {"kind": '"><script>'}, {"type": "callout"}),
        ("details", {"open": True}, {"type": "details"}),
        ("columns", {}, None),
        ("blockMath", {"latex": {"x": 1}}, {"type": "blockMath"}),
        ("blockMath", {"latex": "x" * 8001}, {"type": "blockMath"}),
        ("footnote", {"note": "a b"}, None),
        ("footnote", {}, None),
        ("paragraph", {"textAlign": "url(x)"}, {"type": "paragraph"}),
        ("bulletList", {}, None),
        ("table", {}, None),
        ("listItem", {}, None),
        ("text", {}, None),
        ("hardBreak", {}, None),
    ],
)
def test_elements_and_attributes_that_the_schema_does_not_know(tag: str, attributes: Any, left: Node | None) -> None:
    fragment = empty_fragment()
    _element(fragment, tag, **attributes)
    assert tree.to_json(fragment) == (document(left) if left else EMPTY)


@pytest.mark.parametrize(
    "attributes",
    [
        {"evil": {"a": 1}},
        {"link": {"href": "javascript:alert(1)"}},
        {"link": {"href": 5}},
        {"link": True},
        {"comment--AAAAAAAA": {"thread": None}},
        {"comment--AAAAAAAA": [1, [2]]},
        {"bold--AAAAAAA": {}},
        {"textColor": {"color": "red;background:url(x)"}},
        {"textColor": {}},
    ],
)
def test_marks_that_the_schema_does_not_know_leave_the_text(attributes: dict[str, Any]) -> None:
    fragment = empty_fragment()
    _text(_element(fragment, "paragraph"), "x", attributes)
    assert tree.to_json(fragment) == document(paragraph("x"))


def test_a_highlight_of_an_unknown_colour_is_a_plain_one() -> None:
    fragment = empty_fragment()
    _text(_element(fragment, "paragraph"), "x", {"highlight": {"color": "#f00"}})
    assert tree.to_json(fragment) == document(paragraph(marked("x", "highlight")))


def test_a_toggle_without_one_of_its_parts_gets_it_and_loses_nothing() -> None:
    fragment = empty_fragment()
    _text(_element(_element(_element(fragment, "details"), "detailsContent"), "paragraph"), "hidden")
    [details] = tree.to_json(fragment)["content"]
    assert [child["type"] for child in children(details)] == ["detailsSummary", "detailsContent"]
    assert plain(details).strip() == "hidden"


def test_text_where_only_blocks_may_stand_is_dropped() -> None:
    fragment = empty_fragment()
    _text(fragment, "loose")
    _text(_element(fragment, "blockquote"), "loose too")
    quote = {"type": "blockquote", "content": [{"type": "paragraph"}]}
    assert tree.to_json(fragment) == document(quote)


def test_a_list_item_without_its_paragraph_gets_one_and_loses_nothing() -> None:
    fragment = empty_fragment()
    _text(_element(_element(_element(fragment, "bulletList"), "listItem"), "heading", level=2), "Title")
    item = tree.to_json(fragment)["content"][0]["content"][0]
    assert [child["type"] for child in item["content"]] == ["paragraph", "heading"]


def test_embedded_objects_are_skipped() -> None:
    fragment = empty_fragment()
    text = _text(_element(fragment, "paragraph"), "ab")
    text.insert_embed(1, {"image": "javascript:x"})
    assert tree.to_json(fragment) == document(paragraph("ab"))


@pytest.mark.parametrize(("client_id", "left"), [(2**53 - 9, document(paragraph("kept"))), (1, EMPTY)])
def test_things_that_are_no_xml_hide_only_what_stands_behind_them(client_id: int, left: Node) -> None:
    arrays: Doc[Array] = Doc(client_id=client_id)
    array = arrays.get("default", type=Array)
    array.extend([5, {"x": [1]}, Map({"a": 1}), "text", Text("shared")])
    texts: Doc[Text] = Doc(client_id=client_id + 1)
    letters = texts.get("default", type=Text)
    letters += "h\u00e9llo 😀"
    fragment = fragment_of(document(paragraph("kept")))
    for hostile in (arrays, texts):
        fragment.doc.apply_update(hostile.get_update())
    assert tree.to_json(fragment) == left
    assert not tree.is_sound(fragment)


def test_ten_thousand_levels_neither_overflow_nor_last() -> None:
    fragment = empty_fragment()
    with fragment.doc.transaction():
        parent: XmlFragment | XmlElement = fragment
        for _ in range(10_000):
            parent = _element(parent, "blockquote")
        _text(_element(parent, "paragraph"), "deep")
    assert _depth(tree.to_json(fragment)) <= MAX_DEPTH + 2


def test_nesting_up_to_the_limit_is_kept() -> None:
    deep: Node = paragraph("deep")
    for _ in range(MAX_DEPTH - 2):
        deep = {"type": "blockquote", "content": [deep]}
    assert plain(document(deep)) == "deep"
    assert tree.to_json(fragment_of(document(deep))) == document(deep)


@pytest.mark.parametrize(
    "junk",
    [
        None,
        5,
        "doc",
        [],
        {},
        {"content": 5},
        {"content": [None, 5, [], {"type": []}, {"type": "paragraph", "content": "x"}]},
    ],
)
def test_any_json_settles(junk: object) -> None:
    assert settle(junk) == EMPTY


def test_settling_twice_changes_nothing() -> None:
    rng = Random(2)
    for _ in range(200):
        document = random_document(rng)
        assert settle(document) == document


def test_lone_surrogates_and_nul_are_replaced() -> None:
    settled = settle({"content": [paragraph("a\ud83d\x00b")]})
    assert settled == document(paragraph("a\ufffd\ufffdb"))
    assert tree.to_json(fragment_of(settled)) == settled
