"""What people type as names, titles and remarks, made fit to keep and to show. HTML stays what it is: text."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext

from docs_app.errors import Refused

# They reorder what stands around them, so that a name could pass for another, or turn the page's own words round.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Letters and signs by their category, and drawn as nothing: a name of them could be neither read nor clicked.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_UNSEEN_ALONE = ("Cf", "Mn", "Zs")


def clean_line(text: str, *, what: str, limit: int) -> str:
    """One line: trimmed, spaces single, without control characters; "" if nothing of it can be seen.

    Raises Refused beyond `limit` characters.
    """
    line = " ".join(_shown(" ".join(text.split())).split())
    if len(line) > limit:
        raise Refused(_too_long(what, limit, len(line)))
    return line if _is_seen(line) else ""


def clean_name(text: str, *, what: str, limit: int) -> str:
    """A line that must not be empty. Raises Refused."""
    line = clean_line(text, what=what, limit=limit)
    if not line:
        raise Refused(gettext("%(what)s must not be empty.") % {"what": what})
    return line


def clean_body(text: str, *, what: str, limit: int) -> str:
    """Text of several lines, not empty, without control characters. Raises Refused."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body = "\n".join(map(_shown, lines)).strip()
    if not _is_seen(body):
        raise Refused(gettext("%(what)s must not be empty.") % {"what": what})
    if len(body) > limit:
        raise Refused(_too_long(what, limit, len(body)))
    return body


def _too_long(what: str, limit: int, length: int) -> str:
    sentence = gettext("%(what)s may have %(limit)s characters; this has %(length)s.")
    return sentence % {"what": what, "limit": limit, "length": length}


def _is_seen(text: str) -> bool:
    return any(
        character not in _BLANKS and unicodedata.category(character) not in _UNSEEN_ALONE
        for character in text
        if character != "\n"
    )


def _shown(line: str) -> str:
    """Without control characters, halves of surrogate pairs, and what turns the direction of reading."""
    return "".join(
        character
        for character in line.replace("\t", " ")
        if character not in _BIDI_CONTROLS and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
    )
