"""What mentions of people, documents and days become for one reader or another."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from docs_app.content import tree
from docs_app.content.changes import changes
from docs_app.content.mentions import Known, mentioned
from docs_app.content.nodes import Node, children, plain
from docs_app.content.parse import from_markdown
from docs_app.content.render import to_html, to_markdown, to_text
from docs_app.content.validity import settle
from tests.docs_app.content.every_kind import DOCUMENT
from tests.docs_app.content.samples import document, fragment_of, paragraph, random_mention

ADA: Node = {"type": "personMention", "attrs": {"person": "user:7", "name": "Ada <b>"}}
PLAN: Node = {"type": "documentMention", "attrs": {"document": DOCUMENT}}
EVE: Node = {"type": "dateMention", "attrs": {"date": "2026-12-24"}}
TEXT = document(paragraph(ADA, " and ", PLAN, " by ", EVE))
TOLD = Known({"user:7": "Ada King"}, {DOCUMENT: "Plan [1] <i>"}, lambda day: f"{day:%d/%m}")


def test_without_knowing_anything_the_reader_sees_what_the_text_says_and_no_title() -> None:
    assert to_html(TEXT) == (
        '<p><span class="mention" data-person="user:7">@Ada &lt;b&gt;</span> and '
        f'<a class="mention" href="/d/{DOCUMENT}/" data-document="{DOCUMENT}">A document</a> by '
        '<time class="mention" datetime="2026-12-24">2026-12-24</time></p>'
    )
    assert to_text(TEXT) == "@Ada <b> and A document by 2026-12-24"


def test_names_titles_and_days_are_the_readers() -> None:
    assert to_text(TEXT, known=TOLD) == "@Ada King and Plan [1] <i> by 24/12"
    html = to_html(TEXT, known=TOLD)
    assert ">@Ada King</span>" in html and ">Plan [1] &lt;i&gt;</a>" in html and ">24/12</time>" in html
    written = to_markdown(TEXT, known=TOLD)
    assert written == (f"@[Ada King](user:7) and @[Plan \\[1\\] \\<i>](/d/{DOCUMENT}/) by @[24/12](date:2026-12-24)\n")
    (block,) = children(from_markdown(written))
    named = {"type": "personMention", "attrs": {"person": "user:7", "name": "Ada King"}}
    mentions = [node for node in children(block) if node["type"] != "text"]
    assert mentions == [named, PLAN, EVE]


def test_our_own_words_in_a_text_are_said_in_the_readers_language() -> None:
    german = Known(say=lambda sentence: f"{sentence} auf Deutsch")
    nobody = {**ADA, "attrs": {**ADA["attrs"], "name": ""}}
    warned = {"type": "callout", "attrs": {"kind": "warning"}, "content": [paragraph(nobody, " ", PLAN)]}
    text = document(warned)
    assert to_text(text, known=german) == "@Someone auf Deutsch A document auf Deutsch"
    assert 'aria-label="Warning auf Deutsch"' in to_html(text, known=german)
    (change,) = changes(document(), text, known=german)[-1:]
    assert "Warning auf Deutsch" in change.html and "A document auf Deutsch" in change.html


def test_a_text_says_whom_and_what_it_mentions() -> None:
    boxed = document({"type": "callout", "content": [paragraph(ADA, PLAN, EVE)]}, paragraph(ADA))
    assert mentioned(boxed) == ({"user:7"}, {DOCUMENT})


@pytest.mark.parametrize(
    "node",
    [
        {"type": "personMention", "attrs": {"person": "user:0", "name": "x"}},
        {"type": "personMention", "attrs": {"person": "guest:1", "name": "x"}},
        {"type": "personMention", "attrs": {"name": "x"}},
        {"type": "documentMention", "attrs": {"document": f"{DOCUMENT}/../"}},
        {"type": "documentMention", "attrs": {"document": DOCUMENT.upper()}},
        {"type": "dateMention", "attrs": {"date": "2026-02-30"}},
        {"type": "dateMention", "attrs": {"date": "2026-1-1"}},
        {"type": "dateMention", "attrs": {"date": 20261224}},
        {"type": "dateMention"},
    ],
)
def test_a_mention_of_nothing_is_none(node: Node) -> None:
    assert settle({"content": [paragraph("a", node)]}) == document(paragraph("a"))


@pytest.mark.parametrize(
    "text",
    [
        "@[a](b)",
        "@[a](user:x)",
        "@[a](user:0)",
        "@[a](date:2026-02-30)",
        f"@[a](/d/{DOCUMENT})",
        "@[a]",
        "@ [a](user:7)",
    ],
)
def test_what_only_looks_like_a_mention_keeps_its_words(text: str) -> None:
    found = from_markdown(text)
    assert mentioned(found) == (set(), set())
    assert plain(found).replace(" ", "").startswith("@")
    assert "a" in plain(found)


@pytest.mark.parametrize("seed", range(50))
def test_mentions_live_in_the_shared_document_and_in_markdown(seed: int) -> None:
    rng = Random(seed)
    words = [random_mention(rng) if rng.random() < 0.6 else rng.choice(["a ", " @", "@ b", "[", "é"]) for _ in range(8)]
    text = document(paragraph("x", *words, "x"))
    assert tree.to_json(fragment_of(text)) == text
    assert from_markdown(to_markdown(text)) == text


def test_a_day_is_any_that_there_is() -> None:
    for day in ("0001-01-01", "9999-12-31", date.today().isoformat()):
        assert day in to_text(document(paragraph({"type": "dateMention", "attrs": {"date": day}})))
