"""Hostile HTML, pasted by a real event into a page without its security policy: nothing runs, nothing is fetched.

The policy would stop most of it. It is switched off here, for what is shown is that the paste does.
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any

from playwright.sync_api import Page

from tests.e2e.hostile_html import REFUSED, payloads
from tests.support.browser import Browser
from tests.support.desk import Desk
from tests.support.site import Site
from tests.support.wire import new_document

_numbers = count()
_PASTE_ALL = """async payloads => {
  const surface = document.querySelector('#editor .ProseMirror')
  const { editor } = surface
  const found = []
  for (const html of payloads) {
    editor.chain().clearContent().focus().run()
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/html', `<p>first</p>${html}`)
    surface.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    const deadline = Date.now() + 10000
    const error = '#notices .toast[data-kind=error]'
    const isRefused = () => document.querySelector(error)?.textContent.includes('was pasted')
    while (editor.isEmpty && !isRefused() && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve))
    found.push(editor.getJSON())
    for (const toast of document.querySelectorAll('#notices .toast')) toast.remove()
    await new Promise(resolve => setTimeout(resolve))
  }
  return found
}"""
DEEPEST = 64  # levels that the server reads
SAFE = ("http:", "https:", "mailto:", "tel:", "/")
# Of all this, these may come out: text, and the boxes that it stood in.
KINDS = {"doc", "paragraph", "text", "heading", "blockquote", "bulletList", "listItem", "codeBlock", "callout"}
KINDS |= {"details", "detailsSummary", "detailsContent", "table", "tableRow", "tableCell", "inlineMath", "blockMath"}


def nodes(node: Any) -> list[Any]:
    return [node, *(found for child in node.get("content", []) for found in nodes(child))]


def words(document: Any) -> str:
    return "".join(node.get("text", "") for node in nodes(document))


def links(document: Any) -> list[str]:
    marks = [mark for node in nodes(document) for mark in node.get("marks", []) if mark["type"] == "link"]
    return [mark["attrs"]["href"] for mark in marks]


def opened(browser: Browser, site: Site) -> Page:
    (account,) = site.enrol(f"victim{next(_numbers)}")
    page = browser.person(account, bypass_csp=True).new_page()
    page.add_init_script("window.runs = []; window.ran = value => window.runs.push(value)")
    page.goto(f"d/{new_document(site, account, 'Begin.')}/")
    Desk(page).ready()
    page.locator("#editor .ProseMirror").click()
    return page


def test_five_hundred_hostile_pastes_are_words_and_nothing_else(browser: Browser, site: Site) -> None:
    hostile = payloads()
    assert len(hostile) >= 500
    page = opened(browser, site)
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    found = page.evaluate(_PASTE_ALL, [html for html, _ in hostile])
    assert page.evaluate("() => window.runs") == []
    ours = re.compile(rf"{site.url}static/(lazy|fonts)/")  # what emphasised words are drawn with, for one
    assert [url for url in asked if not ours.match(url)] == []
    for (html, left), document in zip(hostile, found, strict=True):
        name = html[:200]
        assert squeezed(words(document)) == squeezed("" if left == REFUSED else f"first{left}"), (name, document)
        assert {node["type"] for node in nodes(document)} <= KINDS, (name, document)
        assert all(href.startswith(SAFE) for href in links(document)), (name, links(document))
        assert depth(document) <= DEEPEST, name


def squeezed(text: str) -> str:
    return "".join(text.split())


def depth(node: Any) -> int:
    return 1 + max((depth(child) for child in node.get("content", [])), default=0)
