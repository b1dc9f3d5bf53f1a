"""Find and replace in a real browser: what is found, where the text goes, and what one undo brings back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.held import HOLD_FRAMES, hold, release
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import new_document, share

_numbers = count()
TEXT = """# A cat

The cat sat; **another c**at slept.

- Cats, CAT and concat

> no dog 😀 here"""
WORDS = ["A cat", "The cat sat; another cat slept.", "Cats, CAT and concat", "no dog 😀 here"]
_FOUND = "name => [...CSS.highlights.get(name) ?? []].map(String)"


@pytest.fixture
def people(site: Site) -> tuple[Account, Account]:
    number = next(_numbers)
    ada, grace = site.enrol(f"seeker{number}", f"other{number}")
    return ada, grace


@pytest.fixture
def document_id(site: Site, people: tuple[Account, Account]) -> str:
    document_id = new_document(site, people[0], TEXT)
    share(site, document_id, people[1])
    return document_id


@pytest.fixture
def desk(browser: Browser, people: tuple[Account, Account], document_id: str) -> Iterator[Desk]:
    desk = Desk.of(browser, people[0], document_id)
    desk.write("", at_end=False)
    yield desk


def bar(desk: Desk) -> Locator:
    return desk.page.get_by_role("search", name="Find and replace")


def look_for(desk: Desk, words: str, key: str = "Control+f") -> Locator:
    desk.page.keyboard.press(key)
    field = bar(desk).get_by_label("Find", exact=True)
    field.fill(words)
    return field


def says(desk: Desk, sentence: str) -> None:
    expect(bar(desk).locator("output")).to_have_text(sentence)


def found(desk: Desk, name: str = "found") -> list[str]:
    return list(desk.page.evaluate(_FOUND, name))


def blocks(desk: Desk) -> list[str]:
    return desk.text.split("\n")


def test_matches_are_counted_marked_and_stepped_through(desk: Desk) -> None:
    field = look_for(desk, "cat")
    says(desk, "1 of 6")
    assert found(desk) == ["cat", "cat", "cat", "Cat", "CAT", "cat"]
    field.press("Enter")
    field.press("Enter")
    says(desk, "3 of 6")
    for _ in range(3):
        field.press("Shift+Enter")
    says(desk, "6 of 6")
    field.press("Escape")
    expect(bar(desk)).to_be_hidden()
    assert found(desk) == []
    expect(desk.editor).to_be_focused()
    desk.page.keyboard.type("enation")
    until(lambda: blocks(desk)[2] == "Cats, CAT and conenation", "the match is selected")


def test_case_whole_words_and_patterns_narrow_it(desk: Desk) -> None:
    look_for(desk, "cat")
    bar(desk).get_by_label("Match case").click()
    says(desk, "1 of 4")
    bar(desk).get_by_label("Whole words").click()
    says(desk, "1 of 3")
    bar(desk).get_by_label("Match case").click()
    says(desk, "1 of 4")
    look_for(desk, "[a-z]*at|\\p{Emoji_Presentation}")
    bar(desk).get_by_label("Regular expression").click()
    until(lambda: found(desk)[-1:] == ["😀"], "the face is one character")
    look_for(desk, "(cat")
    says(desk, "This is not a regular expression.")
    look_for(desk, "no such words")
    says(desk, "Nothing found")


def test_a_pattern_that_would_run_for_ever_is_stopped(desk: Desk) -> None:
    desk.write("a" * 40, at_end=False)
    look_for(desk, "(a+)+b")
    bar(desk).get_by_label("Regular expression").click()
    says(desk, "This pattern takes too long. Make it simpler.")
    look_for(desk, "a+")
    says(desk, "2 of 10")
    assert desk.page.evaluate("() => new Promise(done => requestAnimationFrame(() => done(true)))")


def test_all_are_replaced_and_one_undo_brings_them_back(desk: Desk) -> None:
    desk.write("!")
    look_for(desk, "cat", "Control+h")
    bar(desk).get_by_label("Replace with").fill("tiger")
    bar(desk).get_by_role("button", name="Replace all").click()
    says(desk, "Nothing found")
    assert blocks(desk) == ["A tiger!", "The tiger sat; another tiger slept.", "tigers, tiger and contiger", WORDS[3]]
    expect(desk.page.get_by_text("6 matches were replaced.")).to_be_visible()
    bar(desk).get_by_label("Close").click()
    expect(desk.editor).to_be_focused()
    desk.page.keyboard.press("Control+z")
    assert blocks(desk) == ["A cat!", *WORDS[1:]]
    desk.page.keyboard.press("Control+Shift+z")
    assert blocks(desk)[2] == "tigers, tiger and contiger"
    desk.page.keyboard.press("Control+z")
    desk.page.keyboard.press("Control+z")
    assert blocks(desk) == WORDS
    desk.saved()


def test_one_after_the_other_is_replaced_with_parts_of_what_was_found(desk: Desk) -> None:
    look_for(desk, "(c)(at)", "Control+h")
    bar(desk).get_by_label("Regular expression").click()
    instead = bar(desk).get_by_label("Replace with")
    instead.fill("$2$1")
    says(desk, "1 of 6")
    instead.press("Enter")
    says(desk, "1 of 5")
    instead.press("Enter")
    says(desk, "1 of 4")
    assert blocks(desk)[:2] == ["A atc", "The atc sat; another cat slept."]


def test_what_others_type_between_two_matches_stays_between_them(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    page = browser.person(people[0]).new_page()
    page.add_init_script(HOLD_FRAMES)
    page.goto(f"d/{document_id}/")
    ada, grace = Desk(page).ready(), Desk.of(browser, people[1], document_id)
    ada.write("")
    look_for(ada, "cat", "Control+h")
    bar(ada).get_by_label("Replace with").fill("dog")
    hold(page)
    grace.select("sat;")
    grace.page.keyboard.press("ArrowRight")
    grace.page.keyboard.type(" purring,")
    grace.saved()
    bar(ada).get_by_role("button", name="Replace all").click()
    grace.sees("A dog")
    release(page)
    for desk in (ada, grace):
        desk.sees("The dog sat; purring, another dog slept.")


def test_what_others_write_is_found_while_the_bar_is_open(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    look_for(ada, "dog")
    says(ada, "1 of 1")
    grace.write(" and a dog")
    says(ada, "2 of 2")
    assert found(ada, "found-current") == ["dog"]


def test_readers_find_but_do_not_replace(browser: Browser, site: Site, people: tuple[Account, Account]) -> None:
    document_id = new_document(site, people[0], TEXT)
    share(site, document_id, people[1], level="VIEW")
    reader = Desk.of(browser, people[1], document_id)
    look_for(reader, "slept", "Control+h")
    says(reader, "1 of 1")
    expect(bar(reader).get_by_label("Replace with")).to_be_hidden()
    expect(bar(reader).get_by_role("button", name="Replace")).to_have_count(0)
