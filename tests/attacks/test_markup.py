"""Markup wherever people's words go, also past the editor through the CRDT: nothing of it runs or is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from pycrdt import XmlElement, XmlFragment, XmlText
from websockets.sync.client import connect

from collab import fold, protocol
from tests.attacks.payloads import CANARY, payloads
from tests.support.browser import Browser
from tests.support.clients import elements
from tests.support.figures import Figure, Length
from tests.support.site import ROOT, Account, Site
from tests.support.wire import api, new_document, share

SCHEMA = json.loads((ROOT / "docs_app" / "content" / "schema.json").read_text())
AT_ONCE = 60  # payloads in one document

_SURROUND = """
from django.contrib.auth import get_user_model
from docs_app.access import Visitor
from docs_app.models import Document, Guest
from docs_app.services import history, people, sharing, tokens
document = Document.objects.get(pk=document_id)
owner = Visitor(user=document.owner)
refused = 0
def attempt(work, **words):
    global refused
    try:
        return work(**words)
    except Exception as error:
        assert "Refused" in {kind.__name__ for kind in type(error).__mro__}, error
        refused += 1
for text in texts:
    attempt(history.name_version, document=document, name=text[:100], by=owner)
    attempt(sharing.create_link, document=document, level=10, by=owner, label=text[:60])
    attempt(people.rename_person, user=document.owner, name=text[:60])
    attempt(sharing.welcome_guest, name=text[:60])
    attempt(tokens.create_token, user=document.owner, label=text[:60])
get_user_model().objects.filter(pk=document.owner.pk).update(is_staff=True, is_superuser=True)
Document.objects.filter(pk=document_id).update(title=texts[-1][:200])
result = refused
"""


def blocks(text: str) -> Iterator[XmlElement]:
    """The payload as the value of every attribute of every node that there is, and of some that there are not."""
    yield XmlElement("paragraph", contents=[XmlText(text)])
    for name, node in SCHEMA["nodes"].items():
        attributes = dict.fromkeys([*node["attrs"], "style", "onclick", "id", "class", "hx-get", "data-hx-get"], text)
        if name not in ("doc", "text"):
            yield XmlElement(name, attributes, [XmlElement("paragraph", contents=[XmlText(text)])])
    for name in "script", "iframe", "img", "svg", "a":
        yield XmlElement(name, {"src": text, "href": text, "onload": text}, [XmlText(text)])


def marked(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, mark in SCHEMA["marks"].items():
        yield name, dict.fromkeys([*mark["attrs"], "style", "onclick", "hx-get"], text)
    yield "script", {"src": text}


def write(site: Site, account: Account, document_id: str, texts: Sequence[str]) -> None:
    """Past every check of an editor: what pycrdt can say and the guard lets through."""
    doc = fold.new_doc()
    root = doc.get(fold.ROOT, type=XmlFragment)
    address = f"{site.url.replace('http', 'ws', 1)}ws/documents/{document_id}/"
    headers = {"Authorization": f"Bearer {account.token}"}
    with connect(address, additional_headers=headers, subprotocols=["scriptorium.v1"]) as connection:  # type: ignore[list-item]
        for text in texts:
            before = doc.get_state()
            with doc.transaction():
                for block in blocks(text):
                    root.children.append(block)
                line = XmlText("")
                root.children.append(XmlElement("paragraph", contents=[line]))
                for name, attributes in marked(text):
                    line.insert(0, f"{name} ", {name: attributes})
            connection.send(protocol.update(doc.get_update(before)))
        until_saved(connection, len(texts))


def until_saved(connection: Any, count: int) -> None:
    while True:
        frame = connection.recv(timeout=30)
        if isinstance(frame, bytes) and frame[0] == protocol.SAVED and protocol.Reader(frame[1:]).varuint() >= count:
            return


TAGS = {"script", "style", "iframe", "object", "embed", "form", "base", "meta", "link", "svg", "math", "img", "video"}
ADDRESSES = {"href", "src", "srcdoc", "action", "formaction", "data", "poster", "background", "xlink:href"}


def active(html: str) -> list[tuple[str, str, str]]:
    """What in this HTML could run, load or be taken for htmx's: tag, attribute and value."""
    return [
        (tag, name, value)
        for tag, attributes in elements(html)
        for name, value in [("", ""), *attributes.items()]
        if (not name and tag in TAGS - {"meta"})
        or name.startswith(("on", "hx-", "data-hx-", "ws-"))
        or (name in ADDRESSES and value.partition(":")[0] not in ("http", "https", "mailto", "tel"))
    ]


