"""The database stops under an open page: it says so, keeps what is typed, and saves it by itself later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.servers import Postgres, new_database, postgres
from tests.support.site import Site, new_site
from tests.support.until import until
from tests.support.wire import new_document, text_of


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres() as database:
        yield database


@pytest.fixture(scope="module")
def site(ground: Path, tmp_path_factory: pytest.TempPathFactory, database: Postgres) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site") / "var"
    site = new_site(ground, folder, DATABASE_URL=new_database(database.url)).start()
    yield site
    site.kill()


def test_the_page_says_that_it_is_not_saving(browser: Browser, site: Site, database: Postgres) -> None:
    (writer,) = site.enrol("writer")
    document_id = new_document(site, writer, "Begin.")
    desk = Desk.of(browser, writer, document_id)
    indicator = desk.page.locator("#save-state")
    desk.saved()
    database.crash()
    desk.write(" Kept meanwhile.")
    expect(indicator).to_have_attribute("data-state", "not-saving", timeout=30_000)
    expect(indicator).to_contain_text("Not saving")
    database.start()
    desk.saved()
    until(lambda: "Kept meanwhile." in text_of(site, writer, document_id), "the server has it")
