"""Several people in one document: who is here, where they are, following them, and undo of one's own words alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect
from pycrdt import XmlElement, XmlFragment, XmlText
from websockets import Subprotocol
from websockets.sync.client import connect

from collab import fold, protocol
from collab.consumers import SUBPROTOCOL
from tests.support.browser import Browser
from tests.support.cable import Cable
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import api, new_document, share

_numbers = count()
LONG = "\n\n".join(f"Line {number}." for number in range(1, 81))
KINDS = "First.\n\n- One\n- Two\n\n| a | b |\n| --- | --- |\n| c | dee |\n\n---\n\nLast."

# Where the caret of somebody else is, as a part of the screen's height.
_HEIGHT = "caret => caret.getBoundingClientRect().top / innerHeight"
# A rule of the browser's own scrolling: it has come to rest when two frames show the same.
_AT_REST = "() => new Promise(done => { const at = scrollY; setTimeout(() => done(scrollY === at), 150) })"


@pytest.fixture
def people(site: Site) -> tuple[Account, Account]:
    number = next(_numbers)
    ada, grace = site.enrol(f"first{number}", f"second{number}")
    return ada, grace


@pytest.fixture
def cable(site: Site) -> Iterator[Cable]:
    cable = Cable(site.port)
    yield cable
    cable.pull()


def shared_document(site: Site, people: tuple[Account, Account], text: str) -> str:
    ada, grace = people
    document_id = new_document(site, ada, text)
    share(site, document_id, grace)
    return document_id


def avatars(desk: Desk) -> Locator:
    return desk.page.locator("#presence > li > button.avatar")


def avatar(desk: Desk, name: str) -> Locator:
    return desk.page.locator(f"#presence > li > button[data-name='{name}']")


def announced(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").filter(has_text=sentence)).to_have_count(1, timeout=15_000)


def guest_at(browser: Browser, site: Site, owner: Account, document_id: str) -> Page:
    """Somebody without an account who has opened a link and is asked for a name."""
    address = site.python(
        """
        from docs_app.access import Visitor
        from docs_app.levels import Level
        from docs_app.models import Document, User
        from docs_app.services.sharing import create_link
        document, owner = Document.objects.get(pk=document_id), User.objects.get(pk=owner)
        result = create_link(document=document, level=Level.EDIT, by=Visitor(user=owner))[1]
        """,
        document_id=document_id,
        owner=owner.id,
    )
    return browser.open(f"s/{address}/")


def test_people_are_told_by_name_once_each_whatever_they_have_open(
    browser: Browser, site: Site, people: tuple[Account, Account]
) -> None:
    document_id = shared_document(site, people, "The quick brown fox.")
    first, second = (account.name.title() for account in people)
    ada = Desk.of(browser, people[0], document_id)
    grace = Desk.of(browser, people[1], document_id)
    again = grace.page.context.new_page()
    again.goto(f"d/{document_id}/")
    Desk(again).ready()

    # A guest is offered a name, and is a guest to everybody.
    page = guest_at(browser, site, people[0], document_id)
    expect(page.get_by_label("Your name")).to_have_value("Guest 1")
    page.get_by_role("button", name="Come in").click()
    guest = Desk(page).ready()
    for desk in (ada, grace, guest):
        expect(avatars(desk)).to_have_count(3)
    guest.write("Well: ", at_end=False)
    expect(avatar(ada, "Guest 1")).to_have_attribute("title", "Guest 1 (guest) · Editing")
    expect(avatar(ada, second)).to_have_attribute("title", f"{second} · Viewing")
    expect(avatar(ada, first)).to_have_attribute("title", f"{first} (you) · Viewing")
    announced(ada.page, "Guest 1")

    # They take another name while they are here; undo, and everything else, goes on.
    page.locator("summary[aria-label=More]").click()
    page.get_by_role("button", name="Change name").click()
    page.get_by_role("textbox", name="Your name").fill("Gail")
    page.keyboard.press("Enter")
    expect(avatar(ada, "Gail")).to_have_attribute("title", "Gail (guest) · Editing")
    guest.write("!")
    expect(ada.editor.locator(".caret-label", has_text="Gail")).to_have_count(1, timeout=15_000)
    expect(page.locator(".own-name")).to_have_text("Gail")

    # A tab of two goes, and nobody has left; the only one of somebody goes, and it is said.
    again.close()
    page.close()
    expect(avatars(ada)).to_have_count(2)
    announced(ada.page, "Gail has left.")
    expect(ada.page.get_by_role("status").filter(has_text=f"{second} has left")).to_have_count(0)


def test_others_cursors_can_be_hidden_for_good(browser: Browser, site: Site, people: tuple[Account, Account]) -> None:
    document_id = shared_document(site, people, "The quick brown fox.")
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    grace.select("quick")
    caret, selection = ada.editor.locator(".caret"), ada.editor.locator(".caret-selection")
    expect(caret).to_be_visible()
    expect(selection).to_have_text("quick")
    hidden = "rgba(0, 0, 0, 0)"
    expect(selection).not_to_have_css("background-color", hidden)
    ada.page.locator("summary[aria-label=More]").click()
    ada.page.get_by_role("button", name="Hide other cursors").click()
    expect(caret).to_be_hidden()
    expect(selection).to_have_css("background-color", hidden)
    ada.page.reload()
    ada.ready()
    expect(caret).to_have_count(1)
    expect(caret).to_be_hidden()
    ada.page.locator("summary[aria-label=More]").click()
    ada.page.get_by_role("button", name="Show other cursors").click()
    expect(caret).to_be_visible()


def test_somebody_is_gone_to_by_a_click_and_followed_by_another(
    browser: Browser, site: Site, people: tuple[Account, Account]
) -> None:
    document_id = shared_document(site, people, LONG)
    ada, grace = (Desk.of(browser, account, document_id) for account in people)
    second = people[1].name.title()
    ada.write(" Mine.")
    grace.go_to("Line 60.")
    ada.page.keyboard.type("!")
    caret, frame = ada.editor.locator(".caret"), ada.page.locator(".follow-frame")
    expect(ada.editor.locator("p", has_text="Line 60.").locator(".caret")).to_have_count(1)

    avatar(ada, second).click()
    until(lambda: abs(float(caret.evaluate(_HEIGHT)) - 1 / 3) < 0.05, "their caret is at a third")
    expect(frame).to_have_count(0)
    ada.page.keyboard.type("?")
    assert ada.text.startswith("Line 1. Mine.!?\n")

    avatar(ada, second).click()
    avatar(ada, second).click()
    expect(frame).to_contain_text(f"Following {second} · Esc")
    until(lambda: ada.page.evaluate(_AT_REST), "the page has come to rest")
    grace.write(" Theirs.")
    until(lambda: 0.1 < float(caret.evaluate(_HEIGHT)) < 0.8, "the page has gone with them")
    expect(frame).to_have_count(1)
    ada.page.keyboard.press("Escape")
    expect(frame).to_have_count(0)

    avatar(ada, second).click()
    avatar(ada, second).click()
    expect(frame).to_have_count(1)
    ada.page.keyboard.type(" I write.")
    expect(frame).to_have_count(0)
    assert ada.text.startswith("Line 1. Mine.!? I write.")


def test_undo_takes_back_ones_own_words_and_leaves_the_caret_there(
    browser: Browser, site: Site, people: tuple[Account, Account], cable: Cable
) -> None:
    browser.allow("ERR_CONNECTION|WebSocket connection")
    document_id = shared_document(site, people, KINDS)
    ada = Desk(browser.open(f"{cable.address}d/{document_id}/", people[0])).ready()
    grace = Desk.of(browser, people[1], document_id)
    keys = ada.page.keyboard
    ada.write(" Mine.")
    grace.sees("Mine.")
    grace.write(" Theirs.")
    ada.sees("Theirs.")

    # The other's words within ours stay, and a connection that was lost meanwhile makes no difference.
    cable.pull()
    expect(ada.page.locator("#save-state")).to_have_attribute("data-state", "reconnecting", timeout=15_000)
    cable.put_back()
    ada.saved()
    keys.press("Control+z")
    ada.sees("First. Theirs.")
    grace.go_to("Last.")
    grace.page.keyboard.type("~")
    ada.sees("~")
    keys.type("1")
    ada.sees("First.1 Theirs.")
    keys.press("Control+z")
    keys.press("Control+Shift+z")
    keys.type("2")
    ada.sees("First.12 Theirs.")
    grace.sees("First.12 Theirs.")


def test_undo_brings_the_caret_back_in_lists_and_tables_and_beside_what_is_no_text(
    browser: Browser, site: Site, people: tuple[Account, Account]
) -> None:
    ada = Desk.of(browser, people[0], shared_document(site, people, KINDS))
    keys, rule = ada.page.keyboard, ada.editor.locator("hr")
    for cell in ("Two", "dee"):
        ada.go_to(cell)
        keys.type(" more")
        ada.sees(f"{cell} more")
        ada.go_to("First.")
        keys.press("Control+z")
        keys.type("+")
        ada.sees(f"{cell}+")
        keys.press("Control+z")
        keys.press("Control+Shift+z")
        keys.type("+")
        ada.sees(f"{cell}++")

    # What was selected and deleted is there again, and selected.
    ada.select("One")
    keys.press("Delete")
    ada.go_to("First.")
    keys.press("Control+z")
    ada.sees("One")
    keys.type("Eins")
    ada.sees("Eins")
    assert "One" not in ada.text

    # A rule that was deleted is there again, and what is typed then does not take its place.
    ada.go_to("Last.")
    for key in ("Home", "Backspace", "Backspace"):
        keys.press(key)
    expect(rule).to_have_count(0)
    ada.go_to("First.")
    keys.press("Control+z")
    expect(rule).to_have_count(1)
    keys.type("~")
    ada.sees("~")
    expect(rule).to_have_count(1)
    ada.saved()


def test_undo_after_a_restore_takes_back_what_came_after_it_alone(
    browser: Browser, site: Site, people: tuple[Account, Account]
) -> None:
    document_id = shared_document(site, people, "The fox.\n\nThe hound.")
    ada = Desk.of(browser, people[0], document_id)
    keep = api(site, people[0], f"documents/{document_id}/snapshots", {"name": "Kept"})
    ada.write(" Before.")
    ada.saved()
    restore = f"documents/{document_id}/snapshots/{keep.json['id']}/restore"
    assert api(site, people[0], restore, {}).status < 300
    until(lambda: "Before." not in ada.text, "it is as it was")
    ada.write(" After.")
    for _ in range(3):
        ada.page.keyboard.press("Control+z")
    until(lambda: ada.text == "The fox.\nThe hound.", "nothing else is undone")
    ada.saved()


def test_a_caret_that_comes_before_its_text_is_drawn_once_that_is_there(
    browser: Browser, site: Site, people: tuple[Account, Account]
) -> None:
    """What is said of carets does not wait for the disk, as text does."""
    document_id = shared_document(site, people, "Here.")
    ada = Desk.of(browser, people[0], document_id)
    doc, last = fold.new_doc(), 6  # two nodes and five letters
    place = {"item": {"client": doc.client_id, "clock": last}, "assoc": -1}
    state: dict[str, object] = {"cursor": {"anchor": place, "head": place}, "doing": "editing"}
    with doc.transaction():
        doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText("Hello")]))
    with connect(
        f"{site.url.replace('http', 'ws', 1)}ws/documents/{document_id}/",
        additional_headers={"Authorization": f"Bearer {people[1].token}"},
        subprotocols=[Subprotocol(SUBPROTOCOL)],
    ) as other:
        other.send(protocol.awareness([protocol.ClientState(doc.client_id, 1, state)]))
        name = people[1].name.title()
        expect(avatar(ada, name)).to_have_attribute("title", f"{name} · Editing")
        expect(ada.page.locator(".caret")).to_have_count(0)
        other.send(protocol.update(doc.get_update()))
        ada.sees("Hello")
        expect(ada.page.locator(".caret-label")).to_have_text(name)
