"""Files in real browsers: sent by button, dropped and pasted; seen by others; what fails is said and loses nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from docs_app.content.nodes import children
from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.pictures import SVG, bomb, picture
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import api, new_document

_numbers = count()
_SHARE = """
from docs_app.access import Visitor
from docs_app.models import Document
from docs_app.services import sharing

document = Document.objects.get(pk=document_id)
by = Visitor(document.owner)
sharing.share_with(document=document, who=name, level=level, by=by)
result = sharing.create_link(document=document, level=40, by=by)[1]
"""
_HAND_OVER = """([kind, name, type, data, html]) => {
  const files = new DataTransfer()
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0))
  files.items.add(new File([bytes], name, { type }))
  if (html) files.setData('text/html', html)
  const place = document.querySelector('#editor .ProseMirror > :first-child')
  const { left, bottom, height } = place.getBoundingClientRect()
  const event = kind === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true })
    : new DragEvent('drop', { dataTransfer: files, clientX: left + 4, clientY: bottom - height / 4,
                              bubbles: true, cancelable: true })
  place.dispatchEvent(event)
}"""


@pytest.fixture
def writer(site: Site) -> Account:
    (account,) = site.enrol(f"sender{next(_numbers)}")
    return account


@pytest.fixture
def desk(browser: Browser, site: Site, writer: Account) -> Iterator[Desk]:
    yield Desk.of(browser, writer, new_document(site, writer, "First.\n\nLast."))


def document_id(desk: Desk) -> str:
    return desk.page.url.rstrip("/").rpartition("/")[2]


def blocks(site: Site, account: Account, desk: Desk) -> list[tuple[str, Any]]:
    """The kinds of the blocks of the document, as the server has it, with where what they show is."""
    content = api(site, account, f"documents/{document_id(desk)}/content").json
    return [(node["type"], node.get("attrs", {}).get("src")) for node in children(content)]


def choose(page: Page, label: str, *files: FilePayload, path: Path | None = None) -> None:
    """By the button that says "Insert"; a large file by its path, for others are carried through Playwright."""
    page.get_by_role("button", name="Insert").click()
    with page.expect_file_chooser() as chosen:
        page.get_by_role("menuitem", name=label, exact=True).click()
    chosen.value.set_files(path or list(files))


def file(name: str, data: bytes, kind: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def hand_over(desk: Desk, how: str, name: str, data: bytes, kind: str = "image/png", html: str = "") -> None:
    desk.page.evaluate(_HAND_OVER, [how, name, kind, base64.b64encode(data).decode(), html])


def is_shown(page: Page, nth: int = 0) -> None:
    shown = page.locator("#editor figure.image img").nth(nth)
    until(lambda: shown.evaluate("image => image.complete && image.naturalWidth > 0"), "the picture is shown")


def test_a_picture_by_button_is_described_and_others_see_it(
    browser: Browser, site: Site, writer: Account, desk: Desk
) -> None:
    (other,) = site.enrol(f"seer{next(_numbers)}")
    token = site.python(_SHARE, document_id=document_id(desk), name=other.name, level=10)
    desk.write("")
    choose(desk.page, "Image", file("cat.png", picture(300, 200)))
    is_shown(desk.page)
    form = desk.page.locator(".block-form")
    form.get_by_label("Description").fill("A cat, asleep")
    form.get_by_role("button", name="Apply").click()
    desk.saved()
    kinds = blocks(site, writer, desk)
    assert [kind for kind, _ in kinds] == ["paragraph", "image", "paragraph"]
    assert str(kinds[1][1]).startswith("/files/")
    phone = browser.person(other, viewport={"width": 360, "height": 740}, has_touch=True).new_page()
    phone.goto(f"d/{document_id(desk)}/")
    is_shown(Desk(phone).ready().page)
    assert phone.locator("#editor figure.image img").get_attribute("alt") == "A cat, asleep"
    assert phone.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    desk.page.reload()
    is_shown(desk.ready().page)
    stranger = browser.person().new_page()
    browser.allow("404")
    assert stranger.goto(str(kinds[1][1])).url.startswith(f"{site.url}accounts/login/")  # type: ignore[union-attr]
    stranger.goto(f"s/{token}/")  # a guest who may write sends one, too
    stranger.get_by_label("Your name").fill("Gail")
    stranger.get_by_role("button", name="Come in").click()
    gail = Desk(stranger).ready()
    hand_over(gail, "drop", "notes.txt", b"Some notes", "text/plain")
    expect(desk.page.locator("#editor .file")).to_contain_text("notes.txt")


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_pictures_and_files_are_dropped_and_pasted(site: Site, writer: Account, desk: Desk, how: str) -> None:
    desk.write("")
    hand_over(desk, how, "cat.png", picture())
    is_shown(desk.page)
    hand_over(desk, how, "plan.pdf", b"%PDF-1.7 a plan", "application/pdf")
    attached = desk.page.locator("#editor .file")
    expect(attached).to_contain_text("plan.pdf")
    expect(attached).to_contain_text("15 B")
    expect(desk.page.locator("#editor .upload")).to_have_count(0)
    desk.saved()
    assert sorted(kind for kind, _ in blocks(site, writer, desk)) == ["file", "image", "paragraph", "paragraph"]
    with desk.page.expect_download() as saved:
        attached.locator("a").click(modifiers=["Control"])
    assert saved.value.path().read_bytes() == b"%PDF-1.7 a plan"


def test_a_copied_picture_is_taken_and_a_copied_text_is_not_its_picture(desk: Desk) -> None:
    desk.write("")
    hand_over(desk, "paste", "image.png", picture(), html='<img src="https://elsewhere.example/cat.png">')
    is_shown(desk.page)
    hand_over(desk, "paste", "image.png", picture(), html="<p>Some words</p>")
    desk.sees("Some words")
    expect(desk.page.locator("#editor figure.image")).to_have_count(1)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("cat.png", SVG, "cat.png: This is not an image that can be shown here: JPEG, PNG, GIF and WebP can."),
        ("big.png", bomb(50_000, 50_000), "big.png: An image may have 50 million pixels; this has more."),
        ("cut.png", picture(kind="JPEG")[:500], "cut.png: This image is damaged or cut off."),
    ],
    ids=["svg", "bomb", "cut"],
)
def test_what_the_site_refuses_is_said_and_the_text_is_as_it_was(
    browser: Browser, site: Site, writer: Account, desk: Desk, name: str, data: bytes, sentence: str
) -> None:
    browser.allow("400")
    desk.write("")
    choose(desk.page, "Image", file(name, data))
    expect(desk.page.locator("#notices .toast")).to_contain_text(sentence)
    expect(desk.page.locator("#editor .upload")).to_have_count(0)
    assert [kind for kind, _ in blocks(site, writer, desk)] == ["paragraph", "paragraph"]


def test_what_is_too_large_is_not_even_sent(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "30.png").write_bytes(bytes(30_000_000))
    desk.write("")
    choose(desk.page, "Image", path=tmp_path / "30.png")
    expect(desk.page.locator("#notices .toast")).to_contain_text("30.png: A file may have 25 MB; this has 30 MB.")
    expect(desk.page.locator("#editor .upload")).to_have_count(0)


def test_where_it_will_be_is_held_open_while_others_write_and_what_fails_is_tried_again(
    browser: Browser, site: Site, writer: Account, desk: Desk
) -> None:
    browser.allow("Failed to load resource")
    failing = True
    desk.page.route("**/files/", lambda route: route.abort() if failing else route.continue_())
    desk.page.locator("#editor p").last.click()
    desk.page.keyboard.press("End")
    choose(desk.page, "Image", file("one.png", picture(40, 40)), file("two.png", picture(50, 50)))
    waiting = desk.page.locator("#editor .upload")
    expect(waiting).to_contain_text("one.png (1 of 2)")
    expect(waiting).to_contain_text("The site could not be reached.")
    second = Desk.of(browser, writer, document_id(desk))
    second.write("And before that: ", at_end=False)
    desk.sees("And before that: First.")
    expect(second.page.locator("#editor .upload")).to_have_count(0)
    failing = False
    waiting.get_by_role("button", name="Try again").click()
    is_shown(desk.page, 1)
    expect(waiting).to_have_count(0)
    desk.saved()
    assert [kind for kind, _ in blocks(site, writer, desk)] == ["paragraph", "paragraph", "image", "image"]
    sizes = desk.page.locator("#editor figure.image img").evaluate_all("all => all.map(image => image.naturalWidth)")
    assert sizes == [40, 50]


def test_who_may_not_write_sends_nothing_and_keeps_the_page(browser: Browser, site: Site, desk: Desk) -> None:
    (reader,) = site.enrol(f"reader{next(_numbers)}")
    site.python(_SHARE, document_id=document_id(desk), name=reader.name, level=20)
    theirs = Desk.of(browser, reader, document_id(desk))
    hand_over(theirs, "drop", "cat.png", picture())
    hand_over(theirs, "paste", "cat.png", picture())
    desk.write("More. ", at_end=False)
    theirs.sees("More. First.")
    expect(theirs.page.locator("#editor figure.image, #editor .upload")).to_have_count(0)
