"""Pages with another past than the server: a backup has been restored, or the page is older than the schema."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from docs_app.content.schema import SCHEMA_VERSION
from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.figures import Figure, Length
from tests.support.node import node
from tests.support.site import ROOT, Account, Site
from tests.support.until import until
from tests.support.wire import api, new_document, share, text_of

BEFORE = "The quick brown fox."


def documents_of(site: Site, account: Account) -> list[str]:
    return [document["id"] for document in api(site, account, "documents").json["items"]]


@pytest.mark.timeout(600)
def test_what_is_newer_than_a_restored_backup_becomes_a_document_of_its_own(
    browser: Browser, site: Site, tmp_path: Path, figure: Figure, length: Length[int]
) -> None:
    browser.allow("ERR_CONNECTION|WebSocket connection|status of 50")
    accounts = site.enrol(*(f"person{number}" for number in range(length(2, 10))))
    document_id = new_document(site, accounts[0], BEFORE)
    share(site, document_id, *accounts[1:])
    desks = [Desk.of(browser, account, document_id) for account in accounts]
    for desk in desks:
        desk.saved()
    site.manage("backup", str(tmp_path / "backup"))
    # All in one line: "End" goes to the end of a line, and others would be written into the words of whoever was last.
    for number, desk in enumerate(desks):
        desk.write(f" N{number}.")
        desk.saved()
    newest = text_of(site, accounts[0], document_id)

    site.terminate()
    site.manage("restore", str(tmp_path / "backup"), "--replace")
    site.start()
    for number, (desk, account) in enumerate(zip(desks, accounts, strict=True)):
        expect(desk.page.locator("#ended")).to_contain_text("come back from a backup", timeout=40_000)
        desk.page.locator("#ended").get_by_role("button", name="Reload").click()
        desk.ready().sees(BEFORE)
        offer = desk.page.locator("#left-over")
        expect(offer).to_contain_text("It was not mixed in")
        assert desk.text == BEFORE
        if number == 0:
            it_is_kept_while_signed_out(desk)
        offer.get_by_role("button", name="Save as a new document").click()
        desk.page.wait_for_url(re.compile(f"/d/(?!{document_id})"))
        desk.ready().sees(f"N{number}.")
        (own,) = [each for each in documents_of(site, account) if each != document_id]
        assert set(text_of(site, account, own).split(".")) == set(newest.split("."))
        again = Desk.of(browser, account, document_id)
        assert again.text == BEFORE
    assert text_of(site, accounts[0], document_id).strip() == BEFORE
    assert "No problems" in site.manage("verify")
    figure(
        "B7 restored backup", f"{len(desks)} browsers with newer text: 0 mixed in, {len(desks)} saved as new documents"
    )


def it_is_kept_while_signed_out(desk: Desk) -> None:
    """What cannot be saved is still offered."""
    cookies = desk.page.context.cookies()
    desk.page.context.clear_cookies(name="sessionid")
    desk.page.locator("#left-over").get_by_role("button", name="Save as a new document").click()
    expect(desk.page.locator("#notices")).to_contain_text("did not take the text")
    expect(desk.page.locator("#left-over")).to_be_visible()
    desk.page.context.add_cookies([{**cookie} for cookie in cookies])  # type: ignore[typeddict-item]  # as they were


# --- an old page ----------------------------------------------------------------------------------------------------

LINES = "First line\\\nsecond line\n"  # with a hard break between


@pytest.fixture(scope="module")
def old_bundle(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's script as it was before documents had hard breaks."""
    folder = tmp_path_factory.mktemp("old") / "static"
    shutil.copytree(ROOT / "static", folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (folder / "node_modules").symlink_to(ROOT / "static" / "node_modules")
    schema = folder / "src" / "editor" / "schema.ts"
    assert "  HardBreak,\n" in schema.read_text()
    schema.write_text(schema.read_text().replace("  HardBreak,\n", ""))
    subprocess.run([node(), "build.mjs"], cwd=folder, check=True, capture_output=True)
    return (folder / "dist" / "document.js").read_text()


def with_old_page(page: Page, script: str, schema: int) -> None:
    """What the browser kept from before the update: that page, with that script, of that schema."""

    def old_page(route: Route) -> None:
        answer = route.fetch()
        html = re.sub(r"\?schema=\d+", f"?schema={schema}", answer.text())
        route.fulfill(response=answer, body=re.sub(r'"schema": \d+', f'"schema": {schema}', html))

    page.route(
        re.compile(r"/static/document\.[\w.]*js$"),
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )
    page.route(re.compile(r"/d/[\w-]+/$"), old_page)


def history(site: Site, document_id: str) -> list[str]:
    """All the engine has of the document, as bytes."""
    found = site.python(
        """
        from collab.models import LogEntry, Snapshot
        entries = [bytes(row.payload).hex() for row in LogEntry.objects.filter(document_id=document_id).order_by("seq")]
        states = [bytes(row.state).hex() for row in Snapshot.objects.filter(document_id=document_id).order_by("seq")]
        result = entries + states
        """,
        document_id=document_id,
    )
    return [str(each) for each in found]


def test_a_page_of_an_older_schema_deletes_nothing(
    browser: Browser, site: Site, old_bundle: str, figure: Figure
) -> None:
    (ada,) = site.enrol("oldtimer")
    document_id = new_document(site, ada, LINES)
    before = history(site, document_id)
    browser.allow("WebSocket")
    page = browser.person(ada).new_page()
    with_old_page(page, old_bundle, schema=SCHEMA_VERSION - 1)
    page.goto(f"d/{document_id}/")
    expect(page.locator("#ended")).to_contain_text("This page is older than the server", timeout=20_000)
    expect(page.locator("#editor")).to_contain_text("second line")
    assert history(site, document_id) == before
    figure("B8 old page", f"a script of an older schema, without hard breaks: refused, 0 of {len(before)} rows changed")


def test_it_would_have_deleted_what_it_does_not_know(browser: Browser, site: Site, old_bundle: str) -> None:
    """The same script, let in because it says that it knows the schema: this is what the number is for."""
    (ada,) = site.enrol("liar")
    document_id = new_document(site, ada, LINES)
    page = browser.person(ada).new_page()
    with_old_page(page, old_bundle, schema=SCHEMA_VERSION)
    page.goto(f"d/{document_id}/")
    Desk(page).ready()
    until(lambda: "\n" not in text_of(site, ada, document_id).strip(), "the hard break is gone")
