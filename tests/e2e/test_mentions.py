"""Mentions of people, documents and days, and emoji: two people at one document, one of whom may not open all of it."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import api, new_document, share

_numbers = count()


@pytest.fixture
def people(site: Site) -> tuple[Account, Account, Account]:
    number = next(_numbers)
    owner, editor, stranger = site.enrol(f"owner{number}", f"colleague{number}", f"stranger{number}")
    return owner, editor, stranger


def menu(desk: Desk, name: str = "Mention") -> Locator:
    return desk.page.get_by_role("listbox", name=name)


def titled(site: Site, account: Account, title: str) -> str:
    """A new document's id."""
    return str(api(site, account, "documents", {"title": title, "markdown": "Elsewhere."}).json["id"])


_CARET = "JSON.stringify(document.querySelector('.ProseMirror').editor.state.selection)"
_RENAME = """
from docs_app.access import Visitor
from docs_app.models import Document
from docs_app.services.documents import rename_document
result = rename_document(document=Document.objects.get(pk=id), title=title, by=Visitor(User.objects.get(username=by)))
"""


def begin(desk: Desk) -> None:
    """Put the caret at the end of the block that mentions are written into."""
    desk.editor.get_by_text("For:").click()
    desk.page.keyboard.press("End")


def go_left_to(desk: Desk, selected: Locator) -> None:
    """Each key waits until the editor has heard of the one before it, as it does with a person's."""
    while (at := desk.page.evaluate(_CARET)) and not selected.count():
        desk.page.keyboard.press("ArrowLeft")
        desk.page.wait_for_function(f"at => {_CARET} !== at", arg=at)


def test_two_people_mention_a_colleague_a_document_and_a_day(
    browser: Browser, site: Site, people: tuple[Account, Account, Account]
) -> None:
    owner, editor, _ = people
    plan, minutes = titled(site, owner, "Plan of June"), new_document(site, owner, "For:")
    share(site, minutes, editor)
    ada, bob = (Desk.of(browser, account, minutes) for account in (owner, editor))
    keys = ada.page.keyboard
    begin(ada)
    keys.type(" @coll")
    expect(menu(ada).get_by_role("option")).to_have_text([f"C{editor.name.title()}"])
    keys.press("Enter")
    expect(ada.editor.locator("span.mention")).to_have_text(f"@{editor.name.title()}")
    keys.type("and @plan")
    expect(menu(ada).get_by_role("group", name="Documents").get_by_role("option")).to_have_text(["Plan of June"])
    keys.press("Tab")
    keys.type("by @24.12.2030")
    expect(menu(ada).get_by_role("option")).to_have_text(["Tuesday24 December 2030"])
    keys.press("Enter")
    ada.saved()
    sentence = f"@{editor.name.title()} and {{}} by 24 December 2030"
    ada.sees(sentence.format("Plan of June"))
    bob.sees(sentence.format("A document"))

    # What a document is called now is seen by who may know it.
    share(site, plan, editor, level="VIEW")
    site.python(_RENAME, id=plan, title="Plan of July", by=owner.name)
    for desk in (ada, bob):
        desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        desk.sees(sentence.format("Plan of July"))
    with bob.page.context.expect_page() as opened:
        bob.editor.locator("a.mention").click()
    assert (plan in opened.value.url, minutes in bob.page.url) == (True, True)
    opened.value.close()
    begin(ada)
    go_left_to(ada, ada.editor.locator("a.mention.ProseMirror-selectednode"))
    with ada.page.context.expect_page() as opened:
        keys.press("Enter")
    assert plan in opened.value.url


def test_who_cannot_open_the_document_is_let_in_on_the_spot(
    browser: Browser, site: Site, people: tuple[Account, Account, Account]
) -> None:
    owner, editor, stranger = people
    name = stranger.name.title()
    minutes = new_document(site, owner, "Agenda.\n\nFor:")
    share(site, minutes, editor)
    ada, bob = (Desk.of(browser, account, minutes) for account in (owner, editor))
    begin(ada)
    ada.page.keyboard.type(f" @{stranger.name}")
    expect(menu(ada).get_by_role("option", name=name)).to_contain_text("cannot open this yet")
    ada.page.keyboard.press("Enter")
    form = ada.page.get_by_role("dialog", name=f"Share with {name}")
    expect(form.get_by_role("combobox")).to_be_focused()
    bob.write(" Old matters.")
    ada.sees(f"Agenda. Old matters.\nFor: @{stranger.name}")
    form.get_by_role("combobox").select_option("Viewer")
    form.get_by_role("button", name="Share and mention").click()
    expect(form).to_have_count(0)
    bob.sees(f"For: @{name} ")
    assert api(site, stranger, f"documents/{minutes}").json["role"] == "viewer"
    markdown = api(site, stranger, f"documents/{minutes}/content?format=md").body.decode()
    assert markdown == f"Agenda. Old matters.\n\nFor: @[{name}]({stranger.principal})\n"
    ada.page.keyboard.type("at last")
    bob.sees(f"For: @{name} at last")
    # Escape leaves what was typed.
    begin(bob)
    bob.page.keyboard.type(f" @{owner.name[:-1]}")
    expect(menu(bob).get_by_role("option", name=owner.name.title())).to_be_visible()
    bob.page.keyboard.press("Escape")
    bob.sees(f"at last @{owner.name[:-1]}")


def test_emoji_by_name_and_from_the_grid(
    browser: Browser, site: Site, people: tuple[Account, Account, Account]
) -> None:
    owner, *_ = people
    desk = Desk.of(browser, owner, new_document(site, owner, "At"))
    keys = desk.page.keyboard
    desk.write(" 10:30 and a:smi :smili")
    emoji = menu(desk, "Emoji")
    expect(emoji.get_by_role("option").first).to_contain_text("smiling")
    keys.press("Escape")
    keys.type(" :waving")
    expect(emoji.get_by_role("option").first).to_contain_text("waving hand")
    keys.press("Enter")
    until(lambda: desk.text == "At 10:30 and a:smi :smili 👋", "Escape left the letters, Enter the sign")
    keys.type(" /emoji")
    keys.press("Enter")
    dialog = desk.page.get_by_role("dialog", name="Emoji")
    expect(dialog.get_by_role("group")).to_have_count(9)
    dialog.get_by_role("combobox", name="Skin tone").select_option("3")
    find = dialog.get_by_role("combobox", name="Emoji")
    find.fill("thumbs")
    expect(dialog.get_by_role("listbox").get_by_role("option", selected=True)).to_have_accessible_name("thumbs up")
    find.press("ArrowRight")
    expect(dialog.get_by_role("status")).to_have_text("thumbs down")
    find.press("Enter")
    until(lambda: desk.text.endswith("👋 👎🏽"), "it is put in, in the tone that was chosen")
    desk.saved()
