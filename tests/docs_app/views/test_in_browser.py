"""What only a browser shows: a guest's way in, reading without scripts, and no page wider than a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.browser import Browser
from tests.support.site import Account, Site

MAKE = """
from docs_app.access import Visitor
from docs_app.models import User
from docs_app.services import documents, history, sharing

owner = User.objects.get(username=name)
text = "# Agenda\\n\\n" + "A very_long_word_" * 20 + "\\n\\n| a | b | c |\\n| - | - | - |\\n| 1 | 2 | 3 |\\n"
document = documents.create_document(owner=owner, title="Minutes of " + "everything " * 12, markdown=text)
me = Visitor(user=owner)
link, token = sharing.create_link(document=document, level=10, by=me)
kept = history.name_version(document=document, name="First", by=me)
result = {"id": str(document.id), "token": token, "snapshot": str(kept.id)}
"""
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


def document_of(site: Site, name: str) -> tuple[Account, dict[str, str]]:
    (owner,) = site.enrol(name)
    made: dict[str, str] = site.python(MAKE, name=name)
    return owner, made


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_guest_comes_in_by_a_link_and_the_address_keeps_no_token(site: Site, browser: Browser, scripts: bool) -> None:
    _, made = document_of(site, f"gia{scripts}".lower())
    page = browser.open(f"/s/{made['token']}/", java_script_enabled=scripts)
    page.get_by_label("Your name").fill("Gail")
    page.get_by_role("button", name="Come in").click()
    page.wait_for_url(f"**/d/{made['id']}/")
    page.get_by_role("heading", name="Agenda").wait_for()
    assert "Minutes of everything" in page.title()


def test_without_scripts_everything_can_be_read_and_shared(site: Site, browser: Browser) -> None:
    owner, made = document_of(site, "nora")
    page = browser.open("/", owner, java_script_enabled=False)
    page.get_by_role("link", name="Minutes of everything").click()
    page.get_by_role("heading", name="Agenda").wait_for()
    assert page.get_by_role("heading", name="Minutes of everything").is_visible()
    page.locator(".snapshot-link", has_text="First").click()
    page.get_by_text("Changed since", exact=True).click()
    page.get_by_text("Nothing has been changed since.").wait_for()
    page.goto(f"/d/{made['id']}/")
    page.get_by_role("link", name="Share").click()
    page.get_by_role("button", name="Make a link").click()
    assert "/s/" in page.get_by_label("The link", exact=True).input_value()


def pages_of(made: dict[str, str]) -> list[str]:
    document = f"/d/{made['id']}/"
    snapshot = f"{document}snapshots/{made['snapshot']}/"
    return ["/", "/?show=trash", document, f"{document}share/", snapshot, "/account/", "/accounts/password/change/"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_no_page_is_wider_than_a_phone(site: Site, browser: Browser, scripts: bool) -> None:
    owner, made = document_of(site, f"pia{scripts}".lower())
    options: dict[str, Any] = PHONE | {"java_script_enabled": scripts}
    page = browser.open("/", owner, **options)
    wide = {}
    for address in pages_of(made):
        page.goto(address)
        wide[address] = overflow(page)
    assert wide == dict.fromkeys(wide, 0)


def test_search_while_typing_and_the_share_dialog_need_no_new_page(site: Site, browser: Browser) -> None:
    owner, _ = document_of(site, "sue")
    page = browser.open("/", owner)
    page.get_by_placeholder("Search titles").press_sequentially("nothing like it")
    page.get_by_text("No title has").wait_for()
    page.get_by_placeholder("Search titles").fill("minutes")
    page.locator(".document-row summary").click()
    page.get_by_role("link", name="Share", exact=True).click()
    browser.allow("422")  # how the form's refusal is told
    dialog = page.get_by_role("dialog")
    dialog.get_by_placeholder("Username or e-mail address").fill("nobody at all")
    dialog.get_by_role("button", name="Share", exact=True).click()
    dialog.get_by_text("Nobody here is called nobody at all").wait_for()
