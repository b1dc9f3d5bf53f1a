"""Two people, a guest and an administrator at real browsers: they write, comment, share, take away and restore."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Browser
from tests.support.cable import Cable
from tests.support.desk import Desk
from tests.support.held import HOLD_FRAMES
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import api, new_document, share

_numbers = count()

# The caret moves as by the key Home, and frames come in before the browser has told the editor.
_HOME_AND_FRAMES = """editor => {
  getSelection().collapse(editor.querySelector('p').firstChild, 0)
  const frames = held
  window.held = null
  for (const take of frames) take()
}"""

# The frames come in first, and the key just before the others' carets are drawn.
_FRAMES_AND_HOME = """editor => {
  requestAnimationFrame(() => getSelection().collapse(editor.querySelector('p').firstChild, 0))
  const frames = held
  window.held = null
  for (const take of frames) take()
  return new Promise(requestAnimationFrame)
}"""


@pytest.fixture
def people(site: Site) -> tuple[Account, Account]:
    number = next(_numbers)
    ada, grace = site.enrol(f"ada{number}", f"grace{number}")
    return ada, grace


@pytest.fixture
def document_id(site: Site, people: tuple[Account, Account]) -> str:
    ada, grace = people
    document_id = new_document(site, ada, "The quick brown fox.")
    share(site, document_id, grace)
    return document_id


def test_both_type_in_one_paragraph_at_once(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    ada.write(" And", at_end=True)
    grace.write("See: ", at_end=False)
    for letter in " then":
        ada.page.keyboard.type(letter)
        grace.page.keyboard.type(letter.upper())
    for desk in ada, grace:
        desk.sees(" And then")
        desk.sees("See:  THEN")
        desk.saved()
    assert ada.text == grace.text == "See:  THENThe quick brown fox. And then"


@pytest.mark.parametrize(
    ("deed", "order"), [(" And there.", _HOME_AND_FRAMES), ("Home", _FRAMES_AND_HOME)], ids=["text", "caret"]
)
def test_what_comes_in_between_a_key_and_its_news_moves_nobody(
    browser: Browser, people: tuple[Account, Account], document_id: str, deed: str, order: str
) -> None:
    context = browser.person(people[1])
    context.add_init_script(HOLD_FRAMES)
    page = context.new_page()
    page.goto(f"d/{document_id}/")
    grace, ada = Desk(page).ready(), Desk.of(browser, people[0], document_id)
    ada.write(" Mine.")
    grace.sees("Mine.")
    grace.write(" Here.")
    ada.sees("Here.")
    page.evaluate("window.held = []")
    if deed == "Home":
        ada.page.keyboard.press(deed)
    else:
        ada.write(deed)
    enough = 4 if order is _HOME_AND_FRAMES else 1
    until(lambda: page.evaluate("held.length") >= enough, "frames have come")
    grace.editor.evaluate(order)
    page.keyboard.type("See: ")
    for desk in ada, grace:
        desk.sees("See: The quick brown fox. Mine. Here.")


def test_the_other_sees_it_within_a_second_with_name_and_avatar(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    ada.write(" Now!")
    grace.sees("Now!", within=1)
    name = people[0].name.title()
    expect(grace.page.locator(".caret-label")).to_have_text(name)
    expect(grace.page.locator("#presence .avatar")).to_have_count(2)


@pytest.fixture
def cable(site: Site) -> Iterator[Cable]:
    cable = Cable(site.port)
    yield cable
    cable.pull()


def test_what_is_written_offline_is_kept_and_comes_in_later(
    browser: Browser, people: tuple[Account, Account], document_id: str, cable: Cable
) -> None:
    browser.allow("ERR_CONNECTION|WebSocket connection")
    ada = Desk(browser.open(f"{cable.address}d/{document_id}/", people[0])).ready()
    grace = Desk.of(browser, people[1], document_id)
    cable.pull()
    ada.write(" Written on a train.")
    grace.write(" Written at home.")
    expect(ada.page.locator("#save-state")).to_contain_text("kept on this device", timeout=15_000)
    assert "train" not in grace.text and "home" not in ada.text
    cable.put_back()
    for desk in ada, grace:
        desk.sees("Written on a train.", within=20)
        desk.sees("Written at home.", within=20)
        desk.saved()
    assert ada.text == grace.text


def test_a_guest_comes_by_link_comments_and_is_out_when_it_is_revoked(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    ada = Desk.of(browser, people[0], document_id)
    ada.page.locator("#share-button").click()
    dialog = ada.page.locator("#share-dialog")
    dialog.get_by_label("Role").last.select_option("Commenter")
    dialog.get_by_role("button", name="Make a link").click()
    address = dialog.locator("#link-address").input_value()

    guest_page = browser.open(address)
    guest_page.get_by_label("name").fill("Gail")
    guest_page.get_by_role("button", name="Come in").click()
    gail = Desk(guest_page).ready()
    assert address.rstrip("/").rpartition("/")[2] not in guest_page.url
    gail.comment("brown", "Is it not rather red?")
    expect(gail.thread("rather red")).to_be_visible()
    expect(ada.thread("rather red")).to_contain_text("Gail")
    expect(ada.editor.locator(".comment")).to_have_text("brown")

    gail.editor.click()
    guest_page.keyboard.type("graffiti")
    assert "graffiti" not in gail.text

    dialog.get_by_role("button", name="Revoke").click()
    started = time.monotonic()
    expect(guest_page.locator("#ended")).to_be_visible(timeout=5_000)
    assert time.monotonic() - started < 1.5
    browser.allow("404|403")
    answer = guest_page.reload()
    assert answer is not None and answer.status == 404


def test_a_thread_lives_through_reply_resolve_deletion_and_undo(
    browser: Browser, people: tuple[Account, Account], document_id: str
) -> None:
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    ada.comment("quick", "How quick?")
    reply = grace.thread("How quick?").locator(".reply-form")
    reply.locator("textarea").fill("Very.")
    reply.get_by_role("button", name="Reply").click()
    expect(ada.thread("How quick?")).to_contain_text("Very.")

    grace.select("quick")
    grace.page.keyboard.press("Delete")
    expect(ada.thread("How quick?")).to_have_attribute("data-lost", "true", timeout=10_000)
    expect(ada.thread("How quick?")).to_contain_text("quick")
    grace.page.keyboard.press("Control+z")
    ada.sees("quick brown")
    expect(ada.thread("How quick?")).to_have_attribute("data-lost", "false", timeout=10_000)

    ada.thread("How quick?").get_by_role("button", name="Resolve").click()
    expect(grace.page.locator("details.resolved > summary")).to_have_text("1 resolved")


def test_an_administrator_restores_while_somebody_types(
    browser: Browser, site: Site, people: tuple[Account, Account], document_id: str
) -> None:
    grace = Desk.of(browser, people[1], document_id)
    answer = api(site, people[0], f"documents/{document_id}/snapshots", {"name": "The fox"})
    assert answer.status == 201, answer.body
    grace.write(" Typed before.")
    grace.page.keyboard.press("Enter")
    grace.page.keyboard.type("A paragraph that was not there.")
    grace.write("No ", at_end=False)
    grace.editor.locator(":scope > *").first.click()
    grace.page.keyboard.press("End")
    grace.saved()

    admin = at_the_restore_page(browser, site, people[0], document_id)
    admin.get_by_role("button", name="Restore").click(no_wait_after=True)
    while "No " in grace.text:
        grace.page.keyboard.type("x")
    grace.page.keyboard.type(" Typed after.")
    grace.saved()
    # What was there before is as it was; what came in meanwhile stands where she typed it, and her caret stayed there.
    assert re.fullmatch(r"The quick brown fox\.x* Typed after\.", grace.text.strip())
    expect(admin.locator("body")).to_contain_text("Restored")
    before, said = what_is_kept(site, document_id)
    assert "Typed before." in before and "A paragraph that was not there." in before
    assert any("Restored the snapshot" in entry for entry in said), said


def at_the_restore_page(browser: Browser, site: Site, account: Account, document_id: str) -> Page:
    """An administrator who has looked at what would change, and is asked whether to restore."""
    make_administrator = (
        "from docs_app.models import User\n"
        "result = User.objects.filter(username=name).update(is_staff=True, is_superuser=True)"
    )
    site.python(make_administrator, name=account.name)
    admin = browser.open(f"admin/docs_app/document/{document_id}/change/", account)
    admin.get_by_role("link", name="Snapshots").click()
    admin.locator("tr", has_text="The fox").get_by_role("link").first.click()
    expect(admin.locator("#content")).to_contain_text("A paragraph that was not there.")
    admin.get_by_role("link", name="Restore…").click()
    return admin


def what_is_kept(site: Site, document_id: str) -> tuple[str, Sequence[str]]:
    """The text before the restore, and what the admin's log says."""
    before, said = site.python(
        """
        from django.contrib.admin.models import LogEntry
        from docs_app.models import Document
        from docs_app.services import history
        document = Document.objects.get(pk=document_id)
        before = next(row for row in history.list_snapshots(document) if row.kind == "before-restore")
        said = [str(entry) for entry in LogEntry.objects.filter(object_id=document_id)]
        result = [str(history.preview(document, before.id)), said]
        """,
        document_id=document_id,
    )
    return before, said
