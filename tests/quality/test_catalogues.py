"""Every language has every sentence, the server's and the page's, with the values that belong in it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from project.languages import catalogues, extraction
from project.languages.places import languages

VALUE = re.compile(r"\{\w+\}|%\(\w+\)s")


def forms(sentence: Any) -> tuple[str, ...]:
    return (sentence,) if isinstance(sentence, str) else tuple(sentence)


@pytest.mark.parametrize("language", languages())
def test_every_sentence_has_its_translation_with_its_values(language: str) -> None:
    """A form for a number of its own, such as Arabic's for two, may say that number in words."""
    catalogue = catalogues.read(language)
    said = [message for message in extraction.template() if message.id]
    assert len(said) > 500
    for message in said:
        translated = catalogue.get(message.id, message.context)
        assert translated is not None and catalogues.is_translated(translated), message.id
        wanted = {value for form in forms(message.id) for value in VALUE.findall(form)}
        may_miss = {"{n}", "%(n)s"} if isinstance(message.id, tuple) else set()
        for form in forms(translated.string):
            assert wanted - may_miss <= set(VALUE.findall(form)) <= wanted, form
