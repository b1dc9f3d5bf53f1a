"""Comments find the passage that was selected, also when it has moved, and say so when it is gone."""

from __future__ import annotations

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText

from docs_app.content import anchors, tree
from docs_app.content.anchors import NEARBY, Anchor, AnchorLost
from docs_app.content.nodes import Node, children, is_text
from docs_app.content.positions import to_utf16
from tests.docs_app.content.samples import (
    comment,
    document,
    empty_fragment,
    exchange,
    fragment_of,
    marked,
    paragraph,
    replica_of,
)

THREAD = "7b0f9a3e-52a4-4c5d-9c4b-0c7f5b1d2e3f"
BREAK: Node = {"type": "hardBreak"}


def _anchor(path: tuple[int, ...], text: str, quote: str) -> Anchor:
    """The anchor of `quote` in the block at `path` that holds `text`."""
    start = text.index(quote)
    begin, end = to_utf16(text, start), to_utf16(text, start + len(quote))
    return Anchor(path, begin, path, end, quote)


def _commented(node: Node, thread: str = THREAD) -> str:
    """The text of `node` with brackets around what the thread stands on."""
    if is_text(node):
        text: str = node["text"]
        return f"[{text}]" if comment(thread) in node.get("marks", []) else text
    return "".join(_commented(child, thread) for child in children(node)) + ("|" if node["type"] == "paragraph" else "")


def _show(fragment: XmlFragment, thread: str = THREAD) -> str:
    return _commented(tree.to_json(fragment), thread).replace("][", "")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("a brave new world", "brave"),
        ("a 😀 brave 👩‍🚀 world", "brave 👩‍🚀"),
        ("😀😀😀", "😀"),
        ("cafe\u0301 et the\u0301", "the\u0301"),
        ("漢字 and 漢", "and 漢"),
        ("everything", "everything"),
    ],
)
def test_a_passage_is_marked_where_it_was_selected(text: str, quote: str) -> None:
    fragment = fragment_of(document(paragraph("before"), paragraph(text)))
    anchors.place(fragment, _anchor((1,), text, quote), THREAD)
    assert _show(fragment) == f"before|{text.replace(quote, f'[{quote}]', 1)}|"
    assert anchors.find(fragment) == {THREAD: quote}
    assert anchors.find(replica_of(fragment)) == {THREAD: quote}


def test_the_key_is_the_editors() -> None:
    fragment = fragment_of(document(paragraph("brave")))
    anchors.place(fragment, _anchor((0,), "brave", "brave"), THREAD)
    block = fragment.children[0]
    assert isinstance(block, XmlElement)
    text = block.children[0]
    assert isinstance(text, XmlText)
    assert text.diff() == [("brave", {"comment--XpnEd6NX": {"thread": THREAD}})]


def test_of_the_same_words_the_selected_ones_are_taken() -> None:
    fragment = fragment_of(document(paragraph("no no no")))
    anchors.place(fragment, Anchor((0,), 3, (0,), 5, "no"), THREAD)
    assert _show(fragment) == "no [no] no|"


def test_a_passage_over_a_hard_break_and_formatting() -> None:
    fragment = fragment_of(document(paragraph("one ", marked("two", "bold"), BREAK, "three four")))
    anchors.place(fragment, Anchor((0,), 4, (0,), 13, "two\nthree"), THREAD)
    assert _show(fragment) == "one [twothree] four|"
    assert anchors.find(fragment) == {THREAD: "twothree"}


def test_a_passage_over_several_blocks() -> None:
    items: list[Node] = [{"type": "listItem", "content": [paragraph(text)]} for text in ("one", "two")]
    fragment = fragment_of(document({"type": "bulletList", "content": items}, paragraph("three four")))
    anchors.place(fragment, Anchor((0, 0, 0), 1, (1,), 5, "ne\ntwo\nthree"), THREAD)
    assert _show(fragment) == "o[ne]|[two]|[three] four|"
    assert anchors.find(fragment) == {THREAD: "ne\ntwo\nthree"}


def test_comments_overlap_and_leave_each_other_alone() -> None:
    fragment = fragment_of(document(paragraph("a brave new world")))
    anchors.place(fragment, _anchor((0,), "a brave new world", "brave new"), "first")
    anchors.place(fragment, _anchor((0,), "a brave new world", "new world"), "second")
    assert _show(fragment, "first") == "a [brave new] world|"
    assert _show(fragment, "second") == "a brave [new world]|"
    anchors.remove(fragment, "first")
    assert anchors.find(fragment) == {"second": "new world"}
    anchors.remove(fragment, "unknown")
    assert anchors.find(fragment) == {"second": "new world"}


