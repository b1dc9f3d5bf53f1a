"""Frames that wait before a page sees them: what two people do at the same moment, without luck."""

from __future__ import annotations

from playwright.sync_api import Page

# For add_init_script. What comes in waits in `held` while there is such a list.
HOLD_FRAMES = """
const { get, set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onmessage')
Object.defineProperty(WebSocket.prototype, 'onmessage', { get, set(handler) {
  set.call(this, event => window.held ? held.push(() => handler(event)) : handler(event))
} })
"""

_RELEASE = """() => {
  const frames = held
  window.held = null
  for (const take of frames) take()
}"""


def hold(page: Page) -> None:
    page.evaluate("() => { window.held = [] }")


def release(page: Page) -> None:
    page.evaluate(_RELEASE)
