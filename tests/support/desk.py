"""What somebody does at a document's page, in the words of somebody who does it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Browser
from tests.support.site import Account
from tests.support.until import until

_READ = """editor => {
  const copy = editor.cloneNode(true)
  for (const drawn of copy.querySelectorAll('.caret, [class*=ProseMirror-]')) drawn.remove()
  return [...copy.children].map(block => block.textContent.replace(/[\\u2060\\u200b\\ufeff]/g, '')).join('\\n')
}"""


class Desk:
    """One open document page. `page` is there for what has no verb here."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    def of(cls, browser: Browser, account: Account, document_id: str) -> Desk:
        return cls(browser.open(f"d/{document_id}/", account)).ready()

    def ready(self) -> Desk:
        """Once the editor has taken the place of the text that the server rendered."""
        expect(self.page.locator("#editor.is-live")).to_be_visible(timeout=15_000)
        return self

    # --- writing ------------------------------------------------------------------------------------------------

    @property
    def editor(self) -> Locator:
        return self.page.locator("#editor .ProseMirror")

    @property
    def text(self) -> str:
        """The blocks' words, without what is drawn between them: others' carets and ProseMirror's own helpers."""
        return str(self.editor.evaluate(_READ))

    def write(self, words: str, *, at_end: bool = True) -> None:
        """Type at the end, or the beginning, of the first block."""
        self.editor.locator(":scope > *").first.click()
        self.page.keyboard.press("End" if at_end else "Home")
        self.settle()
        self.page.keyboard.type(words)

    def go_to(self, words: str) -> None:
        """The caret to the end of the line that has these words."""
        self.editor.get_by_text(words).first.click()
        self.page.keyboard.press("End")
        self.settle()

    def sees(self, words: str, within: float = 10) -> None:
        until(lambda: words in self.text, f"{words!r} is there", within=within)

    def saved(self) -> None:
        """Until the page says so."""
        expect(self.page.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=15_000)

    def select(self, words: str) -> None:
        """Select words that stand within one text node, as a person would with the mouse."""
        self.editor.evaluate(
            """(editor, words) => {
              const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT)
              while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words)
                if (at < 0) continue
                editor.focus()
                getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length)
                return
              }
              throw new Error(`${words} is not there`)
            }""",
            words,
        )
        self.settle()

    def settle(self) -> None:
        """Browsers tell the editor of a new selection a moment later; nobody's next key is as fast as this one's."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))")

    # --- beside the text ------------------------------------------------------------------------------------------

    def comment(self, words: str, body: str) -> None:
        """Select, take what the selection offers, and write."""
        self.select(words)
        self.page.locator(".bubble [data-tool=comment]").click()
        form = self.page.locator("#comment-form")
        form.locator("textarea").fill(body)
        form.get_by_role("button", name="Comment").click()

    def thread(self, body: str) -> Locator:
        return self.page.locator("article.thread", has_text=body)