class Watch:
    """What the pages of a browser asked for, and what they popped up."""

    def __init__(self, context: BrowserContext) -> None:
        self.caught: list[str] = []
        context.on("request", self._asked)
        context.on("dialog", lambda dialog: self.caught.append(f"dialog: {dialog.message}"))
        context.add_init_script("window.alert = window.prompt = text => fetch('/canary?' + text)")

    def _asked(self, request: Request) -> None:
        if CANARY in request.url or "127.0.0.1:1/" in request.url:
            self.caught.append(f"{request.frame.url} asked for {request.url}")


@pytest.fixture
def people(site: Site) -> Sequence[Account]:
    return site.enrol("mallory", "victim")


@pytest.mark.timeout(3600)
def test_nothing_that_people_write_is_taken_for_markup(
    site: Site, browser: Browser, people: Sequence[Account], length: Length[int], figure: Figure, tmp_path: Path
) -> None:
    mallory, victim = people
    texts = payloads(length(60, 2000))
    looked = 0
    victims = browser.person(victim)
    watch = Watch(victims)
    page = victims.new_page()
    for start in range(0, len(texts), AT_ONCE):
        batch = texts[start : start + AT_ONCE]
        document_id = new_document(site, mallory, "Read me.")
        share(site, document_id, victim, level="EDIT")
        write(site, mallory, document_id, batch)
        comment(site, mallory, document_id, batch)
        site.python(_SURROUND, document_id=document_id, texts=batch)
        looked += look_everywhere(page, site, victim, document_id)
        looked += export_opens(page, site, mallory, document_id, tmp_path)
    admin = browser.person(mallory)
    also = Watch(admin)
    looked += look_at_admin(admin.new_page(), document_id)
    figure(
        "C5, C6",
        f"{len(texts):,} payloads in every attribute, name, title, comment and label: {looked} pages looked at, "
        f"{len(watch.caught) + len(also.caught)} executions or requests",
    )
    assert [*watch.caught, *also.caught] == []


def comment(site: Site, account: Account, document_id: str, texts: Sequence[str]) -> None:
    address = f"{site.url.replace('http', 'ws', 1)}ws/documents/{document_id}/"
    place = {"from_path": "0", "from_offset": "0", "to_path": "0", "to_offset": "4", "quote": "Read"}
    headers = {"Authorization": f"Bearer {account.token}"}
    with connect(address, additional_headers=headers, subprotocols=["scriptorium.v1"], max_size=None) as connection:  # type: ignore[list-item]
        for text in texts[:10]:
            connection.send(json.dumps({"action": "comment.start", "body": text, **place, "quote": text[:50]}))
        while True:
            frame = connection.recv(timeout=30)
            if isinstance(frame, str) and 'id="comments"' in frame and CANARY in frame:
                return


def look_everywhere(page: Page, site: Site, victim: Account, document_id: str) -> int:
    """The editor with all that stands beside it, the lists, and a snapshot."""
    page.goto(f"d/{document_id}/")
    expect(page.locator("#editor.is-live")).to_be_visible(timeout=30_000)
    page.wait_for_load_state("networkidle")
    html = page.content()
    assert CANARY in html, "the words are there, as words"
    assert active(page.locator("#editor .ProseMirror").inner_html()) == []  # beside it stands the handle, with its icon
    page.goto("./")
    page.wait_for_load_state("networkidle")
    snapshots = api(site, victim, f"documents/{document_id}/snapshots").json
    page.goto(f"d/{document_id}/snapshots/{snapshots[0]['id']}/")
    page.wait_for_load_state("networkidle")
    return 3


def export_opens(page: Page, site: Site, mallory: Account, document_id: str, folder: Path) -> int:
    """The exported HTML, opened from a disk, where no policy of ours holds."""
    path = folder / f"{document_id}.html"
    html = api(site, mallory, f"documents/{document_id}/content?format=html").body.decode()
    assert CANARY in html and active(html) == []
    path.write_text(html)
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    for link in page.locator("a[href]").all()[:20]:
        assert str(link.get_attribute("href")).partition(":")[0] in ("http", "https", "mailto", "tel"), link
    return 1


def look_at_admin(page: Page, document_id: str) -> int:
    addresses = ["admin/docs_app/document/", f"admin/docs_app/document/{document_id}/change/", "admin/docs_app/user/",
                 f"d/{document_id}/share/", "account/"]  # fmt: skip
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert "Server Error" not in page.content()
    return len(addresses)
