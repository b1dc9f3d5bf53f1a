"""The pages that are measured: ours from our own server, and the stock ones of peers/browser on y-websocket's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from http.client import HTTPConnection

from playwright.sync_api import BrowserContext

from benchmarks.browser.book import Shape, boxed, plain
from benchmarks.dialects import Seat
from benchmarks.measure import pinned
from benchmarks.node_servers import FOLDER, WebsocketServer
from benchmarks.ours import Ours
from benchmarks.server import SERVER_CORE, Server
from project.bootstrap.node import npm, packages
from tests.support.servers import free_port
from tests.support.until import until

PAGES = FOLDER / "browser"

_SESSION = """
from django.test import Client
from docs_app.models import User

client = Client()
client.force_login(User.objects.get(username="person0"))
result = client.cookies["sessionid"].value
"""


class Surface(Server):
    """A server with a page on it. `shape` is how its editor keeps blocks; `is_shared`: others see what is typed."""

    shape: Shape
    is_shared = True

    def address(self, seat: Seat) -> str:
        """Where the page with this document is."""
        raise NotImplementedError

    def sign_in(self, context: BrowserContext) -> None:
        """Makes the browser that of a person who may write."""


class OurPage(Ours, Surface):
    shape = staticmethod(plain)

    def address(self, seat: Seat) -> str:
        return f"{self.sites[0].url}d/{seat.document}/"

    def sign_in(self, context: BrowserContext) -> None:
        session = self.sites[0].python(_SESSION)
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.sites[0].url}])


class StockPage(WebsocketServer, Surface):
    """`name` is that of a page in peers/browser, which a server of files gives out."""

    def __init__(self, name: str, shape: Shape) -> None:
        super().__init__()
        self._name = name
        self.shape = shape
        self._files = free_port()
        self._file_server: subprocess.Popen[bytes] | None = None
        packages(PAGES)
        npm(str(PAGES.relative_to(FOLDER.parents[1])), "run", "--silent", "build")

    def start(self) -> None:
        super().start()
        command = [sys.executable, "-m", "http.server", str(self._files), "--bind", "127.0.0.1"]
        with pinned(SERVER_CORE), (self.folder / "log").open("ab") as log:
            self._file_server = subprocess.Popen(command, cwd=PAGES, stdout=log, stderr=log)
        until(self._gives_out, "the server of files answers")

    def _gives_out(self) -> bool:
        try:
            HTTPConnection("127.0.0.1", self._files, timeout=5).request("HEAD", "/")
        except OSError:
            return False
        return True

    def address(self, seat: Seat) -> str:
        query = f"server=ws://127.0.0.1:{seat.port}&document={seat.document}"
        return f"http://127.0.0.1:{self._files}/{self._name}.html?{query}"

    def stop(self) -> None:
        super().stop()
        if self._file_server:
            self._file_server.terminate()
            self._file_server.wait()


class Floor(StockPage):
    """A page without an editor: what nobody can be faster than."""

    is_shared = False


SURFACES: Mapping[str, Callable[[], Server]] = {
    "ours": OurPage,
    "tiptap": lambda: StockPage("tiptap", plain),
    "blocknote": lambda: StockPage("blocknote", boxed),
    "floor": lambda: Floor("floor", plain),
}
