"""Without a connection: lists and documents open, what is typed is kept and comes in later, for nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.site import PASSWORD, Account, Site
from tests.support.until import until
from tests.support.wire import new_document, share, text_of

WITHOUT_A_SERVER = "ERR_CONNECTION|ERR_INTERNET|WebSocket connection|status of 50"
MOST = 20
_numbers = count()

_KEPT_PAGES = """async () => {
  const names = (await caches.keys()).filter(name => name.startsWith('scriptorium-pages/'))
  const kept = await Promise.all(names.map(async name => (await (await caches.open(name)).keys()).map(({url}) => url)))
  return kept.flat()
}"""
_KEPT_COPIES = """async () => {
  const done = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result) })
  const database = await done(indexedDB.open('scriptorium'))
  const copies = await done(database.transaction('copies').objectStore('copies').getAllKeys())
  database.close()
  return copies
}"""
_IS_AT_WORK = """async () => {
  const workers = await navigator.serviceWorker.getRegistrations()
  return workers.length > 0 || (await caches.keys()).length > 0
}"""


@pytest.fixture(autouse=True)
def a_server_at_the_end(site: Site) -> Iterator[None]:
    yield
    if not site.is_running:
        site.start()


def enrol(site: Site, *names: str) -> list[Account]:
    number = next(_numbers)
    return list(site.enrol(*(f"{name}{number}" for name in names)))


def with_worker(browser: Browser, account: Account) -> tuple[BrowserContext, Page]:
    """A browser in which the worker is at work, and a page with the list."""
    context = browser.person(account, service_workers="allow")
    page = context.new_page()
    page.goto("/")
    until(lambda: kept_pages(page), "the worker has kept the list", within=30)
    return context, page


def kept_pages(page: Page) -> list[str]:
    return [str(address) for address in page.evaluate(_KEPT_PAGES)]


def is_kept(page: Page, document_id: str) -> bool:
    return any(document_id in address for address in kept_pages(page))


def opened(context: BrowserContext, document_id: str) -> Desk:
    page = context.new_page()
    page.goto(f"d/{document_id}/")
    return Desk(page).ready()


def says(desk: Desk, words: str) -> None:
    expect(desk.page.locator("#save-state")).to_contain_text(words, timeout=20_000)


def leave(desk: Desk) -> None:
    desk.page.close(run_before_unload=False)


def assert_all_files_are_kept(site: Site, *pages: Page) -> None:
    with urlopen(f"{site.url}service-worker.js") as answer:
        worker = answer.read().decode()
    shown = {address for page in pages for address in re.findall(r'/static/[^"]+', page.content())}
    assert shown and [address for address in shown if address not in worker] == []


def test_what_is_typed_without_a_server_survives_the_tab_and_comes_in_once(browser: Browser, site: Site) -> None:
    browser.allow(WITHOUT_A_SERVER)
    ada, grace = enrol(site, "ada", "grace")
    document_id, unopened = new_document(site, ada, "Begin."), new_document(site, ada, "Never opened.")
    share(site, document_id, grace)
    context, page = with_worker(browser, ada)
    other = Desk.of(browser, grace, document_id)
    desk = opened(context, document_id)
    desk.saved()
    assert_all_files_are_kept(site, page, desk.page)

    context.set_offline(True)
    desk.write(" One.")
    says(desk, "Offline: 5 changes kept on this device")
    leave(desk)
    desk = opened(context, document_id)
    assert desk.text == "Begin. One."
    says(desk, "Offline: 5 changes kept on this device")

    second = opened(context, document_id)
    second.write(" Two.")
    desk.sees("Begin. One. Two.")
    desk.write(" Three.")
    second.sees("Begin. One. Two. Three.")
    leave(second)
    says(desk, "Offline: 17 changes kept on this device")
    leave(desk)

    site.terminate()
    context.set_offline(False)
    page.goto("/")
    expect(page.locator(".kept-note").first).to_contain_text("You are offline")
    expect(page.locator(".kept-note").last).to_contain_text("17 changes")
    rows = page.locator(".document-row")
    expect(rows.filter(has_text="Needs a connection")).to_have_count(1)
    page.goto(f"d/{unopened}/")
    expect(page.get_by_role("heading", name="Not on this device")).to_be_visible()
    desk = opened(context, document_id)
    desk.write(" Four.")
    says(desk, "Offline: 23 changes kept on this device")
    assert "One" not in other.text

    site.start()
    desk.saved()
    for each in desk, other:
        each.sees("Begin. One. Two. Three. Four.", within=40)
    assert text_of(site, grace, document_id).strip() == desk.text == other.text == "Begin. One. Two. Three. Four."
    page.goto("/")
    expect(page.locator(".kept-note")).to_have_count(0)


def test_who_signs_out_is_asked_and_leaves_nothing(browser: Browser, site: Site) -> None:
    browser.allow(WITHOUT_A_SERVER)
    ada, grace = enrol(site, "ada", "grace")
    document_id, saved_id = new_document(site, ada, "Begin."), new_document(site, ada, "Saved.")
    context, page = with_worker(browser, ada)
    leave(opened(context, saved_id))
    desk = opened(context, document_id)
    desk.saved()
    context.set_offline(True)
    desk.write(" Mine alone.")
    says(desk, "kept on this device")
    leave(desk)
    context.set_offline(False)

    cookies = context.cookies()
    context.clear_cookies(name="sessionid")  # the session has ended
    page.goto("/")
    note = page.locator(".kept-note")
    expect(note).to_contain_text("text that is not saved yet")
    until(lambda: kept_pages(page) == [], "no page is kept")
    assert [name.split("/")[1] for name in page.evaluate(_KEPT_COPIES)] == [document_id]
    page.get_by_label("Login").fill(grace.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".masthead")).to_contain_text(grace.name.title())
    expect(page.locator(".kept-note")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('scriptorium/leaving')") is None

    context.clear_cookies()
    context.add_cookies([{**cookie} for cookie in cookies])  # type: ignore[typeddict-item]  # as they were
    page.goto("/")
    expect(note).to_contain_text("On the wire (12 changes)")
    page.locator("summary", has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog")).to_contain_text("12 changes")
    page.get_by_role("button", name="Cancel").click()
    assert document_id in page.evaluate(_KEPT_COPIES)[0]
    page.locator("summary", has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out and delete").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    until(lambda: page.evaluate(_KEPT_COPIES) == [], "no text is left")
    assert kept_pages(page) == []
    site.terminate()
    page.goto(f"d/{document_id}/")
    expect(page.get_by_role("heading", name="Not on this device")).to_be_visible()


_CHANGE_ROLES = """
from docs_app.access import Visitor
from docs_app.levels import Level
from docs_app.models import Membership
from docs_app.services.sharing import change_level, remove_person
for membership in Membership.objects.filter(document_id__in=[taken, lowered]):
    by = Visitor(user=membership.document.owner)
    if str(membership.document_id) == taken:
        remove_person(membership=membership, by=by)
    else:
        change_level(membership=membership, level=Level.VIEW, by=by)
