"""Where the catalogues lie, and what is made of them."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "docs_app" / "locale"
PAGE = ROOT / "static" / "languages"


def languages() -> list[str]:
    """The codes of those there is a catalogue of; English is the sources' own."""
    return sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


def catalogue_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"
