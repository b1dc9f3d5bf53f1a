"""What a template says to people: its text and the attributes that are read out or shown, apart from what is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

SHOWN = ("aria-label", "aria-description", "title", "placeholder", "alt", "data-confirm")
_APART = {
    "{% blocktranslate": "{% endblocktranslate",
    "{% comment": "{% endcomment",
    "<script": "</script",
    "<style": "</style",
}
_NOT_WORDS = re.compile(r"\{% block (page_class|skip_to) %\}")
_TAG = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
_TOKEN = re.compile(rf"{_TAG}|<!--.*?-->|<(?:{_TAG}|[^<>])*>|[^<{{]+|.", re.DOTALL)
_ATTRIBUTE = re.compile(rf'\s({"|".join(SHOWN)})="((?:{_TAG}|[^"])*)"', re.DOTALL)
_SUBMIT = re.compile(
    rf'<input\b(?:{_TAG}|[^<>])*\btype="submit"(?:{_TAG}|[^<>])*\s(value)="((?:{_TAG}|[^"])*)"', re.DOTALL
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# A proper name, and what a colon or an entity leaves behind.
_SAME_EVERYWHERE = re.compile(r"Scriptorium|&\w+;")


def tokens(template: str) -> list[str]:
    return _TOKEN.findall(template)


def is_said(text: str) -> bool:
    """Whether there is a word in it that is another in other languages."""
    return _WORD.search(_SAME_EVERYWHERE.sub("", re.sub(_TAG, "", text, flags=re.DOTALL))) is not None


def attributes(token: str) -> Iterator[re.Match[str]]:
    yield from _ATTRIBUTE.finditer(token)
    yield from _SUBMIT.finditer(token)


def literals(template: str) -> Iterator[str]:
    """The words that no {% translate %} stands around."""
    hidden = ""  # what ends the part that is not said, or is translated as a whole
    for before, token in pairwise(["", *tokens(template)]):
        if hidden:
            hidden = "" if token.startswith(hidden) else hidden
        elif token.startswith("{"):
            hidden = next((end for begin, end in _APART.items() if token.startswith(begin)), "")
        elif token.startswith("<"):
            yield from (value for value in map(_untranslated, attributes(token)) if is_said(value))
            hidden = next((end for begin, end in _APART.items() if token.startswith(begin)), "")
        elif is_said(token) and not _NOT_WORDS.match(before):
            yield token.strip()


def _untranslated(attribute: re.Match[str]) -> str:
    """The value, without what is translated in it: there, blocktranslate stands in the same token."""
    return re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", "", attribute[2], flags=re.DOTALL)
