"""Light, dark or the system's: chosen once in a browser, for all its tabs and pages, and before anything is painted."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.browser import Browser
from tests.support.site import Site
from tests.support.wire import new_document

# What the root says when the body begins: nothing has been painted before that.
_WATCH = """() => new MutationObserver((_, watch) => {
  if (!document.body) return
  watch.disconnect()
  window.themeAtFirst = document.documentElement.dataset.theme
}).observe(document, { childList: true, subtree: true })"""


def is_dark(page: Page) -> bool:
    """Whether the page's ground is darker than grey."""
    colour = page.evaluate(
        "() => getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    )
    return sum(colour) / 3 < 128


def test_a_theme_is_chosen_and_kept(browser: Browser, site: Site) -> None:
    (ada,) = site.enrol("painter")
    site.python("result = User.objects.filter(pk=id).update(is_staff=True, is_superuser=True)", id=ada.id)
    document_id = new_document(site, ada, "Words")
    context = browser.person(ada, color_scheme="dark", reduced_motion="reduce")
    context.add_init_script(f"({_WATCH})()")
    page, other = context.new_page(), context.new_page()
    for each in (page, other):
        each.goto("account/")
        assert is_dark(each)
        expect(each.get_by_role("main").get_by_label("System")).to_be_checked()
    page.get_by_role("main").get_by_text("Light", exact=True).click()
    assert not is_dark(page)
    expect(other.get_by_role("main").get_by_label("Light")).to_be_checked()
    assert not is_dark(other)
    browser.allow("status of 404")
    for path in ("", f"d/{document_id}/", "accounts/password/change/", "nowhere/", "admin/"):
        page.goto(path)
        assert page.evaluate("themeAtFirst") == "light", path
        assert not is_dark(page), path
    page.goto(f"d/{document_id}/")
    page.locator("summary[aria-label=More]").click()
    page.get_by_text("Dark", exact=True).click()
    page.emulate_media(color_scheme="light")
    assert is_dark(page)
    page.reload()
    assert page.evaluate("themeAtFirst") == "dark" and is_dark(page)
    page.emulate_media(media="print")
    assert not is_dark(page)
