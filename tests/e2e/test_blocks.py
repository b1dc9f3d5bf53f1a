"""Every kind of block and mark in a real browser: what the server wrote, the editor shows, keeps and reads back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, Route, expect

from docs_app.content.nodes import Node, children, without_comments
from tests.docs_app.content.every_kind import every_kind
from tests.support.browser import Browser
from tests.support.clipboard import pasted
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import api, new_document

_numbers = count()
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "document.png"

_CREATE = """
from docs_app.models import User
from docs_app.services.documents import create_from_tree

result = str(create_from_tree(owner=User.objects.get(pk=owner), title=title, content=content).id)
"""


@pytest.fixture
def writer(site: Site) -> Account:
    (account,) = site.enrol(f"builder{next(_numbers)}")
    return account


@pytest.fixture
def desk(browser: Browser, site: Site, writer: Account) -> Iterator[Desk]:
    yield Desk.of(browser, writer, new_document(site, writer, "Begin."))


def document_of(site: Site, owner: Account, content: Node) -> str:
    return str(site.python(_CREATE, owner=owner.id, title="Every kind", content=content))


def content_of(site: Site, account: Account, document_id: str) -> Any:
    return api(site, account, f"documents/{document_id}/content").json


def with_picture(page: Page) -> Page:
    """Images are there, as they will be once something has been uploaded."""

    def answer(route: Route) -> None:
        route.fulfill(path=PICTURE, content_type="image/png")

    page.route("**/files/*", answer)
    return page


def open_desk(browser: Browser, account: Account, document_id: str) -> Desk:
    page = with_picture(browser.person(account).new_page())
    page.goto(f"d/{document_id}/")
    return Desk(page).ready()


def test_opening_a_document_of_every_kind_changes_nothing(browser: Browser, site: Site, writer: Account) -> None:
    document_id = document_of(site, writer, every_kind())
    desk = open_desk(browser, writer, document_id)
    expect(desk.editor.locator(".footnote-link").first).to_have_text("1")
    desk.write("!")
    desk.saved()
    wanted = every_kind()
    wanted["content"][0]["content"][0]["text"] += "!"
    assert content_of(site, writer, document_id) == wanted


def test_what_the_server_renders_the_editor_reads_back(browser: Browser, site: Site, writer: Account) -> None:
    html = api(site, writer, f"documents/{document_of(site, writer, every_kind())}/content?format=html").body.decode()
    document_id = new_document(site, writer, "")
    desk = open_desk(browser, writer, document_id)
    pasted(desk.page, {"text/html": html})
    desk.saved()
    assert content_of(site, writer, document_id) == without_widths(without_comments(every_kind()))


def without_widths(node: Node) -> Node:
    """Without the widths of a table's columns, which the editor and the server write differently."""
    attrs = {"attrs": node["attrs"] | {"colwidth": None}} if "colwidth" in node.get("attrs", {}) else {}
    content = {"content": [without_widths(child) for child in children(node)]} if children(node) else {}
    return node | attrs | content


def test_formulas_are_shown_and_broken_ones_say_why(browser: Browser, site: Site, writer: Account) -> None:
    desk = open_desk(browser, writer, document_of(site, writer, every_kind()))
    expect(desk.editor.locator(".math-block .katex-display")).to_have_count(1)
    expect(desk.editor.locator(".math-inline .katex")).to_have_count(1)
    expect(desk.editor.locator(".math-block.is-broken")).to_contain_text("cannot be shown: Unexpected end of input")


def test_what_is_loaded_later_may_be_kept_for_ever(browser: Browser, site: Site, writer: Account) -> None:
    desk = open_desk(browser, writer, document_of(site, writer, every_kind()))
    expect(desk.editor.locator(".katex").first).to_be_visible()

    def later() -> list[str]:
        names = desk.page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
        return [name for name in names if "/lazy/" in name]

    # The letters of a formula are asked for once it has been drawn without them.
    until(lambda: {Path(name).suffix for name in later()} >= {".js", ".css", ".woff2"}, "all has been asked for")
    for name in later():
        with urlopen(name) as answer:
            assert answer.headers["Cache-Control"].endswith("immutable"), name


def test_code_is_coloured_in_its_language(browser: Browser, site: Site, writer: Account) -> None:
    desk = open_desk(browser, writer, document_of(site, writer, every_kind()))
    desk.editor.locator(".code-block").scroll_into_view_if_needed()
    coloured = "() => [...CSS.highlights.get('code-keyword') ?? []].map(String)"
    until(lambda: desk.page.evaluate(coloured) == ["def", "return"], "keywords are coloured")
    language = desk.editor.locator(".code-language")
    language.focus()  # which is when the languages are listed
    language.select_option("")
    until(lambda: desk.page.evaluate(coloured) == [], "plain text is not")


