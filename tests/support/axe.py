"""What axe-core finds fault with in an open page, and what it does not look at: the size of targets, and the width."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.support.site import ROOT

_SOURCE = ROOT / "tests" / "support" / "js" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """([within, rules, tags]) => axe
  .run(within || document, {
    runOnly: rules.length ? { type: "rule", values: rules } : { type: "tag", values: tags },
    resultTypes: ["violations"],
    preload: false,
  })
  .then(({ violations }) => violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, any, all, none }) => `${id} (${impact}): ${target.join(" ")}: ` +
      ([...all, ...none, ...any][0]?.message ?? ""))))"""

# A link within a sentence may be as high as its line. A label is part of what it labels.
_SMALL_TARGETS = """([within, least]) => {
  const kinds = "a[href], button, input:not([type=hidden], :disabled), select, textarea, [role=button], " +
    "summary:not(.details-body > *), [role=option], " +
    "[role=menuitem], [role=menuitemcheckbox], [role=slider], [contenteditable=true] [tabindex='0']"
  const isInSentence = target => {
    if (!/^inline(-block)?$/.test(getComputedStyle(target).display) || target.matches(".button")) return false
    return target.closest("p, li > span")?.textContent.trim().length > target.textContent.trim().length
  }
  const isShown = target => target.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !target.closest("[inert], [aria-hidden=true]")
  const boxOf = target => {
    const boxes = [target, ...(target.labels ?? [])].map(part => part.getBoundingClientRect())
    return [Math.max(...boxes.map(box => box.width)), Math.max(...boxes.map(box => box.height))]
  }
  const root = within ? document.querySelector(within) : document
  return [...root.querySelectorAll(kinds)]
    .filter(target => isShown(target) && !isInSentence(target) && !target.classList.contains("skip-link"))
    .map(target => [target, boxOf(target)])
    .filter(([, [width, height]]) => Math.min(width, height) < least - 0.5)
    .map(([target, sides]) => `${target.tagName.toLowerCase()}.${target.className} ` +
      `“${target.getAttribute("aria-label") ?? target.textContent.trim()}”: ${sides.map(Math.round).join(" × ")}`)
}"""


@cache
def _source() -> str:
    return _SOURCE.read_text()


def violations(page: Page, within: str = "", rules: Sequence[str] = ()) -> list[str]:
    """Each element that breaks a rule of WCAG 2.2 A or AA, or what axe calls good practice, and how."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: list[Any] = page.evaluate(_RUN, [within, list(rules), _TAGS])
    return [str(each) for each in found]


def small_targets(page: Page, within: str = "", least: int = 44) -> list[str]:
    """What can be pressed and is less than `least` CSS pixels wide or high."""
    return [str(each) for each in page.evaluate(_SMALL_TARGETS, [within, least])]


def too_wide(page: Page) -> int:
    """By how many CSS pixels the page is wider than the window."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
