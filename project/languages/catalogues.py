"""Catalogues, brought up to date with the sources, and compiled for those who load them.

The server loads a .mo file, as gettext does. The page loads a script with the sentences that the page says, which hands
them to static/src/words.ts in one object.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from project.languages.places import PAGE, catalogue_file

_SAID_BY_THE_PAGE = ("static/", "collab/", "docs_app/socket/")
_BETWEEN_CONTEXT_AND_SENTENCE = "\x04"  # as in .mo files
# What would differ with every extraction, and what is nobody's address.
_NEEDLESS = "POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By"
_HEADERS = re.compile(rf'^"(?:{_NEEDLESS}): .*\n', re.MULTILINE)


def read(language: str) -> Catalog:
    path = catalogue_file(language)
    if not path.is_file():
        return Catalog(locale=language, domain="django", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update(language: str, template: Catalog) -> Path:
    """Adds what the sources say by now, and drops what they no longer say. Makes the catalogue of a new language."""
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = ""
    catalogue.project, catalogue.version = "Scriptorium", ""
    written = io.BytesIO()
    write_po(written, catalogue, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    path = catalogue_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEADERS.sub("", written.getvalue().decode()))
    return path


def compile_for_server(language: str) -> None:
    with catalogue_file(language).with_suffix(".mo").open("wb") as file:
        write_mo(file, read(language))


def compile_for_page(language: str) -> None:
    PAGE.mkdir(parents=True, exist_ok=True)
    (PAGE / f"{language}.js").write_text(page_script(read(language)))


def page_script(catalogue: Catalog) -> str:
    """A gettext catalogue names its plural's rule as an expression of C, which is one of JavaScript, too."""
    words = {_key(message): message.string for message in catalogue if _is_for_page(message)}
    return (
        f"globalThis.catalogue={{plural:n=>Number({catalogue.plural_expr}),"
        f"words:{json.dumps(words, ensure_ascii=False, separators=(',', ':'), sort_keys=True)}}};\n"
    )


def _is_for_page(message: Message) -> bool:
    is_said_there = any(name.startswith(_SAID_BY_THE_PAGE) for name, _ in message.locations)
    return is_said_there and not message.fuzzy and bool(message.id) and is_translated(message)


def is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _key(message: Message) -> str:
    first = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return f"{message.context}{_BETWEEN_CONTEXT_AND_SENTENCE}{first}" if message.context else first
