"""Clipboards as other programs fill them (static/src/paste/golden/): what is pasted is the JSON that lies beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from docs_app.content.parse import from_markdown
from docs_app.content.render_markdown import to_markdown
from tests.docs_app.content.every_kind import every_kind
from tests.support.browser import Browser
from tests.support.clipboard import pasted, said
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.wire import new_document

GOLDEN = Path(__file__).parents[2] / "static" / "src" / "paste" / "golden"
CODE = "if (a < b) {\n  go()\n\n}"
# What lies beside the HTML on these clipboards; on the others, its words.
BESIDE: Mapping[str, Mapping[str, str]] = {
    "vscode": {"text/plain": CODE, "vscode-editor-data": json.dumps({"version": 1, "mode": "typescript"})},
    "terminal": {"text/plain": "ada@host:~$ ls -l\ntotal  8\nbin"},
    "prosemirror": {"text/plain": "# not a heading, but bold and here\n\n- not a list\n- nor this"},
}
_numbers = count()


@pytest.fixture
def desk(browser: Browser, site: Site) -> Desk:
    (account,) = site.enrol(f"paster{next(_numbers)}")
    return writing(browser, site, account)


def writing(browser: Browser, site: Site, account: Account) -> Desk:
    desk = Desk.of(browser, account, new_document(site, account, "Begin."))
    desk.editor.click()
    return desk


def test_clipboards_become_what_they_mean(desk: Desk) -> None:
    for source in sorted(GOLDEN.glob("*.html")):
        beside = BESIDE.get(source.stem, {"text/plain": "words"})
        found = pasted(desk.page, {"text/html": source.read_text(), **beside})
        assert found == json.loads(source.with_suffix(".json").read_text()), source.name


def test_code_without_its_metadata_is_code_all_the_same(desk: Desk) -> None:
    found = pasted(desk.page, {"text/html": (GOLDEN / "vscode.html").read_text(), "text/plain": CODE})
    assert found["content"] == [{"type": "codeBlock", "content": [{"type": "text", "text": CODE}]}]


def test_markdown_is_read_as_the_server_reads_it(browser: Browser, site: Site) -> None:
    browser.allow(r"404.*/files/")  # the picture of every kind is none
    (account,) = site.enrol(f"paster{next(_numbers)}")
    desk = writing(browser, site, account)
    markdown = to_markdown(every_kind())
    found = pasted(desk.page, {"text/plain": markdown})
    assert found == json.loads(json.dumps(said(from_markdown(markdown))))