result = None
"""


def test_who_has_lost_the_right_can_still_take_their_text_away(browser: Browser, site: Site) -> None:
    browser.allow(f"{WITHOUT_A_SERVER}|status of 404")
    ada, grace = enrol(site, "ada", "grace")
    taken, lowered = (new_document(site, ada, "Begin.") for _ in range(2))
    context, page = with_worker(browser, grace)
    desks = []
    for document_id in (taken, lowered):
        share(site, document_id, grace)
        desks.append(opened(context, document_id))
        desks[-1].saved()
    context.set_offline(True)
    for desk in desks:
        desk.page.bring_to_front()
        desk.write(" Too late.")
        says(desk, "kept on this device")
        leave(desk)
    site.python(_CHANGE_ROLES, taken=taken, lowered=lowered)
    context.set_offline(False)

    page.goto(f"d/{lowered}/")
    assert Desk(page).ready().text == "Begin."
    expect(page.locator("#left-over")).to_contain_text("It was not mixed in")
    says(Desk(page), "View only")
    page.goto(f"d/{taken}/")
    assert Desk(page).ready().text == "Begin. Too late."
    banner = page.locator("#ended")
    expect(banner).to_contain_text("not shared with you")
    with page.expect_download() as download:
        banner.get_by_role("button", name="Download").click()
    assert "Too late." in download.value.path().read_text()
    until(lambda: not any(taken in name for name in page.evaluate(_KEPT_COPIES)), "nothing of it is left")
    until(lambda: not is_kept(page, taken), "nor the page")


def test_the_twenty_first_document_takes_the_place_of_the_oldest(browser: Browser, site: Site) -> None:
    browser.allow(WITHOUT_A_SERVER)
    (ada,) = enrol(site, "ada")
    documents = [new_document(site, ada, f"Document {number}.") for number in range(MOST + 1)]
    _, page = with_worker(browser, ada)
    for document_id in documents:
        page.goto(f"d/{document_id}/", wait_until="commit")
        until(lambda: is_kept(page, document_id), "it is kept")  # noqa: B023 (called at once)
    assert len([address for address in kept_pages(page) if re.search(r"/d/", address)]) == MOST
    site.terminate()
    page.goto(f"d/{documents[0]}/")
    expect(page.get_by_role("heading", name="Not on this device")).to_be_visible()
    page.goto(f"d/{documents[1]}/")
    expect(page.locator("#editor")).to_contain_text("Document 1.")


def test_a_site_that_gives_it_up_ends_an_earlier_worker_and_leaves_what_is_unsaved(
    browser: Browser, site: Site
) -> None:
    browser.allow(WITHOUT_A_SERVER)
    (ada,) = enrol(site, "ada")
    document_id = new_document(site, ada, "Begin.")
    context, page = with_worker(browser, ada)
    desk = opened(context, document_id)
    desk.saved()
    site.terminate()
    desk.write(" Unsaved.")
    says(desk, "kept on this device")
    leave(desk)
    site.environment["OFFLINE"] = "0"
    try:
        site.start()
        page.goto("/")
        until(lambda: not page.evaluate(_IS_AT_WORK), "neither worker nor cache is left")
        desk = opened(context, document_id)
        desk.saved()
        assert desk.text == "Begin. Unsaved."
        page.goto("/")
        assert not page.evaluate(_IS_AT_WORK)
    finally:
        site.terminate()
        del site.environment["OFFLINE"]
