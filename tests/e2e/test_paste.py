"""Pasting and copying: which way a clipboard goes in, what can be made of it afterwards, and what is refused."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import expect

from tests.support.browser import Browser
from tests.support.clipboard import content, copy, paste, pasted
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import new_document

_numbers = count()
RICH = {"text/html": '<p>one <b style="color: red">two</b></p><ul><li>three</li></ul>', "text/plain": "one two\nthree"}
MARKDOWN = "# Title\n\n- one\n- two\n\n**bold**"


@pytest.fixture
def writer(site: Site) -> Account:
    (account,) = site.enrol(f"copyist{next(_numbers)}")
    return account


@pytest.fixture
def desk(browser: Browser, site: Site, writer: Account) -> Desk:
    desk = Desk.of(browser, writer, new_document(site, writer, "Begin."))
    desk.write("")
    return desk


def kinds(desk: Desk) -> list[str]:
    return [block["type"] for block in content(desk.page)["content"]]


def test_a_paste_is_one_step_to_undo(desk: Desk) -> None:
    desk.page.keyboard.type(" More")
    paste(desk.page, RICH)
    until(lambda: kinds(desk) == ["paragraph", "bulletList"], "it is pasted")
    desk.page.keyboard.type("!")
    desk.page.keyboard.press("Control+z")
    desk.page.keyboard.press("Control+z")
    until(lambda: desk.text == "Begin. More", "the typing, then the paste are taken back")
    desk.page.keyboard.press("Control+Shift+z")
    until(lambda: kinds(desk) == ["paragraph", "bulletList"], "and it comes again")


def test_what_was_pasted_can_be_changed_until_something_else_is(desk: Desk) -> None:
    chip = desk.page.get_by_role("toolbar", name="Pasted as")
    paste(desk.page, RICH)
    expect(chip.get_by_role("button")).to_have_text(["Keep formatting", "Match this document", "Plain text"])
    expect(desk.editor.locator("[data-color]")).to_have_count(0)
    chip.get_by_role("button", name="Keep formatting").click()
    expect(desk.editor.locator("strong [data-color=red], [data-color=red] strong")).to_have_text("two")
    desk.page.keyboard.press("Control+Alt+v")
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("Enter")
    until(lambda: desk.text == "Begin.one two\nthree" and kinds(desk) == ["paragraph"] * 2, "it is plain")
    desk.page.keyboard.press("Control+z")
    until(lambda: desk.text == "Begin.", "all of it was one step")
    expect(chip).to_be_hidden()


def test_shift_pastes_what_the_text_is(desk: Desk) -> None:
    desk.page.keyboard.press("Control+Shift+v")  # the browser has nothing to paste; the page has heard the keys
    paste(desk.page, {"text/html": "<h1>Title</h1>", "text/plain": "**Title**"})
    until(lambda: desk.text == "Begin.**Title**", "no Markdown and no heading")


def test_in_code_everything_is_text(desk: Desk) -> None:
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("``` ")
    paste(desk.page, {"text/html": "<h1>Title</h1>", "text/plain": MARKDOWN})
    expect(desk.editor.locator("pre")).to_have_text(MARKDOWN, use_inner_text=True)


@pytest.mark.parametrize(
    ("html", "text", "kind"),
    [
        ("", MARKDOWN, "heading"),
        (f"<div>{MARKDOWN}</div>", MARKDOWN, "heading"),
        ("<p>5 * 3 - 2 # no</p>", "5 * 3 - 2 # no", "paragraph"),
        ("<h2>Title</h2>", "# a\n- b\n- c\n- d", "heading"),
    ],
)
def test_markdown_is_told_by_several_signs(desk: Desk, html: str, text: str, kind: str) -> None:
    assert pasted(desk.page, {"text/html": html, "text/plain": text})["content"][0]["type"] == kind


def test_an_address_links_what_is_selected_or_itself_and_may_be_a_card(desk: Desk) -> None:
    desk.select("Begin")
    paste(desk.page, {"text/plain": "https://example.org/"})
    expect(desk.editor.locator('a[href="https://example.org/"]')).to_have_text("Begin")
    desk.write(" ")
    paste(desk.page, {"text/plain": "https://example.com/"})
    expect(desk.editor.locator('a[href="https://example.com/"]')).to_have_text("https://example.com/")
    desk.page.get_by_role("button", name="Card").click()
    expect(desk.editor.locator(".embed a")).to_have_attribute("href", "https://example.com/")


def test_a_document_of_this_site_is_called_by_its_title(desk: Desk, site: Site, writer: Account) -> None:
    path = f"/d/{new_document(site, writer, 'Elsewhere.')}/"
    other = f"{site.url.rstrip('/')}{path}"
    title = desk.page.request.get(other).text().split("<title>")[1].split("</title>")[0].split(" · ")[0]
    paste(desk.page, {"text/plain": other})
    expect(desk.editor.locator(f'a.mention[href="{path}"]')).to_have_text(title)


@pytest.mark.parametrize(
    ("types", "sentence"),
    [
        ({"text/plain": "x" * 5_000_001}, "more than 5 MB"),
        ({"text/html": f"<table>{'<tr>' + '<td>x' * 101}{'<tr>' + '<td>x' * 100 * 100}</table>"}, "10,000 cells"),
        ({"text/html": f"<p>{'word ' * 200_000}</p>"}, "more than the server takes at once"),
    ],
    ids=["megabytes", "cells", "letters"],
)
def test_too_much_is_refused_and_nothing_is_lost(desk: Desk, types: dict[str, str], sentence: str) -> None:
    desk.select("Begin")
    paste(desk.page, types)
    expect(desk.page.locator("#notices")).to_contain_text(sentence)
    assert desk.text == "Begin."
    desk.write(" On.")
    desk.saved()


def test_pictures_within_a_paste_that_are_none_are_left_out(browser: Browser, desk: Desk) -> None:
    browser.allow("status of 400")
    paste(desk.page, {"text/html": '<p>a</p><img src="data:image/png;base64,iVBORw0KGgo="><p>b</p>'})
    expect(desk.page.locator("#notices")).to_contain_text("A picture was left out")
    until(lambda: desk.text == "Begin.a\nb", "the words are there")


def test_comments_are_not_pasted(desk: Desk) -> None:
    found = pasted(
        desk.page, {"text/html": '<p data-pm-slice="1 1 []"><span class="comment" data-thread="t">a</span></p>'}
    )
    assert found["content"] == [{"type": "paragraph", "content": [{"type": "text", "text": "a"}]}]


def test_copying_gives_markdown_where_there_is_something_to_say(desk: Desk) -> None:
    assert pasted(desk.page, {"text/plain": "one **two** three\\_\n\n1. a\n2. b\n"})
    desk.select("one ")
    assert copy(desk.page)["text/plain"] == "one "
    desk.page.keyboard.press("Control+a")
    copied = copy(desk.page)
    assert copied["text/plain"] == "one **two** three\\_\n\n1. a\n2. b"
    assert "<strong>two</strong>" in copied["text/html"]


def test_the_whole_document_is_copied_as_markdown(browser: Browser, site: Site, writer: Account) -> None:
    page = browser.person(writer, permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"d/{new_document(site, writer, 'Begin.')}/")
    desk = Desk(page).ready()
    desk.write("")
    pasted(page, {"text/plain": MARKDOWN})
    page.get_by_label("More", exact=True).first.click()
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.locator("#notices")).to_contain_text("as Markdown")
    assert page.evaluate("() => navigator.clipboard.readText()") == MARKDOWN
