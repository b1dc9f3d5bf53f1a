"""A real server with its people and documents, and browsers to look at it with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.gallery.cast import TEXTS, Cast
from tests.gallery.looks import Look
from tests.support.browser import Browser, running_chromium
from tests.support.desk import Desk
from tests.support.site import Account, Site, new_site, prepare_ground


@dataclass(frozen=True, slots=True)
class Set:
    """What scenes of one cast find on the site: ids, the token of a link, and the people in the cast's order."""

    cast: Cast
    people: Sequence[Account]
    document: str
    trashed: str
    snapshot: str
    token: str


class Stage:
    """One look at one set. Pages are opened for people by their place in the cast, None being a stranger."""

    def __init__(self, browser: Browser, look: Look, scenery: Set) -> None:
        self.browser = browser
        self.look = look
        self.set = scenery

    @property
    def cast(self) -> Cast:
        return self.set.cast

    @property
    def is_phone(self) -> bool:
        return self.look.width < 768

    @property
    def document(self) -> str:
        return f"d/{self.set.document}/"

    def open(self, path: str, who: int | None = 0) -> Page:
        account = None if who is None else self.set.people[who]
        context = self.browser.person(account, **self.look.context)
        page = context.new_page()
        page.goto(path)
        return page

    def desk(self, who: int = 0) -> Desk:
        return Desk(self.open(self.document, who)).ready()

    def leave(self, keep: int = 0) -> None:
        """Close all browsers but the first so many."""
        for context in self.browser.contexts[keep:]:
            context.close()
        del self.browser.contexts[keep:]


@contextmanager
def playing(folder: Path) -> Iterator[tuple[Chromium, Site]]:
    """A Chromium, and a server that runs in `folder`."""
    with running_chromium() as chromium:
        site = new_site(prepare_ground(folder / "ground"), folder / "var").start()
        try:
            yield chromium, site
        finally:
            site.terminate()


def build(chromium: Chromium, site: Site, cast: Cast) -> Set:
    """Enrol the cast, and have it write."""
    # Colours go by the number of an account: with one before them, the first three have colours far apart.
    people = site.enrol(f"clerk-{cast.language}", *cast.people)[1:]
    picture = site.var_dir / "room.png"
    _draw(chromium, picture)
    furnish = "from tests.gallery.furnish import furnish\nresult = furnish(language, picture)"
    made = site.python(furnish, language=cast.language, picture=str(picture))
    return Set(cast=cast, people=people, **made)


def _draw(chromium: Chromium, target: Path) -> None:
    page = chromium.new_page(viewport={"width": 1120, "height": 470})
    page.set_content(f"<style>body {{ margin: 0 }}</style>{(TEXTS / 'room.svg').read_text()}")
    page.screenshot(path=target)
    page.close()
