"""Chromium, with one context (cookies, storage) for each person, and no patience for errors in the console."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.support.site import Account, Site

RESULTS = Path("test-results")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
_WITHOUT = (
    # Else a page that a test has answered itself may not connect to this machine.
    "LocalNetworkAccessChecks",
    # Pages of Chromium's own, of 400 files, which load with the first page, also where nobody sees them.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
_FLAGS += [f"--disable-features={','.join(_WITHOUT)}"]


class Browser:
    """Opens pages for people. At the end of the test no page may have complained, except as `allow` foresaw."""

    def __init__(self, chromium: Chromium, site: Site) -> None:
        self.chromium = chromium
        self.site = site
        self.problems: list[str] = []
        self.contexts: list[BrowserContext] = []
        self._allowed: list[re.Pattern[str]] = []

    def person(self, account: Account | None = None, **options: Any) -> BrowserContext:
        """A browser of somebody's own: signed in with an account, else a stranger. `options` go to new_context.

        It has no service worker, which would answer before a test that answers itself; `service_workers="allow"` has.
        """
        context = self.chromium.new_context(base_url=self.site.url, **{"service_workers": "block", **options})
        if account is not None:
            context.add_cookies([{"name": "sessionid", "value": account.session, "url": self.site.url}])
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        self.contexts.append(context)
        return context

    def open(self, path: str, account: Account | None = None, **options: Any) -> Page:
        """A page at `path` in a new browser of this person's own."""
        page = self.person(account, **options).new_page()
        page.goto(path)
        return page

    def allow(self, pattern: str) -> None:
        """Complaints that this test provokes, such as a broken connection while the server is down."""
        self._allowed.append(re.compile(pattern))

    def complaints(self) -> list[str]:
        return [text for text in self.problems if not any(pattern.search(text) for pattern in self._allowed)]

    def keep_screenshots(self, test_id: str) -> None:
        folder = RESULTS / re.sub(r"[^\w.-]+", "-", test_id)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "console.txt").write_text("\n".join(self.problems))
        for number, page in enumerate(page for context in self.contexts for page in context.pages):
            page.screenshot(path=folder / f"page-{number}.png")

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location['url']})")


@contextmanager
def running_chromium() -> Iterator[Chromium]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert program, "Chromium is missing: apt install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()
