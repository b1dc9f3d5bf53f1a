"""The outline, counts, focus mode, full width and paper: what is shown, and what is remembered."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import new_document, share

_numbers = count()
LONG = "\n\n".join(f"## Part {number}\n\n" + "Some words to fill the page. " * 60 for number in range(1, 13))


@pytest.fixture
def people(site: Site) -> tuple[Account, Account]:
    number = next(_numbers)
    ada, grace = site.enrol(f"viewer{number}", f"heading{number}")
    return ada, grace


@pytest.fixture
def document_id(site: Site, people: tuple[Account, Account]) -> str:
    document_id = new_document(site, people[0], LONG)
    share(site, document_id, people[1])
    return document_id


def top_of(desk: Desk, heading: str) -> float:
    return float(
        desk.editor.get_by_role("heading", name=heading, exact=True).evaluate("h => h.getBoundingClientRect().top")
    )


def test_the_outline_leads_to_headings_and_follows_the_page(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    ada.page.keyboard.press("Control+Alt+Shift+o")
    outline = ada.page.get_by_role("navigation", name="Outline")
    links = outline.locator(".outline-link")
    expect(links).to_have_count(12)
    links.get_by_text("Part 7", exact=True).click()
    until(lambda: 0 < top_of(ada, "Part 7") < 200, "it is at the top")
    expect(outline.locator("[aria-current]")).to_have_text("Part 7")
    ada.page.evaluate("scrollTo(0, 0)")
    expect(outline.locator("[aria-current]")).to_have_text("Part 1")
    grace.write(", renamed")
    expect(links.first).to_have_text("Part 1, renamed")
    links.get_by_text("Part 12", exact=True).click()
    until(lambda: 0 < top_of(ada, "Part 12") < 900, "it is on the screen")
    ada.page.get_by_label("Close the outline").click()
    expect(outline).to_be_hidden()


def test_a_link_to_a_heading_leads_to_it(browser: Browser, people: tuple[Account, Account], document_id: str) -> None:
    context = browser.person(people[0])
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"d/{document_id}/")
    desk = Desk(page).ready()
    desk.editor.get_by_role("heading", name="Part 9").click()
    page.get_by_role("button", name="Move").click()
    page.get_by_role("menu", name="Move").get_by_text("Copy link to heading").click()
    expect(page.get_by_text("The link is on the clipboard.")).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link.endswith(f"/d/{document_id}/#part-9")
    other = Desk(browser.open(link, people[1])).ready()
    until(lambda: 0 < top_of(other, "Part 9") < 200, "it is at the top")


def test_words_are_counted_and_those_selected_too(
    browser: Browser, people: tuple[Account, Account], site: Site
) -> None:
    document_id = new_document(site, people[0], "# Five words\n\nare in it.")
    share(site, document_id, people[1])
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    ada.page.keyboard.press("Control+Shift+c")
    counts = ada.page.locator("#counts")
    expect(counts).to_have_text("5 words · 20 characters")
    grace.write(" now")
    expect(counts).to_have_text("6 words · 24 characters")
    ada.select("are in")
    expect(counts).to_have_text("2 of 6 words · 6 of 24 characters")
    ada.page.reload()
    expect(counts).to_contain_text("6 words")
    ada.page.keyboard.press("Control+Shift+c")
    expect(counts).to_be_hidden()


def test_focus_mode_and_full_width_are_remembered(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    desk = Desk.of(browser, people[0], document_id)
    page, sheet = desk.page, desk.page.locator(".sheet")
    narrow = sheet.bounding_box()
    page.locator("summary[aria-label=More]").click()
    page.get_by_text("Full width").click()
    page.keyboard.press("Control+Alt+Shift+f")
    for _ in range(2):
        wide = sheet.bounding_box()
        assert narrow
        assert wide
        assert wide["width"] > narrow["width"] + 100
        expect(page.get_by_role("toolbar", name="Formatting")).to_be_hidden()
        expect(page.locator("#save-state")).to_be_visible()
        page.reload()
        desk.ready()
    page.get_by_role("button", name="Leave focus mode").click()
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()


def test_the_list_of_keys_has_every_command_with_a_key(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    page = Desk.of(browser, people[0], document_id).page
    page.keyboard.press("Control+Slash")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    for action, key in {
        "Move up": "Alt+Shift+↑",
        "Find and replace": "Ctrl+H",
        "Highlight: yellow": "Ctrl+Shift+H",
        "Align: centre": "Ctrl+Shift+E",
        "Insert a block": "/",
    }.items():
        expect(keys.get_by_role("row", name=f"{action} {key}", exact=True)).to_be_visible()


def test_on_paper_there_is_only_the_text(browser: Browser, people: tuple[Account, Account], document_id: str) -> None:
    desk = Desk.of(browser, people[0], document_id)
    desk.page.keyboard.press("Control+Alt+Shift+o")
    desk.page.keyboard.press("Control+f")
    desk.page.emulate_media(media="print")
    for selector in (".topbar", "#toolbar", "#outline", ".find-bar", "#comments-panel"):
        expect(desk.page.locator(selector)).to_be_hidden()
    expect(desk.editor.get_by_role("heading", name="Part 12")).to_be_visible()
