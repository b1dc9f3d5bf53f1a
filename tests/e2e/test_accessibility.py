"""Every page, menu and dialog before axe: wide in both themes, in Arabic, and on a dark phone without small targets.

What a page consists of is the same in both themes, and a colour on both screens, so no state is looked at four times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Locator, Page, expect

from tests.support.axe import small_targets, too_wide, violations
from tests.support.browser import Browser
from tests.support.demo import Demo, written_demo
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import new_document

DEVICES: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"},
    "arabic": {"viewport": {"width": 1280, "height": 900}, "locale": "ar"},
}
# What axe may say all the same, and why.
EXCEPTIONS = {
    "scrollable-region-focusable (serious): .tableWrapper": "where somebody writes, the caret goes there",
    "scrollable-region-focusable (serious): #choices-3": "the arrows of who is typing move in it, and it scrolls along",
}
# Django's admin fades from one theme to the other, whatever somebody prefers.
_SETTLED = """() => Promise.allSettled(document.getAnimations()
  .filter(animation => animation instanceof CSSTransition).map(transition => transition.finished))"""


@dataclass
class Inspector:
    """Looks at one state after another, and says in the end what is wrong, and in which of them."""

    device: str
    states: dict[str, list[str]] = field(default_factory=dict)

    @property
    def options(self) -> dict[str, Any]:
        return DEVICES[self.device] | {"reduced_motion": "reduce"}

    @property
    def is_phone(self) -> bool:
        return self.device == "phone"

    @property
    def found(self) -> list[str]:
        return [f"{fault} [{', '.join(states)}]" for fault, states in self.states.items()]

    def look(self, page: Page, state: str, within: str = "") -> None:
        if within:
            expect(page.locator(within).first).to_be_visible()
        faults = violations(page, within)
        if self.is_phone:
            # The admin's buttons and links are Django's.
            small = [] if state.startswith("admin") else small_targets(page, within)
            faults += [f"less than 44 pixels: {target}" for target in small]
        if self.device == "wide":
            page.emulate_media(color_scheme="dark")
            page.evaluate(_SETTLED)
            faults += [f"dark: {fault}" for fault in violations(page, within, ["color-contrast"])]
            page.emulate_media(color_scheme="light")
        else:
            faults += [f"{over} pixels too wide"] if (over := too_wide(page)) > 0 else []
        for fault in faults:
            if not fault.startswith(tuple(EXCEPTIONS)):
                self.states.setdefault(fault, []).append(state)


@pytest.fixture(params=DEVICES)
def inspector(request: pytest.FixtureRequest) -> Iterator[Inspector]:
    inspector = Inspector(request.param)
    yield inspector
    assert inspector.found == [], "\n".join(inspector.found)


@pytest.fixture(scope="module")
def demo(site: Site) -> Demo:
    return written_demo(site)


def pages(demo: Demo) -> dict[str, tuple[str, Account | None]]:
    """Where to find each page that needs nothing to be done first, and who is to look at it."""
    document, snapshot = f"d/{demo.document}/", f"d/{demo.document}/snapshots/{demo.snapshot}/"
    admin = f"admin/docs_app/document/{demo.document}/"
    return {
        "sign in": ("accounts/login/", None),
        "sign up": ("accounts/signup/", None),
        "password": ("accounts/password/change/", demo.ada),
        "account": ("account/", demo.ada),
        "list": ("", demo.ada),
        "list, shared": ("?show=shared", demo.grace),
        "list, trash": ("?show=trash", demo.ada),
        "list, nothing": ("", demo.grace),
        "list, nothing shared": ("?show=shared", demo.ada),
        "list, nothing in the trash": ("?show=trash", demo.grace),
        "list, nothing found": ("?q=zebra", demo.ada),
        "share": (f"{document}share/", demo.ada),
        "snapshot": (snapshot, demo.ada),
        "in the trash": (f"d/{demo.trashed}/", demo.ada),
        "not found": ("nowhere/", demo.ada),
        "refused": (f"{document}share/", demo.grace),
        "guest": (f"s/{demo.viewers}/", None),
        "admin, snapshots": (f"{admin}snapshots/", demo.ada),
        "admin, a snapshot": (f"{admin}snapshots/{demo.snapshot}/", demo.ada),
        "admin, restore": (f"{admin}snapshots/{demo.snapshot}/restore/", demo.ada),
    }


def test_pages(browser: Browser, demo: Demo, inspector: Inspector) -> None:
    browser.allow("status of (40[034]|422|500)")
    people = {
        account: browser.person(account, **inspector.options).new_page() for account in (demo.ada, demo.grace, None)
    }
    for state, (path, account) in pages(demo).items():
        page = people[account]
        page.goto(path)
        inspector.look(page, state)


def test_forms_that_were_wrong_and_errors(browser: Browser, site: Site, demo: Demo, inspector: Inspector) -> None:
    browser.allow("status of (40[034]|422|500)")
    page = browser.open("accounts/login/", **inspector.options)
    page.locator("[name=login]").fill("ada")
    page.locator("[name=password]").fill("wrong")
    page.locator("main button[type=submit]").click()
    inspector.look(page, "sign in, wrong", "main")
    page.goto(site.url.replace("127.0.0.1", "elsewhere.localhost"))
    inspector.look(page, "bad request")
    broken = render_to_string("500.html")
    page.route("**/broken", lambda route: route.fulfill(body=broken, content_type="text/html"))
    page.goto("broken")
    inspector.look(page, "broken")


SMALL = "## Words\n\nin a row\n\n| a | b |\n| --- | --- |\n| c | d |\n\n> [!NOTE]\n> Mind\n\n```python\npass\n```"
# Each of these is opened by its keys, and closed by Esc.
BY_KEYS: dict[str, tuple[str, str]] = {
    "find": ("Control+f", ".find-bar"),
    "replace": ("Control+h", ".find-bar"),
    "outline": ("Control+Alt+Shift+o", "#outline"),
    "commands": ("Control+Shift+p", "dialog.command-list"),
    "shortcuts": ("Control+/", "dialog.dialog[open]"),
    "link": ("Control+k", ".link-form"),
    "saved": ("Control+s", "#notices"),
    "history": ("Control+Alt+Shift+h", "#history"),
    "comments": ("Control+Alt+Shift+a", "#comments-panel"),
}


def test_writing(browser: Browser, site: Site, demo: Demo, inspector: Inspector) -> None:
    document_id = new_document(site, demo.ada, SMALL)
    desk = Desk(browser.open(f"d/{document_id}/", demo.ada, **inspector.options)).ready()
    page = desk.page
    for state, (keys, within) in BY_KEYS.items():
        desk.editor.locator("h2").first.click()
        page.keyboard.press(keys)
        inspector.look(page, state, within)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    for number in range(page.locator(".toolbar .tool-menu").count()):
        page.locator(".toolbar .tool-menu").nth(number).click()
        inspector.look(page, f"toolbar menu {number}", ".menu-panel:not([hidden])")
        page.keyboard.press("Escape")
    page.locator(".topbar-end summary").click()
    inspector.look(page, "more", ".topbar .menu-sheet")
    page.keyboard.press("Escape")
    for state, block in {"table": "td", "callout": ".callout p", "code": ".code-block code"}.items():
        desk.editor.locator(block).first.click()
        inspector.look(page, f"toolbar in a {state}", "#toolbar")
    desk.editor.locator("h2").first.click()
    page.keyboard.press("End")
    page.keyboard.type(" /")
    inspector.look(page, "slash menu", ".slash-menu:not([hidden])")


def test_every_kind_of_block(browser: Browser, demo: Demo, inspector: Inspector) -> None:
    desk = Desk(browser.open(f"d/{demo.document}/", demo.ada, **inspector.options)).ready()
    inspector.look(desk.page, "document")
    desk.editor.locator(".image img").first.click()
    inspector.look(desk.page, "image", ".image.is-selected")
    desk.page.keyboard.press("Enter")
    inspector.look(desk.page, "image's form", ".block-form")


def test_handles(browser: Browser, demo: Demo) -> None:
    inspector = Inspector("wide")
    desk = Desk(browser.open(f"d/{demo.document}/", demo.ada, **inspector.options)).ready()
    desk.editor.locator("td").first.hover()
    inspector.look(desk.page, "table handles", ".table-handle.is-row-grip")
    desk.editor.locator("h2").first.hover()
    desk.page.locator(".block-handle").click()
    inspector.look(desk.page, "block menu", ".menu-panel:not([hidden])")
    assert inspector.found == []


def opened(card: Locator) -> bool:
    """Whether the card's menu is open; opens it if not. A card is replaced when the server tells of it again."""
    if card.locator(".menu[open]").count():
        return True
    card.locator("summary").click()
    return False


