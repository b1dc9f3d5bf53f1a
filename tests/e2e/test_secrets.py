"""What a browser tells others while somebody comes by a link, reads, writes, shares, and follows a link out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Request, expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.figures import Figure
from tests.support.site import Site
from tests.support.until import until
from tests.support.visitors import share_by_link
from tests.support.wire import new_document


@contextmanager
def somewhere_else() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Another site's address, and what it is asked for: path and Referer."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Referer", "")))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def watch(context: BrowserContext) -> tuple[list[Request], list[str]]:
    """All requests of a browser, and the addresses of its sockets, from now on."""
    requests: list[Request] = []
    sockets: list[str] = []
    context.on("request", lambda request: requests.append(request))
    context.on("page", lambda page: page.on("websocket", lambda socket: sockets.append(socket.url)))
    return requests, sockets


def test_nothing_is_asked_elsewhere_and_no_token_is_handed_on(browser: Browser, site: Site, figure: Figure) -> None:
    (ada,) = site.enrol("ada")
    with somewhere_else() as (elsewhere, asked):
        text = f"# Where [to go]({elsewhere}/page)\n\n![a picture]({elsewhere}/pixel.png)\n\n{elsewhere}/bare\n"
        document_id = new_document(site, ada, text)
        token = share_by_link(site, document_id, "EDIT")
        owner, guest = browser.person(ada), browser.person()
        seen = [watch(owner), watch(guest)]

        page = owner.new_page()
        page.goto("")
        page.get_by_role("link", name="On the wire").first.click()
        desk = Desk(page).ready()
        desk.saved()
        page.locator("#share-button").click()
        expect(page.locator("#share-dialog")).to_be_visible()
        page.goto(f"d/{document_id}/share/")

        visit = guest.new_page()
        visit.goto(f"s/{token}/")
        visit.get_by_label("Your name").fill("Gail")
        visit.keyboard.press("Enter")
        there = Desk(visit).ready()
        there.write("Gail was here. ", at_end=False)
        there.saved()
        assert asked == [], "nothing is fetched from elsewhere that a text names"
        there.editor.get_by_text("to go").click(modifiers=["Control"])
        until(lambda: asked, "the link is followed")
        assert asked[0] == ("/page", ""), "who follows a link does not say from where"

        origin = site.url.rstrip("/")
        requests = [request for each, _ in seen for request in each if not request.url.startswith(elsewhere)]
        addresses = [request.url for request in requests] + [url for _, sockets in seen for url in sockets]
        referers = {request.headers.get("referer", "") for request in requests}
    assert all(sockets for _, sockets in seen) and f"{origin}/d/{document_id}/" in referers, "all of it was seen"
    assert {urlsplit(url).netloc for url in addresses} == {urlsplit(origin).netloc}
    assert [url for url in addresses if token in url] == [f"{origin}/s/{token}/"], "the link itself, once"
    assert not [referer for referer in referers if token in referer or "/s/" in referer]
    figure(
        "D9 browser",
        f"{len(addresses)} requests and sockets of an owner and a guest: 0 to others, 0 Referers tell a token",
    )