def test_code_can_be_commented_on() -> None:
    fragment = fragment_of(document({"type": "codeBlock", "content": [{"type": "text", "text": "x = 1\ny = 2"}]}))
    anchors.place(fragment, _anchor((0,), "x = 1\ny = 2", "1\ny"), THREAD)
    assert anchors.find(fragment) == {THREAD: "1\ny"}


@pytest.mark.parametrize(
    "now",
    [
        [paragraph("new top"), paragraph("a brave new world")],
        [paragraph("words before a brave new world")],
        [paragraph("a brave"), paragraph("new world")],
        [{"type": "blockquote", "content": [paragraph("a "), paragraph("x brave  new!")]}],
        [paragraph("a ", marked("br", "bold"), "ave new world")],
        [paragraph("a brave", BREAK, "new world")],
    ],
)
def test_text_that_has_moved_meanwhile_is_found(now: list[Node]) -> None:
    fragment = fragment_of(document(*now))
    anchors.place(fragment, _anchor((0,), "a brave new world", "brave new"), THREAD)
    assert "".join(anchors.find(fragment)[THREAD].split()) == "bravenew"


def test_the_nearest_of_several_places_is_taken() -> None:
    fragment = fragment_of(document(paragraph("brave"), paragraph("x" * 50), paragraph("brave"), paragraph("z")))
    anchors.place(fragment, Anchor((1,), 45, (1,), 50, "brave"), THREAD)
    assert _show(fragment).startswith("brave|") and _show(fragment).endswith("[brave]|z|")


@pytest.mark.parametrize(
    "anchor",
    [
        Anchor((0,), 2, (0,), 7, "bold"),
        Anchor((0,), 2, (0,), 2, ""),
        Anchor((0,), 1, (0,), 2, " \n"),
        Anchor((9, 9, 9), 0, (9,), 5, "nowhere"),
        Anchor((), 0, (), 0, "nothing"),
        Anchor((0,), 10**9, (0,), 10**9, "world!"),
        Anchor((0,), -5, (0,), -1, "\ud83d"),
    ],
)
def test_text_that_is_gone_is_lost_and_nothing_is_marked(anchor: Anchor) -> None:
    fragment = fragment_of(document(paragraph("a brave new world")))
    with pytest.raises(AnchorLost, match="changed meanwhile"):
        anchors.place(fragment, anchor, THREAD)
    assert anchors.find(fragment) == {}


def test_the_same_words_far_away_are_another_passage() -> None:
    fragment = fragment_of(document(paragraph("x"), paragraph("y" * (NEARBY + 10)), paragraph("brave")))
    with pytest.raises(AnchorLost):
        anchors.place(fragment, Anchor((0,), 0, (0,), 5, "brave"), THREAD)


def test_an_empty_document_has_nothing_to_comment_on() -> None:
    with pytest.raises(AnchorLost):
        anchors.place(empty_fragment(), Anchor((0,), 0, (0,), 1, "a"), THREAD)
    assert anchors.find(empty_fragment()) == {}


def test_a_selection_that_cuts_an_emoji_marks_it_whole() -> None:
    fragment = fragment_of(document(paragraph("a😀b")))
    anchors.place(fragment, Anchor((0,), 2, (0,), 4, "😀b"), THREAD)
    assert _show(fragment) == "a[😀b]|"


def test_embedded_objects_do_not_shift_the_mark() -> None:
    fragment = fragment_of(document(paragraph("one two three")))
    block = fragment.children[0]
    assert isinstance(block, XmlElement)
    text = block.children[0]
    assert isinstance(text, XmlText)
    text.insert_embed(2, {"a": 1})
    anchors.place(fragment, _anchor((0,), "one two three", "two"), THREAD)
    assert _show(fragment) == "one [two] three|"
    anchors.remove(fragment, THREAD)
    assert anchors.find(fragment) == {}


def test_unknown_elements_do_not_count_in_paths() -> None:
    fragment = fragment_of(document(paragraph("same"), paragraph("same")))
    fragment.children.insert(0, XmlElement("script"))
    anchors.place(fragment, Anchor((1,), 0, (1,), 4, "same"), THREAD)
    assert _show(fragment) == "same|[same]|"


def test_a_mark_merges_with_typing_at_the_same_moment() -> None:
    fragment = fragment_of(document(paragraph("a brave new world")))
    other = replica_of(fragment)
    block = other.children[0]
    assert isinstance(block, XmlElement)
    text = block.children[0]
    assert isinstance(text, XmlText)
    text.insert(4, "RR")
    anchors.place(fragment, _anchor((0,), "a brave new world", "brave"), THREAD)
    exchange(fragment, other)
    assert _show(fragment) == _show(other) == "a [brRRave] new world|"
