"""The slash menu, the list of commands, the bubble and the handle beside a block: by key and by pointer."""

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
THREE = "First block.\n\nSecond block.\n\nThird block."


@pytest.fixture
def people(site: Site) -> tuple[Account, Account]:
    number = next(_numbers)
    ada, grace = site.enrol(f"mover{number}", f"typist{number}")
    return ada, grace


@pytest.fixture
def document_id(site: Site, people: tuple[Account, Account]) -> str:
    ada, grace = people
    document_id = new_document(site, ada, THREE)
    share(site, document_id, grace)
    return document_id


@pytest.fixture
def desk(browser: Browser, people: tuple[Account, Account], document_id: str) -> Iterator[Desk]:
    yield Desk.of(browser, people[0], document_id)


def slash_menu(desk: Desk) -> Locator:
    return desk.page.get_by_role("listbox", name="Insert a block")


def blocks(desk: Desk) -> list[str]:
    return desk.text.split("\n")


# --- The slash menu -----------------------------------------------------------------------------------------------


def test_a_slash_offers_the_blocks_and_letters_choose_one(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write("")
    keys.press("Enter")
    keys.type("/")
    menu = slash_menu(desk)
    expect(menu.get_by_role("group")).to_have_count(4)
    expect(menu.get_by_role("option", name="Heading 2")).to_contain_text("Ctrl+Alt+2")
    keys.type("todo")
    expect(menu.get_by_role("option")).to_have_text(["Check listCtrl+Shift+9"])
    keys.press("Enter")
    expect(menu).to_be_hidden()
    keys.type("Buy milk")
    expect(desk.editor.locator('ul[data-type="taskList"] li p')).to_have_text("Buy milk")
    desk.saved()


def test_the_current_choice_is_told_to_screen_readers(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write(" /")
    current = (
        "editor => document.getElementById(editor.getAttribute('aria-activedescendant'))?.innerText.split('\\n')[0]"
    )
    until(lambda: desk.editor.evaluate(current) == "Text", "the first is current")
    keys.press("ArrowDown")
    assert desk.editor.evaluate(current) == "Heading 1"
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    assert desk.editor.evaluate(current) == "Table of contents"
    expect(slash_menu(desk).get_by_role("option", selected=True)).to_have_text("Table of contents")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Tab")
    expect(desk.editor.locator("h1")).to_have_text("First block. ")
    expect(desk.editor).not_to_have_attribute("aria-activedescendant", "")


def test_escape_leaves_what_was_typed(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write(" /head")
    expect(slash_menu(desk)).to_be_visible()
    keys.press("Escape")
    expect(slash_menu(desk)).to_be_hidden()
    keys.type("ing 5/6")
    assert blocks(desk)[0] == "First block. /heading 5/6"
    expect(slash_menu(desk)).to_be_hidden()


def test_no_slash_menu_within_words_and_code(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write("and/or")
    expect(slash_menu(desk)).to_be_hidden()
    keys.press("Enter")
    keys.type("``` /")
    expect(desk.editor.locator("pre")).to_have_text("/", use_inner_text=True)
    expect(slash_menu(desk)).to_be_hidden()


def test_the_slash_menu_stands_while_others_write_above(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    grace.editor.get_by_text("Second block.").click()
    grace.page.keyboard.press("End")
    grace.page.keyboard.type(" /quo")
    ada.write("Earlier: ", at_end=False)
    grace.sees("Earlier:")
    expect(slash_menu(grace)).to_be_visible()
    grace.page.keyboard.press("Enter")
    expect(grace.editor.locator("blockquote")).to_have_text("Second block. ")


# --- Commands and the bubble ----------------------------------------------------------------------------------------


def test_every_command_is_found_by_name(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.select("Second")
    keys.press("Control+Shift+p")
    command = desk.page.get_by_role("combobox", name="Command")
    command.fill("highlight gre")
    expect(desk.page.get_by_role("listbox").get_by_role("option").first).to_contain_text("Highlight: green")
    command.press("Enter")
    expect(desk.editor.locator('mark[data-color="green"]')).to_have_text("Second")
    keys.press("Control+Shift+p")
    command.fill("no such thing")
    expect(desk.page.get_by_text("No command is called that.")).to_be_visible()
    command.press("Escape")
    expect(command).to_have_count(0)


def test_the_bubble_turns_a_block_into_another(desk: Desk) -> None:
    desk.select("Second")
    bubble = desk.page.get_by_role("toolbar", name="Selection")
    bubble.get_by_role("button", name="Underline").click()
    expect(desk.editor.locator("u")).to_have_text("Second")
    bubble.get_by_role("button", name="Turn into").click()
    desk.page.get_by_role("menu", name="Turn into").get_by_text("Heading 3").click()
    expect(desk.editor.locator("h3")).to_have_text("Second block.")


# --- Moving blocks ------------------------------------------------------------------------------------------------


def test_a_block_is_moved_doubled_and_brought_back_by_key(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write("")
    keys.press("Alt+Shift+ArrowDown")
    assert blocks(desk) == ["Second block.", "First block.", "Third block."]
    keys.press("Alt+Shift+ArrowDown")
    keys.press("Alt+Shift+ArrowDown")
    assert blocks(desk) == ["Second block.", "Third block.", "First block."]
    keys.type("!")
    keys.press("Control+d")
    keys.type("?")
    assert blocks(desk) == ["Second block.", "Third block.", "First block.!", "First block.!?"]
    for _ in range(2):
        keys.press("Control+z")
    assert blocks(desk) == ["Second block.", "Third block.", "First block.!"]
    for _ in range(2):
        keys.press("Control+z")
    assert blocks(desk) == ["Second block.", "First block.", "Third block."]
    desk.saved()


@pytest.mark.parametrize(
    ("mover_in", "is_known"), [("Second block.", True), ("First block.", True), ("First block.", False)]
)
def test_a_block_is_moved_while_the_other_person_types_in_it_or_in_its_neighbour(
    browser: Browser, people: tuple[Account, Account], document_id: str, mover_in: str, is_known: bool
) -> None:
    """Whose caret the mover sees keeps their block, and types on; what comes from others is put where it belongs."""
    page = browser.person(people[0]).new_page()
    page.add_init_script(HOLD_FRAMES)
    page.goto(f"d/{document_id}/")
    ada, grace = Desk(page).ready(), Desk.of(browser, people[1], document_id)
    grace.go_to("Second block.")
    grace.page.keyboard.type(" One")
    ada.sees(" One")
    if not is_known:
        grace.go_to("Third block.")
    expect(ada.editor.locator(f"p:nth-child({2 if is_known else 3}) .caret")).to_have_count(1)
    ada.go_to(mover_in)
    hold(page)
    if not is_known:
        grace.go_to("Second block.")
    grace.page.keyboard.type(", two")
    grace.saved()
    assert page.evaluate("held.length") > 0
    assert "two" not in ada.text
    page.keyboard.press("Alt+Shift+ArrowUp" if mover_in.startswith("Second") else "Alt+Shift+ArrowDown")
    grace.sees("First block.\nThird block.")
    assert ("two" in grace.text) is is_known
    if is_known:
        grace.page.keyboard.type(", three")
    release(page)
    wanted = "Second block. One, two, three" if is_known else "Second block. One, two"
    for desk in (ada, grace):
        desk.sees(wanted)
        assert blocks(desk) == [wanted, "First block.", "Third block."]


def test_the_handle_drags_a_block_and_offers_what_can_be_done(desk: Desk) -> None:
    page = desk.page
    desk.editor.get_by_text("Third block.").hover()
    handle = page.locator(".block-handle")
    box, first = handle.bounding_box(), desk.editor.get_by_text("First block.").bounding_box()
    assert box
    assert first
    page.mouse.move(box["x"] + 8, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(first["x"] + 60, first["y"] + 20, steps=4)
    page.mouse.move(first["x"] + 60, first["y"] + 3, steps=2)
    expect(page.locator(".drop-line")).to_be_visible()
    page.mouse.up()
    assert blocks(desk) == ["Third block.", "First block.", "Second block."]
    desk.editor.get_by_text("Second block.").hover()
    handle.click()
    page.get_by_role("menu", name="Block").get_by_text("Delete block").click()
    assert blocks(desk) == ["Third block.", "First block."]
    page.keyboard.press("Control+z")
    assert blocks(desk) == ["Third block.", "First block.", "Second block."]


def test_the_handle_stays_with_its_block_while_others_write(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    ada.editor.get_by_text("Third block.").hover()
    handle = ada.page.locator(".block-handle")
    expect(handle).to_be_visible()
    grace.write(" More.")
    ada.sees("More.")
    handle.click()
    ada.page.get_by_role("menu", name="Block").get_by_text("Duplicate").click()
    assert blocks(ada) == ["First block. More.", "Second block.", "Third block.", "Third block."]


def test_menus_come_up_from_the_foot_of_a_phone(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    phone = {"viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True}
    desk = Desk(browser.open(f"d/{document_id}/", people[0], **phone)).ready()
    desk.write(" /")
    for box in (slash_menu(desk).bounding_box(), slash_menu(desk).get_by_role("option").first.bounding_box()):
        assert box
        assert box["y"] > 300
        assert box["height"] >= 44
        assert 0 <= box["x"] <= 8
        assert box["x"] + box["width"] <= 360
    desk.page.keyboard.press("Escape")
    desk.page.get_by_role("button", name="Move", exact=True).click()
    desk.page.get_by_role("menu", name="Move").get_by_text("Move down").click()
    assert blocks(desk) == ["Second block.", "First block. /", "Third block."]
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_escape_ends_a_drag(desk: Desk) -> None:
    page = desk.page
    desk.editor.get_by_text("Third block.").hover()
    box = page.locator(".block-handle").bounding_box()
    assert box
    page.mouse.move(box["x"] + 8, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] - 60, steps=4)
    expect(page.locator(".drop-line")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".drop-line")).to_be_hidden()
    page.mouse.up()
    assert blocks(desk) == ["First block.", "Second block.", "Third block."]
