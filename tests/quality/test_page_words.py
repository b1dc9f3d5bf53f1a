"""What the page says is in every language: it goes through static/src/words.ts, and each catalogue has it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from project.languages import extraction
from tests.quality.test_catalogues import forms
from tests.quality.tree import sources
from tests.support.page_words import literals, translated
from tests.support.site import ROOT

# Keys of the keyboard, and what the browser calls things.
OF_THE_BROWSER = {"Enter", "Escape", "Tab", "Home", "End", "Backspace", "Delete", "Files"}
# Names that are the same everywhere, and what programmers read.
NOT_SAID = {
    "editor/blocks/code_block.ts": {*("Bash", "Diff", "Go", "Java", "Kotlin", "Less", "Lua", "Makefile", "Markdown")}
    | {*("Perl", "Python", "Ruby", "Rust", "Swift")},
    "editor/blocks/media.ts": {"noopener noreferrer nofollow"},
    "editor/find/form.ts": {"Aa"},
    "editor/mentions/titles.ts": {"The site answers ."},
    "page_config.ts": {"The page has no #page-config."},
    "paste/chip.ts": {"Markdown"},
}


def scripts() -> Iterator[tuple[str, str]]:
    """By their names below static/src/, without tests."""
    for path, script in sources(".ts"):
        name = path.as_posix().removeprefix("static/src/")
        if name != path.as_posix() and not re.search(r"\.(test|d)\.ts$|^testing/", name):
            yield name, script


def test_every_sentence_of_the_page_is_handed_to_a_translator() -> None:
    found = {name: set(literals(script)) - OF_THE_BROWSER - NOT_SAID.get(name, set()) for name, script in scripts()}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_extraction_misses_none_of_them() -> None:
    """It reads no braces in `${…}`."""
    known = {part for each in extraction.template() for part in (*forms(each.id), each.context)}
    assert [(name, words) for name, script in scripts() for words in translated(script) if words not in known] == []


def test_style_sheets_have_their_words_from_a_script() -> None:
    """`var(--word-…, "English")`, of ui/style_words.ts."""
    own = [(path.name, text) for path, text in sources(".css") if path.parts[:2] == ("static", "src")]
    assert [(name, said) for name, text in own for said in re.findall(r'content: "[^"]*[A-Za-z]{2}[^"]*"', text)] == []
    words = (ROOT / "static" / "src" / "ui" / "style_words.ts").read_text()
    for _, text in own:
        for variable, english in re.findall(r'var\((--word-[\w-]+), "([^"]+)"\)', text):
            assert f'"{variable}": t("{english}")' in words
