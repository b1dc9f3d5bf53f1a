"""What a script of the page says to people: what is translated, and what reads as words and is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

TRANSLATE = {"t", "tn", "tp"}
_INSERTED = r"\$\{(?:\[(?:\\.|[^\]\\])*\]|[^{}`\[]|\{[^{}]*\}|`[^`]*`)*\}"
_TOKEN = re.compile(
    rf"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<literal> "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `(?:[^`\\$]|\\.|\$(?!\{{)|{_INSERTED})*` )
    | (?P<regex> (?<=[=(,:\[!&|?\n]) [ ]? /(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/ )
    | (?P<name> [\w.#]+ )
    | (?P<sign> \S )
    """,
    re.DOTALL | re.VERBOSE,
)
_SENTENCE = re.compile(
    r"""
    \b[A-Z][a-z’]+[ ]\w           # Copy my text
    | ^[A-Z][a-z]+[.…:]?$       # Editing
    | \b[a-z’]+[ ][a-z’]+[ ][a-z’]+\b(?![-=(])   # kept on this device
    | \b[a-z’]+[ ][a-z’]+\.$    # has joined.
    | [a-z]…
    """,
    re.VERBOSE,
)


def is_said(text: str) -> bool:
    return _SENTENCE.search(text) is not None and not text.lstrip().startswith("<")


def literals(script: str) -> Iterator[str]:
    """Those that read as words and stand in no call that translates them."""
    return (words for words, is_translated in _all(script) if not is_translated and is_said(words))


def translated(script: str) -> Iterator[str]:
    """Sentences, their other forms, and contexts."""
    return (words for words, is_translated in _all(script) if is_translated and words)


def _all(script: str) -> Iterator[tuple[str, bool]]:
    calls: list[str] = []
    name = ""
    for token in _TOKEN.finditer(script):
        match token.lastgroup, token[0]:
            case "sign", "(":
                calls.append(name)
            case "sign", ")" if calls:
                calls.pop()
            case "literal", literal:
                yield from _parts(literal, is_translated=bool(calls) and calls[-1] in TRANSLATE)
        if token.lastgroup != "comment":
            name = token[0] if token.lastgroup == "name" else ""


def _parts(literal: str, *, is_translated: bool) -> Iterator[tuple[str, bool]]:
    words = literal[1:-1]
    if literal.startswith("`"):
        for inserted in re.findall(_INSERTED, words, re.DOTALL):
            yield from _all(inserted[2:-1])
        words = re.sub(_INSERTED, "", words, flags=re.DOTALL)
    yield words, is_translated
