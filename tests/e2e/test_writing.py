"""One person's keyboard and mouse in a real browser: what the keys do, and where the focus goes afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.support.browser import Browser
from tests.support.cable import Cable
from tests.support.clipboard import paste
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.wire import new_document

_numbers = count()


@pytest.fixture
def writer(site: Site) -> Account:
    (account,) = site.enrol(f"writer{next(_numbers)}")
    return account


@pytest.fixture
def desk(browser: Browser, site: Site, writer: Account) -> Iterator[Desk]:
    yield Desk.of(browser, writer, new_document(site, writer, "Begin."))


def test_tab_stays_in_lists(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write("")
    keys.press("Enter")
    keys.type("- one")
    keys.press("Tab")  # The first item can go no deeper.
    keys.type(" item")
    expect(desk.editor.locator("ul > li")).to_have_text("one item")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("below it")
    expect(desk.editor.locator("ul ul > li")).to_have_text("below it")


def test_tab_stays_in_code(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write("")
    keys.press("Enter")
    keys.type("``` ")
    expect(desk.editor.locator("pre")).to_be_visible()
    keys.press("Tab")
    keys.type("indented")
    expect(desk.editor.locator("pre")).to_have_text("    indented", use_inner_text=True)


def test_a_new_link_shows_what_was_typed(desk: Desk) -> None:
    desk.write(" Write to ")
    desk.page.keyboard.press("Control+k")
    address = desk.page.get_by_label("Address")
    address.fill("javascript:alert(1)")
    address.press("Enter")
    expect(address).to_be_visible()
    assert address.evaluate("field => field.validationMessage")
    address.fill("ada@example.org")
    address.press("Enter")
    link = desk.editor.locator("a")
    expect(link).to_have_text("ada@example.org")
    expect(link).to_have_attribute("href", "mailto:ada@example.org")


def test_an_address_that_is_typed_becomes_a_link(desk: Desk) -> None:
    with desk.page.expect_response("**/lazy/formats-*.js"):
        desk.write(" See")
    desk.page.keyboard.type(" docs.example.org but not e.g. this ")
    link = desk.editor.locator("a")
    expect(link).to_have_text("docs.example.org")
    expect(link).to_have_attribute("href", "https://docs.example.org")


def test_escape_leaves_the_preview_first_and_then_the_history(desk: Desk) -> None:
    page = desk.page
    page.locator("#history-button").click()
    name = page.get_by_label("Name the text as it is now")
    name.fill("The first")
    name.press("Enter")
    kept = page.locator(".snapshot-link", has_text="The first")
    kept.click()
    expect(page.locator("#preview")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#preview")).to_be_hidden()
    expect(kept).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#history-button")).to_be_focused()
    expect(kept).to_be_hidden()


def test_a_paste_that_is_too_large_changes_nothing_and_says_so(desk: Desk) -> None:
    desk.write("")
    paste(desk.page, {"text/plain": "\n\n".join(["a line"] * 8_000)})
    expect(desk.page.locator(".toast")).to_contain_text("do it in parts")
    for _ in range(2):
        paste(desk.page, {"text/plain": "\n\n".join(["a line"] * 4_000)})
        desk.saved()
    assert desk.text.count("a line") == 8_000


def test_more_than_one_update_written_offline_is_offered_after_a_reload(
    browser: Browser, site: Site, writer: Account
) -> None:
    browser.allow("ERR_CONNECTION|WebSocket connection")
    cable = Cable(site.port)
    document_id = new_document(site, writer, "Begin.")
    page = browser.open(f"{cable.address}d/{document_id}/", writer)
    desk = Desk(page).ready()
    desk.saved()
    cable.pull()
    desk.write("")
    for _ in range(2):
        paste(page, {"text/plain": "offline " * 90_000})
    expect(page.locator("#save-state")).to_contain_text("kept on this device", timeout=15_000)
    cable.put_back()
    expect(page.locator("#ended")).to_contain_text("larger than the server takes", timeout=30_000)
    page.locator("#ended").get_by_role("button", name="Reload").click()
    expect(page.locator("#left-over")).to_contain_text("does not have", timeout=15_000)
    assert "offline" not in Desk(page).ready().text
    cable.pull()


def test_a_title_that_was_emptied_comes_back(desk: Desk) -> None:
    title = desk.page.get_by_label("Title")
    was = title.input_value()
    title.fill("")
    title.press("Enter")
    desk.write("")
    expect(title).to_have_value(was)


def test_the_passage_is_marked_while_a_form_has_the_focus_and_gets_it_back(desk: Desk) -> None:
    page = desk.page
    marked = "[...(CSS.highlights.get('pending-passage') ?? [])].map(String).join()"

    def awaits(passage: str) -> None:  # a frame later, when the machine is busy
        page.wait_for_function(f"passage => {marked} === passage", arg=passage)

    desk.select("Begin")
    page.keyboard.press("Control+k")
    awaits("Begin")
    page.keyboard.press("Escape")
    awaits("")
    expect(desk.editor).to_be_focused()
    page.keyboard.press("Control+Alt+m")
    awaits("Begin")
    page.keyboard.type("Why not before?")
    page.keyboard.press("Control+Enter")
    expect(desk.thread("Why not before?")).to_be_visible()
    awaits("")
    expect(desk.editor).to_be_focused()
