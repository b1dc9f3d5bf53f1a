"""The languages the product is said in; docs_app.views.language decides which of them a request is answered in."""

from __future__ import annotations

from django.conf import settings
from django.conf.global_settings import LANGUAGES
from django.utils.translation import get_language_info

TEXT_LANGUAGES = dict(
    sorted(
        ((code, get_language_info(code)["name_local"]) for code, _ in LANGUAGES), key=lambda item: item[1].casefold()
    )
)
"""Those that a document can be said to be written in, each by its own name."""


def known(code: str) -> str:
    """`code` if we have a catalogue for it, else the sources' own language: for what comes from outside."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
