"""A live document becomes another: exactly, by small edits, and without harm to what others do or have said."""

from __future__ import annotations

import time
from random import Random

import pytest
from pycrdt import Doc, Text, XmlElement, XmlFragment, XmlText

from docs_app.content import anchors, tree
from docs_app.content.diff import make_equal
from docs_app.content.nodes import Node
from docs_app.content.tree import Unreachable
from tests.docs_app.content.samples import (
    comment,
    document,
    empty_fragment,
    exchange,
    fragment_of,
    marked,
    paragraph,
    random_document,
    random_edit,
    replica_of,
    without_comments,
)

EMPTY = document()


def _cost(fragment: XmlFragment, target: Node) -> int:
    """Bytes of the update that the edit makes."""
    before = fragment.doc.get_state()
    assert make_equal(fragment, target)
    return len(fragment.doc.get_update(before))


def _text(fragment: XmlFragment, *path: int) -> XmlText:
    node: XmlFragment | XmlElement = fragment
    for index in path[:-1]:
        child = node.children[index]
        assert isinstance(child, XmlElement)
        node = child
    text = node.children[path[-1]]
    assert isinstance(text, XmlText)
    return text


def _pair(rng: Random) -> tuple[Node, Node]:
    old = random_document(rng)
    return old, random_edit(rng, old) if rng.random() < 0.8 else random_document(rng)


def test_any_document_becomes_any_other() -> None:
    for seed in range(2000):
        old, new = _pair(Random(seed))
        fragment = fragment_of(old)
        changed = make_equal(fragment, new)
        assert without_comments(tree.to_json(fragment)) == without_comments(new), f"seed {seed}"
        assert changed == (without_comments(old) != without_comments(new)), f"seed {seed}"
        assert not make_equal(fragment, new), f"seed {seed}"


def test_replicas_that_edit_at_the_same_moment_converge() -> None:
    for seed in range(600):
        rng = Random(seed)
        old, new = _pair(rng)
        fragment = fragment_of(old)
        other = replica_of(fragment)
        make_equal(fragment, new)
        make_equal(other, random_edit(rng, old))
        exchange(fragment, other)
        assert tree.to_json(fragment) == tree.to_json(other), f"seed {seed}"
        assert tree.to_json(replica_of(fragment)) == tree.to_json(fragment), f"seed {seed}"


def test_a_document_is_equal_to_itself() -> None:
    fragment = fragment_of(random_document(Random(5)))
    before = fragment.doc.get_update()
    assert not make_equal(fragment, tree.to_json(fragment))
    assert fragment.doc.get_update() == before


def test_an_empty_document_needs_no_edit_to_be_empty() -> None:
    assert not make_equal(empty_fragment(), EMPTY)
    assert make_equal(empty_fragment(), document(paragraph("a")))


def test_a_changed_word_costs_a_few_bytes() -> None:
    words = " ".join(f"word{number}" for number in range(500))
    old = document(*[paragraph(words)] * 20)
    fragment = fragment_of(old)
    blocks = [*old["content"]]
    blocks[10] = paragraph(words.replace("word250", "brave"))
    assert _cost(fragment, document(*blocks)) < 120
    blocks[4] = paragraph(marked(words[:7], "bold"), words[7:])
    assert _cost(fragment, document(*blocks)) < 120
    assert _cost(fragment, document(*blocks[:7], *blocks[8:])) < 60
    assert _cost(fragment, document(paragraph("new"), *blocks[:7], *blocks[8:])) < 120


def test_attributes_change_in_place() -> None:
    items: list[Node] = [{"type": "taskItem", "attrs": {"checked": False}, "content": [paragraph("do it")]}]
    fragment = fragment_of(document({"type": "taskList", "content": items}))
    done = [items[0] | {"attrs": {"checked": True}}]
    assert _cost(fragment, document({"type": "taskList", "content": done})) < 40
    code = {"type": "codeBlock", "attrs": {"language": "python"}, "content": [{"type": "text", "text": "x"}]}
    fragment = fragment_of(document(code))
    assert make_equal(fragment, document(code | {"attrs": {"language": None}}))
    block = fragment.children[0]
    assert isinstance(block, XmlElement) and dict(block.attributes) == {}  # type: ignore[call-overload]


def test_typing_elsewhere_and_in_the_same_block_survives() -> None:
    fragment = fragment_of(document(paragraph("first block"), paragraph("second block stays"), paragraph("third")))
    other = replica_of(fragment)
    _text(other, 1, 0).insert(7, "typed ")
    _text(other, 0, 0).insert(0, "typed too: ")
    make_equal(fragment, document(paragraph("first BLOCK"), paragraph("second block stays"), paragraph("new")))
    exchange(fragment, other)
    assert tree.to_json(fragment) == tree.to_json(other)
    assert tree.to_json(fragment) == document(
        paragraph("typed too: first BLOCK"), paragraph("second typed block stays"), paragraph("new")
    )


def test_typing_into_a_block_that_is_emptied_survives() -> None:
    fragment = fragment_of(document(paragraph("gone"), paragraph("x")))
    other = replica_of(fragment)
    _text(other, 0, 0).insert(4, " but typed")
    make_equal(fragment, document(paragraph(), paragraph("x")))
    assert not make_equal(fragment, document(paragraph(), paragraph("x")))
    exchange(fragment, other)
    assert tree.to_json(fragment) == document(paragraph(" but typed"), paragraph("x"))