def test_comments(browser: Browser, demo: Demo, inspector: Inspector) -> None:
    desk = Desk(browser.open(f"d/{demo.document}/", demo.grace, **inspector.options)).ready()
    page = desk.page
    desk.select("Two people live here")
    inspector.look(page, "bubble", ".bubble")
    page.locator(".bubble [data-tool=comment]").click()
    inspector.look(page, "comment form", "#comment-form")
    words = f"Which two? asks the {inspector.device} one"
    page.locator("#comment-form textarea").fill(words)
    page.locator("#comment-form").locator("[type=submit]").click()
    card = desk.thread(words)
    expect(card).to_be_visible()
    page.locator(".resolved > summary").click()
    inspector.look(page, "comments", "#comments-panel")
    until(lambda: opened(card), "its menu is open")
    inspector.look(page, "comment's menu", ".thread .menu[open] .menu-sheet")


def test_sharing(browser: Browser, demo: Demo, inspector: Inspector) -> None:
    browser.allow("status of 422")
    page = browser.open(f"d/{demo.document}/", demo.ada, **inspector.options)
    page.locator("#share-button").click()
    inspector.look(page, "share dialog", "#share-dialog")
    page.locator(".new-link [type=submit]").click()
    inspector.look(page, "link made", "#share-dialog:has(.link-made)")
    page.locator("#share [name=who]").fill("nobody")
    page.locator("#share [type=submit].button-primary").click()
    inspector.look(page, "share with nobody", "#share-dialog:has(.errorlist)")


def test_history(browser: Browser, demo: Demo, inspector: Inspector) -> None:
    page = Desk(browser.open(f"d/{demo.document}/", demo.ada, **inspector.options)).ready().page
    page.keyboard.press("Control+Alt+Shift+h")
    page.locator(".snapshot-link").last.click()
    inspector.look(page, "preview", "#preview:not(:empty)")
    page.locator("label[for=preview-changes]").click()
    inspector.look(page, "what has changed", "#preview")
    page.locator("#preview [type=submit].button-primary").click()
    inspector.look(page, "question", "dialog.dialog[open]")


def test_guests(browser: Browser, demo: Demo, inspector: Inspector) -> None:
    for state, link in {"viewer": demo.viewers, "commenter": demo.commenters}.items():
        page = browser.open(f"s/{link}/", **inspector.options)
        page.get_by_role("textbox").fill("Hopper")
        page.locator("main [type=submit]").click()
        Desk(page).ready()
        inspector.look(page, state)
