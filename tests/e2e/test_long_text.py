"""A long text costs the browser what it must: counted in elements that it styles, the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.site import Site
from tests.support.wire import new_document

BLOCKS = 1000
TEXT = "\n\n".join(f"Paragraph {number} of a long text." for number in range(BLOCKS))


@contextmanager
def counted(browser: Browser) -> Iterator[list[int]]:
    """How many elements are styled, each time that it is counted; there once it is left."""
    styled: list[int] = []
    browser.chromium.start_tracing(categories=["devtools.timeline"])
    try:
        yield styled
    finally:
        events = json.loads(browser.chromium.stop_tracing())["traceEvents"]
        styled += [event["args"]["elementCount"] for event in events if "elementCount" in event.get("args", {})]


def test_each_block_is_styled_few_times_until_it_can_be_written_in(site: Site, browser: Browser) -> None:
    (ada,) = site.enrol("patient")
    document_id = new_document(site, ada, TEXT)
    with counted(browser) as styled:
        desk = Desk.of(browser, ada, document_id)
    assert desk.editor.locator("p").count() == BLOCKS
    assert BLOCKS < sum(styled) < 4 * BLOCKS, "a named highlight for the whole text would style all of it once more"


def test_no_empty_page_is_drawn_before_the_text(site: Site, browser: Browser) -> None:
    """An empty page has a hint in italics, and to fetch their font styles the whole text once more."""
    (ada,) = site.enrol("upright")
    page = browser.person(ada).new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"d/{new_document(site, ada, 'Upright.')}/")
    desk = Desk(page).ready()
    desk.write("Upright too.")
    desk.saved()
    fonts = [address for address in fetched if address.endswith(".woff2")]
    assert fonts
    assert not [address for address in fonts if "italic" in address]


def test_a_key_styles_its_block_and_little_else(site: Site, browser: Browser) -> None:
    (ada,) = site.enrol("typist")
    desk = Desk.of(browser, ada, new_document(site, ada, TEXT))
    desk.write("first")
    desk.saved()
    expect(desk.page.locator("html.is-arriving")).to_have_count(0)  # then all of it is styled, once
    with counted(browser) as styled:
        desk.page.keyboard.type(" word")
        desk.saved()
    assert sum(styled) < BLOCKS / 2
