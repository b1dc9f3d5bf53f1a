"""Without a mouse: from signing in to a finished, shared document, and back. The focus is never lost, always seen."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.site import Account, Site
from tests.support.until import until
from tests.support.wire import text_of

# What a screen reader would call it, roughly, and whether anybody can see that it has the focus. Browsers tell the
# editor of a new selection a moment late; nobody's next key is as fast as this one's.
_FOCUSED = """async () => {
  await new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))
  const at = document.activeElement
  if (!at || at === document.body) return [false, "nothing"]
  const name = at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent
  const shown = at.getClientRects().length > 0 && getComputedStyle(at).visibility === "visible"
  const isText = at.isContentEditable || at.matches("main, dialog, #preview")
  const seen = isText || getComputedStyle(at).outlineStyle !== "none"
  return [shown && at.matches(":focus-visible") && seen, name.trim().replace(/\\s+/g, " ")]
}"""


class Keys:
    """Somebody's keyboard. After each key the focus must be somewhere that can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def at(self) -> str:
        """The name of what has the focus. Raises AssertionError when that is nothing, or nothing that shows it."""
        seen, name = self.page.evaluate(_FOCUSED)
        assert seen, f"the focus is not to be seen at “{name}”"
        return str(name)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.at  # noqa: B018 (it looks)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def go_to(self, name: str, by: str = "Tab") -> None:
        """Press Tab, or an arrow, until something of this name has the focus."""
        met = []
        for _ in range(40):
            self.press(by)
            met.append(self.at)
            if re.fullmatch(name, met[-1]):
                return
        raise AssertionError(f"{by} never comes to “{name}”: {met}")

    def leave(self, *keys: str) -> None:
        """Keys that lead to another page, where nothing has the focus yet."""
        with self.page.expect_navigation():
            for key in keys:
                self.page.keyboard.press(key)


def sign_in(keys: Keys, account: Account) -> None:
    keys.page.goto("accounts/login/")
    if keys.page.evaluate("() => document.activeElement === document.body"):
        keys.go_to("Login")
    keys.type(account.name)
    keys.go_to("Password")
    keys.type(account.password)
    keys.leave("Enter")


def write(keys: Keys) -> None:
    """A heading, a list with a link in it, and a table with a column made wider."""
    keys.go_to("Text of the document")
    keys.press("Control+Alt+1")
    keys.type("Agenda")
    keys.press("Enter")
    keys.type("- Read the minutes")
    keys.press("Control+Shift+ArrowLeft", "Control+k")
    assert keys.at == "Address"
    keys.type("example.org/minutes")
    keys.press("Enter")
    assert keys.at == "Text of the document"
    keys.press("End", "Enter", "Enter")
    keys.type("/table")
    expect(keys.page.get_by_role("listbox", name="Insert a block")).to_be_visible()
    keys.press("Enter")
    keys.type("Who")
    keys.press("Alt+F10")
    keys.go_to("Wider column", by="ArrowRight")
    keys.press("Enter")
    assert keys.at == "Text of the document"
    keys.press("Tab")
    keys.type("What")


def comment(keys: Keys, words: str) -> None:
    # Twice: to ProseMirror a caret that is at the beginning within 200 ms of the focus was put there by the browser.
    keys.press("Control+Home", "Control+Home", "Shift+End")
    expect(keys.page.get_by_role("toolbar", name="Selection")).to_be_visible()
    keys.press("Control+Alt+m")
    assert keys.at == "Comment"
    keys.type(words)
    keys.press("Control+Enter")
    expect(keys.page.locator("article.thread", has_text=words)).to_be_visible()


def share(keys: Keys, name: str) -> None:
    keys.go_to("Share", by="Shift+Tab")
    keys.press("Enter")
    expect(keys.page.locator("#share-dialog")).to_be_visible()
    keys.go_to("Username or e-mail address")
    keys.type(name)
    keys.go_to("Share")
    keys.press("Enter")
    expect(keys.page.get_by_label(f"Role of {name.title()}")).to_have_value("40")
    assert keys.at
    keys.press("Escape")
    assert keys.at == "Share"


def look_at_history(keys: Keys) -> None:
    keys.press("Control+Alt+Shift+h")
    assert keys.at == "Close the history"
    keys.go_to("Name the text as it is now")
    keys.type("For Grace")
    keys.page.keyboard.press("Enter")
    expect(keys.page.locator(".snapshot-link", has_text="For Grace")).to_be_visible()
    keys.go_to(".*For Grace.*")
    keys.press("Enter")
    expect(keys.page.locator("#preview")).to_contain_text("Agenda")
    keys.go_to("As it was|Restore")
    keys.press("Escape")
    assert "For Grace" in keys.at
    keys.press("Escape")
    assert keys.at == "History"


def test_a_document_is_written_and_shared_by_keys_alone(browser: Browser, site: Site) -> None:
    ada, grace = site.enrol("keyboarder", "colleague")
    keys = Keys(browser.open("accounts/login/"))
    sign_in(keys, ada)
    keys.press("Tab")
    assert keys.at == "Skip to the content"
    keys.press("Enter")
    keys.go_to("New document")
    keys.leave("Enter")
    desk = Desk(keys.page).ready()
    document_id = desk.page.url.rstrip("/").rpartition("/")[2]
    keys.go_to("Title")
    keys.press("Control+a")
    keys.type("By keys alone")
    keys.press("Enter")
    write(keys)
    comment(keys, "Is that all?")
    share(keys, grace.name)
    look_at_history(keys)
    keys.go_to("All documents", by="Shift+Tab")
    keys.leave("Enter")
    expect(keys.page.get_by_role("link", name="By keys alone")).to_be_visible()
    until(lambda: "minutes" in text_of(site, grace, document_id), "Grace may read it")
    other = Desk.of(browser, grace, document_id)
    expect(other.editor.get_by_role("heading", name="Agenda")).to_be_visible()
    expect(other.editor.get_by_role("link", name="minutes")).to_have_attribute(
        "href", re.compile("example.org/minutes")
    )
    expect(other.thread("Is that all?")).to_be_visible()
    assert float(other.editor.locator("col").first.evaluate("col => parseFloat(col.style.width)")) > 0
