"""A page in Arabic beside one in English: each reads, hears and is told in its own language, in one document."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.wire import new_document, share

_numbers = count()
# All that is shown or spoken, but for what people have written and what says that it is in another language.
_SAID = """() => {
  const apart = '.prose, .comment-body, .passage, svg, script, style, [lang]:not(html)'
  const said = []
  for (const element of document.querySelectorAll('body, body *')) {
    if (element.closest(apart)) continue
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      if (element.hasAttribute(name)) said.push(element.getAttribute(name))
    for (const node of element.childNodes) if (node instanceof Text) said.push(node.data)
  }
  return [...new Set(said.map(each => each.trim()).filter(Boolean))]
}"""
# What is called so in every language.
_KEYS = "Ctrl|Shift|Alt|Esc|Enter|Tab|Backspace"
_NAMES = re.compile(
    rf"(?i)Scriptorium|Markdown|HTML|API|UTC|{_KEYS}|[\w.-]+@example\.org|On the wire|(?:layla|grace)\d+"
)


@pytest.fixture
def people(site: Site) -> tuple[Account, Account]:
    number = next(_numbers)
    layla, grace = site.enrol(f"layla{number}", f"grace{number}")
    return layla, grace


def english(page: Page) -> list[str]:
    """What is said in Latin letters."""
    return [each for each in page.evaluate(_SAID) if re.search(r"[A-Za-z]{2}", _NAMES.sub("", each))]


def choose_arabic(browser: Browser, account: Account) -> Page:
    page = browser.open("account/", account, locale="en-GB", reduced_motion="reduce")
    form = page.locator("form[action$='/language/']")
    form.locator("select").select_option("ar")
    form.get_by_role("button").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    return page


def edges(page: Page, selector: str) -> tuple[float, float]:
    """How far its left and right edge are from those of the window."""
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"], page.viewport_size["width"] - box["x"] - box["width"]  # type: ignore[index]  # it has one


def bullet_side(desk: Desk) -> str:
    left, right = desk.editor.evaluate(
        """editor => {
          const [list, item] = [...editor.querySelectorAll('ul, li p')].map(each => each.getBoundingClientRect())
          return [item.left - list.left, list.right - item.right]
        }"""
    )
    return "left" if left > right else "right"


def test_two_languages_at_one_document(browser: Browser, site: Site, people: tuple[Account, Account]) -> None:
    layla, grace = people
    document_id = new_document(site, layla, "The first words.\n\n- One\n\n```\ncode\n```")
    share(site, document_id, grace)
    arabic = choose_arabic(browser, layla)
    arabic.goto("")
    expect(arabic.locator("html")).to_have_attribute("dir", "rtl")
    expect(arabic.get_by_role("heading", level=1)).to_have_text("مستنداتي")

    arabic.goto(f"d/{document_id}/")
    theirs, ours = Desk(arabic).ready(), Desk.of(browser, grace, document_id)
    expect(arabic.locator("#save-state")).to_have_text("محفوظ")
    back, more = edges(arabic, ".topbar a >> nth=0"), edges(arabic, ".topbar-end")
    assert back[0] > back[1] and more[0] < more[1], "the way back is at the right, the buttons are at the left"
    # The text has its own direction: an English one stays as it is in an Arabic page.
    expect(theirs.editor.locator("..")).to_have_css("direction", "ltr")
    assert bullet_side(theirs) == bullet_side(ours) == "left"

    ours.comment("first words", "Are they?")
    expect(theirs.thread("Are they?")).to_contain_text("الآن")
    expect(ours.thread("Are they?")).to_contain_text("now")
    expect(arabic.locator(f"#presence [data-principal='user:{grace.id}']").first).to_have_attribute(
        "aria-label", re.compile("الانتقال إلى مؤشره")
    )

    ours.page.locator("summary[aria-label=More]").click()
    ours.page.locator("#text-language-button").click()
    dialog = ours.page.locator("#text-language")
    dialog.locator("[name=language]").select_option("ar")
    dialog.locator("[name=direction]").select_option("rtl")
    dialog.get_by_role("button", name="Apply").click()
    for desk in (ours, theirs):
        expect(desk.page.locator("#editor")).to_have_attribute("lang", "ar")
        expect(desk.page.locator("#editor")).to_have_css("direction", "rtl")
        expect(desk.editor.locator("pre")).to_have_css("direction", "ltr")
    expect(ours.page.locator("html")).to_have_attribute("dir", "ltr")
    assert bullet_side(theirs) == bullet_side(ours) == "right"


def test_nothing_in_an_arabic_page_is_english(browser: Browser, site: Site, people: tuple[Account, Account]) -> None:
    layla, _ = people
    document_id = new_document(site, layla, "الكلمات الأولى.")
    page = choose_arabic(browser, layla)
    left = {"account": english(page)}
    for path in ("", f"d/{document_id}/", f"d/{document_id}/share/", "?show=trash", "accounts/password/change/"):
        page.goto(path)
        if path == f"d/{document_id}/":
            Desk(page).ready()
            page.keyboard.press("Control+/")
            expect(page.locator("dialog[open] .shortcuts").first).to_be_visible()
        left[path] = english(page)
    assert {path: said for path, said in left.items() if said} == {}
