"""Which values the attributes of nodes and marks may have. One that may not becomes the default.

Where the default is itself no value that the attribute may have, the node or mark cannot be without it: a link without
an address, an image without a file. Knows single values only, not where a node may stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from docs_app.content.links import UUID, own_file, safe_href
from docs_app.content.nodes import Attrs

MAX_COLSPAN = 100
MAX_ROWSPAN = 1000
MAX_WORD = 8000  # characters of an attribute, a formula or an address above all
MAX_FILE_BYTES = 2**50
IMAGE_WIDTHS = (24, 4000)  # pixels
CALLOUTS = ("note", "tip", "important", "warning", "caution")
COLORS = ("gray", "brown", "orange", "yellow", "green", "teal", "blue", "purple", "red")
ILLEGAL = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE = re.compile(r"[^\s`]{1,64}")
_NOTE = re.compile(r"[\w-]{1,64}")
_PERSON = re.compile(r"user:[1-9][0-9]{0,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LIST_TYPES = ("1", "a", "A", "i", "I")
_SIDES = ("left", "center", "right")

Check = Callable[[Any], bool]


def settle_attrs(name: str, raw: object, defaults: Attrs) -> Attrs:
    """All attributes of the node or mark, those of a wrong kind as their default."""
    given = raw if isinstance(raw, Mapping) else {}
    attrs = {}
    for key, default in defaults.items():
        value = _integers(given.get(key, default))
        attrs[key] = value if _CHECKS[name, key](value) else default
    return attrs


def is_complete(name: str, attrs: Attrs) -> bool:
    """Whether settled attributes hold all that the node or mark cannot be without."""
    return all(_CHECKS[name, key](value) for key, value in attrs.items())


def _integers(value: Any) -> Any:
    """The CRDT gives every number back as a float."""
    if isinstance(value, list):
        return [_integer(item) for item in value[:MAX_COLSPAN]]
    return _integer(value)


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _between(low: int, high: int) -> Check:
    return lambda value: type(value) is int and low <= value <= high


def _one_of(*values: str) -> Check:
    return lambda value: isinstance(value, str) and value in values


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_WORD and not ILLEGAL.search(value)


def _is_language(value: Any) -> bool:
    return _is_word(value) and _LANGUAGE.fullmatch(value) is not None


def _is_note(value: Any) -> bool:
    return isinstance(value, str) and _NOTE.fullmatch(value) is not None


def _is_person(value: Any) -> bool:
    return isinstance(value, str) and _PERSON.fullmatch(value) is not None


def _is_document(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(UUID, value) is not None


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_colwidth(value: Any) -> bool:
    pixels = _or_none(_between(0, 100_000))
    return value is None or (isinstance(value, list) and all(map(pixels, value)))


def _is_address(value: Any) -> bool:
    return _is_word(value) and safe_href(value) is not None


def _is_file(value: Any) -> bool:
    return isinstance(value, str) and own_file(value) is not None


_CHECKS: Mapping[tuple[str, str], Check] = {
    ("paragraph", "textAlign"): _or_none(_one_of(*_SIDES, "justify")),
    ("heading", "textAlign"): _or_none(_one_of(*_SIDES, "justify")),
    ("heading", "level"): _between(1, 6),
    ("orderedList", "start"): _between(0, 999_999_999),
    ("orderedList", "type"): _or_none(_one_of(*_LIST_TYPES)),
    ("taskItem", "checked"): lambda value: isinstance(value, bool),
    ("codeBlock", "language"): _or_none(_is_language),
    **{
        (cell, key): check
        for cell in ("tableCell", "tableHeader")
        for key, check in (
            ("colspan", _between(1, MAX_COLSPAN)),
            ("rowspan", _between(1, MAX_ROWSPAN)),
            ("colwidth", _is_colwidth),
            ("align", _or_none(_one_of(*_SIDES))),
        )
    },
    ("image", "src"): _is_file,
    ("image", "alt"): _or_none(_is_word),
    ("image", "title"): _or_none(_is_word),
    ("image", "width"): _or_none(_between(*IMAGE_WIDTHS)),
    ("image", "align"): _or_none(_one_of(*_SIDES)),
    ("file", "src"): _is_file,
    ("file", "name"): _is_word,
    ("file", "size"): _or_none(_between(0, MAX_FILE_BYTES)),
    ("embed", "href"): _is_address,
    ("embed", "title"): _or_none(_is_word),
    ("callout", "kind"): _one_of(*CALLOUTS),
    ("blockMath", "latex"): _is_word,
    ("inlineMath", "latex"): _is_word,
    ("footnote", "note"): _is_note,
    ("footnoteReference", "note"): _is_note,
    ("personMention", "person"): _is_person,
    ("personMention", "name"): _is_word,
    ("documentMention", "document"): _is_document,
    ("dateMention", "date"): _is_day,
    ("link", "href"): _is_address,
    **{("link", key): _or_none(_is_word) for key in ("target", "rel", "class", "title")},
    ("highlight", "color"): _or_none(_one_of(*COLORS)),
    ("textColor", "color"): _one_of(*COLORS),
    ("comment", "thread"): lambda value: value != "" and _is_word(value),
}
