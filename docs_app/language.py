"""The languages the product is said in; docs_app.views.language decides which of them a request is answered in."""

from __future__ import annotations

from django.conf import settings


def known(code: str) -> str:
    """`code` if we have a catalogue for it, else the sources' own language: for what comes from outside."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
