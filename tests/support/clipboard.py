"""A clipboard for pages: whatever programs put there, pasted by a real event; and what the editor then holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from tests.support.until import until

_PASTE = """types => {
  const clipboardData = new DataTransfer()
  for (const [type, data] of Object.entries(types)) clipboardData.setData(type, data)
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
  document.querySelector('#editor .ProseMirror').dispatchEvent(event)
}"""
_COPY = """() => {
  const clipboardData = new DataTransfer()
  const event = new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true })
  document.querySelector('#editor .ProseMirror').dispatchEvent(event)
  return Object.fromEntries([...clipboardData.types].map(type => [type, clipboardData.getData(type)]))
}"""
_CONTENT = "() => document.querySelector('#editor .ProseMirror').editor.getJSON()"
_EMPTY = "() => document.querySelector('#editor .ProseMirror').editor.chain().clearContent().focus().run()"


def paste(page: Page, types: Mapping[str, str]) -> None:
    """`types`: what is on the clipboard, by media type."""
    page.evaluate(_PASTE, dict(types))


def copy(page: Page) -> dict[str, str]:
    """What copying the selection puts on the clipboard, by media type."""
    found: dict[str, str] = page.evaluate(_COPY)
    return found


def content(page: Page) -> Any:
    """The editor's JSON, without what is not set."""
    return said(page.evaluate(_CONTENT))


def pasted(page: Page, types: Mapping[str, str]) -> Any:
    """The content of an empty document after this has been pasted into it."""
    page.evaluate(_EMPTY)
    before = content(page)
    paste(page, types)
    until(lambda: content(page) != before, "something is pasted")
    return content(page)


_USUAL = {"target": "_blank", "rel": "noopener noreferrer nofollow", "colspan": 1, "rowspan": 1}


def said(node: Any) -> Any:
    """JSON of a node without the attributes that say nothing."""
    if isinstance(node, list):
        return [said(child) for child in node]
    if not isinstance(node, dict):
        return node
    kept = {key: said(value) for key, value in node.items() if key != "attrs"}
    attrs = {key: value for key, value in node.get("attrs", {}).items() if value not in (None, _USUAL.get(key))}
    return kept | ({"attrs": attrs} if attrs else {})
