"""On a phone, with a finger: writing, commenting, sharing, history; and the keyboard, which hides half of the page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.axe import too_wide
from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import new_document, text_of

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# 400 % zoom of a window 1280 pixels wide.
ZOOMED: dict[str, Any] = {"viewport": {"width": 320, "height": 256}}
WORDS = "Plan\n\n" + "A paragraph of some words, to fill the page with. " * 40

# Chromium without a head has no on-screen keyboard: the page is told what one with a keyboard of 300 pixels tells.
KEYBOARD = """() => {
  const shrunk = Object.assign(new EventTarget(), { scale: 1, offsetTop: 0, width: innerWidth, height: innerHeight })
  Object.defineProperty(window, "visualViewport", { value: shrunk })
  window.keyboard = height => {
    shrunk.height = innerHeight - height
    shrunk.dispatchEvent(new Event("resize"))
  }
}"""


@pytest.fixture
def ada(site: Site, request: pytest.FixtureRequest) -> Account:
    (ada,) = site.enrol(f"phone{abs(hash(request.node.name)) % 10**6}")
    return ada


def on_phone(browser: Browser, account: Account, document_id: str, *, script: str = "") -> Desk:
    page = browser.person(account, **PHONE).new_page()
    if script:
        page.add_init_script(f"({script})()")
    page.goto(f"d/{document_id}/")
    return Desk(page).ready()


def fits(page: Page) -> None:
    assert too_wide(page) <= 0, page.url


def edges(shown: Locator) -> tuple[float, float]:
    """How far down the window something begins and ends."""
    box = shown.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


def test_a_document_is_written_commented_shared_and_restored(browser: Browser, site: Site, ada: Account) -> None:
    document_id = new_document(site, ada, "First thoughts")
    desk = on_phone(browser, ada, document_id)
    page = desk.page
    desk.editor.locator("p").tap()
    page.keyboard.press("End")
    page.keyboard.type(" and more")
    page.get_by_role("button", name="Bulleted list").tap()
    expect(desk.editor.locator("li")).to_have_text("First thoughts and more")
    desk.saved()
    fits(page)

    desk.select("thoughts")
    bubble = page.get_by_role("toolbar", name="Selection")
    bubble.get_by_role("button", name="Comment").tap()
    form = page.locator("#comment-form")
    form.get_by_label("Comment", exact=True).fill("Which ones?")
    form.get_by_role("button", name="Comment").tap()
    expect(desk.thread("Which ones?")).to_be_in_viewport()
    fits(page)
    page.get_by_label("Close the comments").tap()

    page.get_by_role("link", name="Share").tap()
    page.get_by_role("button", name="Make a link").tap()
    expect(page.get_by_label("The link", exact=True)).to_be_visible()
    fits(page)
    page.locator("#share-dialog").get_by_label("Close").tap()

    page.locator("summary[aria-label=More]").tap()
    page.locator(".topbar").get_by_role("button", name="History").tap()
    page.locator(".snapshot-link").last.tap()
    page.locator("#preview").get_by_role("button", name="Restore").tap()
    page.get_by_role("dialog").get_by_role("button", name="Restore").tap()
    until(lambda: text_of(site, ada, document_id).strip() == "First thoughts", "it is as it was")
    desk.sees("First thoughts")
    fits(page)
    page.get_by_label("Close the history").tap()
    expect(page.locator("summary[aria-label=More]")).to_be_focused()


def test_the_toolbar_stands_on_the_keyboard_and_the_caret_above_it(browser: Browser, site: Site, ada: Account) -> None:
    desk = on_phone(browser, ada, new_document(site, ada, WORDS), script=KEYBOARD)
    page, toolbar = desk.page, desk.page.locator("#toolbar")
    text = desk.editor.locator("p").last
    top, bottom = edges(text)
    assert bottom > 700
    text.tap(position={"x": 40, "y": 700 - top})
    page.evaluate("keyboard(300)")
    until(lambda: edges(toolbar)[1] <= 440, "it stands on the keyboard")
    caret = "() => { const { bottom } = getSelection().getRangeAt(0).getBoundingClientRect(); return bottom }"
    top = edges(toolbar)[0]
    until(lambda: 0 < page.evaluate(caret) <= top, "the caret is to be seen")
    page.keyboard.press("Control+End")
    page.keyboard.type(" The end")
    until(lambda: 0 < page.evaluate(caret) <= top, "the caret is to be seen at the end as well")
    page.evaluate("keyboard(0)")
    until(lambda: edges(toolbar)[0] > 640, "it is at the foot again")


def test_nothing_is_lost_at_400_percent(browser: Browser, site: Site, ada: Account) -> None:
    document_id = new_document(site, ada, WORDS)
    page = browser.person(ada, **ZOOMED).new_page()
    for path in ("", "account/", f"d/{document_id}/share/", f"d/{document_id}/"):
        page.goto(path)
        fits(page)
    desk = Desk(page).ready()
    desk.editor.locator("p").first.click()
    page.keyboard.press("End")
    page.keyboard.type(" B")
    desk.saved()
    for keys, within in {
        "Control+f": ".find-bar",
        "Control+Shift+p": "dialog.command-list",
        "Control+Alt+Shift+h": "#history",
    }.items():
        page.keyboard.press(keys)
        expect(page.locator(within)).to_be_in_viewport()
        fits(page)
        page.keyboard.press("Escape")
