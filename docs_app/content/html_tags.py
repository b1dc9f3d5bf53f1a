"""HTML as it is written: tags whose attributes and text are always escaped, and the list of those that may appear."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import nh3

_CELL = {"colspan", "rowspan", "data-colwidth", "align"}
_ALIGNED = {"data-align"}
_ALLOWED: dict[str, set[str]] = {
    "a": {"class", "href", "title", "rel", "download", "data-document"},
    "code": {"class"},
    "div": {"class", "id", "role", "aria-label", "data-kind", "data-note", "data-size"},
    "figure": {"class"} | _ALIGNED,
    "img": {"src", "alt", "title", "width", "loading"},
    "input": {"type", "aria-label", "disabled", "checked"},
    "li": {"class", "data-level"},
    "mark": {"data-color"},
    "nav": {"class", "aria-label"},
    "ol": {"start", "type"},
    "p": _ALIGNED,
    "span": {"class", "data-thread", "data-color", "data-person"},
    "sup": {"class", "data-note"},
    "td": _CELL,
    "th": _CELL,
    "time": {"class", "datetime"},
    "ul": {"class"},
    **{f"h{level}": {"id"} | _ALIGNED for level in range(1, 7)},
}
_BLOCKS = {"blockquote", "pre", "hr", "table", "tbody", "tr", "figcaption", "details", "summary"}
_TAGS = {*_ALLOWED, *_BLOCKS, "br", "strong", "em", "s", "u", "sub", "ins", "del"}
_SCHEMES = {"http", "https", "mailto", "tel"}


def cleaned(html: str) -> str:
    """`html` without anything that no document's rendering holds."""
    return nh3.clean(html, tags=_TAGS, attributes=_ALLOWED, url_schemes=_SCHEMES, link_rel=None)


def tag(name: str, attributes: Mapping[str, object]) -> str:
    """An opening tag with those attributes that have a value."""
    written = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{written}>"


def element(name: str, attributes: Mapping[str, object], inner: str = "", *, text: str = "") -> str:
    """An element around `inner`, which is HTML, and `text`, which is not."""
    return f"{tag(name, attributes)}{inner}{escape(text)}</{name}>"