def test_comments_stay_on_text_that_stays() -> None:
    fragment = fragment_of(document(paragraph("a ", marked("brave new", comment("t")), " world")))
    make_equal(fragment, document(paragraph("a ", marked("brave", "bold"), " new planet")))
    bold_and_comment = marked("brave", "bold", comment("t"))
    assert tree.to_json(fragment) == document(
        paragraph("a ", bold_and_comment, marked(" new", comment("t")), " planet")
    )


def test_a_word_replaced_within_a_comment_is_part_of_it() -> None:
    fragment = fragment_of(document(paragraph(marked("a brave world", comment("t")))))
    make_equal(fragment, document(paragraph("a new world")))
    assert anchors.find(fragment) == {"t": "a new world"}
    make_equal(fragment, document(paragraph("a new world!")))
    assert anchors.find(fragment) == {"t": "a new world"}


def test_returning_text_brings_its_comments_and_staying_text_does_not() -> None:
    snapshot = document(paragraph(marked("kept", comment("a")), " and ", marked("lost", comment("b")), " end"))
    fragment = fragment_of(document(paragraph("kept and end")))
    make_equal(fragment, snapshot)
    assert anchors.find(fragment) == {"b": "lost"}
    fragment = fragment_of(document(paragraph("other")))
    make_equal(fragment, document({"type": "blockquote", "content": [paragraph(marked("x", comment("c")))]}))
    assert anchors.find(fragment) == {"c": "x"}


def test_emoji_are_never_cut() -> None:
    fragment = fragment_of(document(paragraph("a 😀 b 👩‍🚀 c")))
    other = replica_of(fragment)
    make_equal(fragment, document(paragraph("a 😃 b 👩‍🔬 c", marked("😀", "bold"))))
    _text(other, 0, 0).insert(2, "😎")
    exchange(fragment, other)
    assert tree.to_json(fragment) == tree.to_json(other)
    assert "\ufffd" not in str(tree.to_json(fragment))


def test_neighbouring_texts_are_joined_when_they_change() -> None:
    fragment = fragment_of(document(paragraph("one ")))
    block = fragment.children[0]
    assert isinstance(block, XmlElement)
    block.children.append(XmlText("two three"))
    assert not make_equal(fragment, document(paragraph("one two three")))
    assert make_equal(fragment, document(paragraph("one two 3")))
    assert len(block.children) == 1
    assert tree.to_json(fragment) == document(paragraph("one two 3"))


@pytest.mark.parametrize("target", [document(paragraph("kept")), document(paragraph("new"), paragraph("kept")), EMPTY])
def test_stray_elements_and_texts_are_no_obstacle(target: Node) -> None:
    fragment = fragment_of(document(paragraph("kept")))
    fragment.children.append(XmlElement("script"))
    fragment.children.insert(0, XmlText("loose"))
    make_equal(fragment, target)
    assert tree.to_json(fragment) == target
    assert not make_equal(fragment, target)


def test_a_root_that_cannot_be_edited_is_left_alone_with_a_sentence() -> None:
    texts: Doc[Text] = Doc(client_id=2**53 - 9)
    letters = texts.get("default", type=Text)
    letters += "h\u00e9 😀"
    fragment = fragment_of(document(paragraph("kept")))
    fragment.doc.apply_update(texts.get_update())
    with pytest.raises(Unreachable, match="cannot be edited from here"):
        make_equal(fragment, document(paragraph("new")))
    assert not make_equal(fragment, document(paragraph("kept")))


def test_embeds_unknown_elements_and_marks_give_way() -> None:
    fragment = fragment_of(document(paragraph("some text"), paragraph("more")))
    _text(fragment, 0, 0).insert_embed(3, {"evil": 1})
    _text(fragment, 1, 0).format(0, 2, {"evil": {"a": 1}, "link": {"href": "javascript:x"}})
    fragment.children.insert(1, XmlElement("video"))
    target = document(paragraph("some TEXT"), {"type": "horizontalRule"}, paragraph("more", marked("!", "bold")))
    assert make_equal(fragment, target)
    assert tree.to_json(fragment) == target
    assert _text(fragment, 2, 0).diff() == [("more", None), ("!", {"bold": {}})]


def test_only_what_is_valid_of_the_target_is_written() -> None:
    fragment = fragment_of(document(paragraph("a")))
    target = {"content": [paragraph("b"), {"type": "script"}, {"type": "heading", "attrs": {"level": 99}}]}
    assert make_equal(fragment, target)
    assert tree.to_json(fragment) == document(paragraph("b"), {"type": "heading", "attrs": {"level": 1}})


def test_ten_thousand_blocks_are_compared_in_a_moment() -> None:
    blocks = [paragraph(f"Paragraph {number} with a few more words in it") for number in range(10_000)]
    fragment = fragment_of(document(*blocks))
    start = time.process_time()
    assert not make_equal(fragment, document(*blocks))
    assert make_equal(fragment, document(*blocks[:50], paragraph("new"), *blocks[50:9_000], *blocks[9_001:]))
    assert time.process_time() - start < 5


def test_the_worst_case_is_slow_but_ends() -> None:
    rng = Random(9)
    words = [rng.choice("abcdefgh") for _ in range(20_000)]
    fragment = fragment_of(document(paragraph(" ".join(words)), *[paragraph(word) for word in words[:3000]]))
    rng.shuffle(words)
    target = document(*[paragraph(word) for word in words[:3000]], paragraph(" ".join(words)))
    start = time.process_time()
    assert make_equal(fragment, target)
    assert tree.to_json(fragment) == target
    assert time.process_time() - start < 20