@pytest.mark.parametrize(
    ("typed", "selector", "literal"),
    [
        ("|--", "table th", "|--"),
        ("+++ ", ".details summary", "+++ "),
        ("::: ", '.callout[data-kind="note"]', "::: "),
        (":::tip ", '.callout[data-kind="tip"]', ":::tip "),
        ("a ==b==", "mark", "a ==b=="),
        ("a $$x^2$$", ".math-inline .katex", "a $$x^2$$"),
        ("###### ", "h6", "###### "),
        ("[x] ", 'li[data-checked="true"]', "[x] "),
        ("---", "hr", "---"),
    ],
)
@pytest.mark.parametrize("key", ["Control+z", "Backspace"])
def test_markdown_becomes_a_block_and_literal_again(
    desk: Desk, typed: str, selector: str, literal: str, key: str
) -> None:
    keys = desk.page.keyboard
    desk.write("")
    keys.press("Enter")
    keys.type(typed)
    expect(desk.editor.locator(selector).first).to_be_visible()
    keys.press(key)
    expect(desk.editor.locator(selector)).to_have_count(0)
    until(lambda: desk.text.split("\n")[1].replace("\xa0", " ") == literal, f"{literal!r} is there again")


def test_nothing_is_converted_in_code(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write("")
    keys.press("Enter")
    keys.type("``` ")
    keys.type("|-- ==b== $$x$$ ::: ")
    expect(desk.editor.locator("pre")).to_have_text("|-- ==b== $$x$$ ::: ", use_inner_text=True)


@pytest.mark.parametrize(
    ("label", "selector"),
    [
        ("Callout", ".callout p"),
        ("Toggle", ".details.is-open summary"),
        ("Columns", ".columns > .column:nth-child(2)"),
        ("Footnote", ".footnote .footnote-body p"),
        ("Table of contents", "nav.contents"),
    ],
)
def test_the_insert_menu_puts_it_where_the_caret_is(desk: Desk, label: str, selector: str) -> None:
    desk.write(" More.")
    desk.page.get_by_role("button", name="Insert").click()
    desk.page.get_by_role("menu", name="Insert").get_by_text(label, exact=True).click()
    expect(desk.editor.locator(selector)).to_be_visible()
    desk.saved()


def test_a_formula_is_written_in_a_form(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write(" ")
    desk.page.get_by_role("button", name="Insert").press("ArrowDown")
    desk.page.get_by_role("menu").get_by_text("Formula", exact=True).click()
    form = desk.page.get_by_role("form", name="Change")
    form.get_by_label("Formula").fill("a^2")
    expect(form.locator(".katex")).to_be_visible(timeout=20_000)  # what draws it has to come first
    keys.press("Control+Enter")
    expect(desk.editor.locator(".math-inline .katex")).to_be_visible()
    keys.press("ArrowLeft")
    keys.press("Enter")
    expect(form.get_by_label("Formula")).to_have_value("a^2")


def test_a_card_leads_nowhere_that_could_run_a_script(desk: Desk) -> None:
    desk.write("")
    desk.page.get_by_role("button", name="Insert").click()
    desk.page.get_by_role("menu").get_by_text("Link as a card").click()
    address = desk.page.get_by_role("form", name="Change").get_by_label("Address")
    address.fill("javascript:alert(1)")
    address.press("Enter")
    assert address.evaluate("field => field.validationMessage")
    address.fill("example.org/a")
    address.press("Enter")
    expect(desk.editor.locator(".embed a")).to_have_attribute("href", "https://example.org/a")


def test_colours_are_chosen_by_name(desk: Desk) -> None:
    desk.select("Begin.")
    desk.page.get_by_role("button", name="Colour and more").click()
    desk.page.get_by_role("group", name="Text colour").get_by_role("menuitemcheckbox", name="Red").click()
    coloured = desk.editor.locator('span[data-color="red"]')
    expect(coloured).to_have_text("Begin.")
    desk.page.keyboard.press("Control+Backslash")
    expect(coloured).to_have_count(0)


def test_a_toggle_is_left_by_an_empty_line_and_opens_where_the_caret_goes(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write("")
    keys.press("Enter")
    keys.type("+++ More")
    keys.press("Enter")
    keys.type("hidden")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("after")
    expect(desk.editor.locator(":scope > p").last).to_have_text("after")
    desk.editor.locator(".details-toggle").click()
    expect(desk.editor.get_by_text("hidden")).to_be_hidden()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    desk.select("hidden")
    expect(desk.editor.get_by_text("hidden")).to_be_visible()


def test_a_toggle_made_of_a_block_keeps_all_that_is_in_it(desk: Desk) -> None:
    desk.write(" and $$x^2$$")
    desk.page.get_by_role("button", name="Insert").click()
    desk.page.get_by_role("menu").get_by_text("Toggle").click()
    expect(desk.editor.locator(".details-content p .math-inline .katex")).to_be_visible()
    desk.page.keyboard.press("Backspace")
    expect(desk.editor.locator(":scope > p .math-inline .katex")).to_be_visible()


def test_footnotes_are_numbered_as_the_text_goes(desk: Desk) -> None:
    keys = desk.page.keyboard
    for note in ("first", "second"):
        desk.write(" ")
        desk.page.get_by_role("button", name="Insert").click()
        desk.page.get_by_role("menu").get_by_text("Footnote").click()
        desk.settle()
        keys.type(note)
    expect(desk.editor.locator(".footnote")).to_have_text(["1first", "2second"])
    desk.editor.locator(".footnote-link").first.click()
    desk.settle()
    keys.type("!")
    expect(desk.editor.locator(".footnote-body").first).to_have_text("!first")
    desk.write("", at_end=False)
    for _ in range(len("Begin. ") + 1):
        keys.press("Delete")
    expect(desk.editor.locator(".footnote-number")).to_have_text(["–", "1"])


def test_images_are_widened_by_hand_and_by_key(browser: Browser, site: Site, writer: Account) -> None:
    document_id = document_of(site, writer, every_kind())
    desk = open_desk(browser, writer, document_id)
    image = desk.editor.locator(".image").first
    image.locator("img").click()
    handle = image.locator(".image-handle.is-start")
    box = handle.bounding_box()
    assert box
    desk.page.mouse.move(box["x"] + 3, box["y"] + 5)
    desk.page.mouse.down()
    desk.page.mouse.move(box["x"] - 47, box["y"] + 5, steps=3)
    desk.page.mouse.up()
    expect(image.locator("img")).to_have_attribute("width", "370")
    handle.press("ArrowLeft")
    expect(image.locator("img")).to_have_attribute("width", "354")
    desk.page.get_by_role("toolbar").get_by_role("button", name="In the middle").click()
    expect(image).to_have_attribute("data-align", "center")
    image.locator("figcaption").click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.type(" Indeed.")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("Below.")
    expect(desk.editor.locator(".image + p")).to_have_text("Below.")
    desk.saved()
    [kept, _] = [node for node in content_of(site, writer, document_id)["content"] if node["type"] == "image"]
    assert (kept["attrs"]["width"], kept["attrs"]["align"]) == (354, "center")
    assert kept["content"][-1]["text"] == ". Indeed."


def test_tables_grow_and_shrink_by_their_handles_and_keys(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.write("")
    keys.press("Enter")
    keys.type("|--")
    rows, cells = desk.editor.locator("tr"), desk.editor.locator("tr:first-child > *")
    for _ in range(9):
        keys.press("Tab")
    expect(rows).to_have_count(4)
    keys.press("Control+Enter")
    expect(rows).to_have_count(5)
    cells.first.hover()
    desk.page.get_by_role("button", name="Add a column").click()
    expect(cells).to_have_count(4)
    cells.first.hover()
    desk.page.get_by_role("button", name="Select this column").click()
    keys.press("Delete")
    expect(cells).to_have_count(3)
    cells.first.hover()
    desk.page.get_by_role("button", name="Select this row").click()
    keys.press("Delete")
    expect(rows).to_have_count(4)


def test_a_snapshot_shows_its_formulas_too(browser: Browser, site: Site, writer: Account) -> None:
    document_id = document_of(site, writer, every_kind())
    api(site, writer, f"documents/{document_id}/snapshots", {"name": "Kept"})
    desk = open_desk(browser, writer, document_id)
    desk.page.locator("#history-button").click()
    desk.page.locator(".snapshot-link", has_text="Kept").click()
    preview = desk.page.locator("#preview")
    expect(preview.locator(".katex-display")).to_have_count(1)
    expect(preview.locator(".math-block.is-broken")).to_contain_text("cannot be shown")
    expect(preview.locator("details")).to_have_count(1)
