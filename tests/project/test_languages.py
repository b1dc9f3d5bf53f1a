"""From sources to catalogues, and from those to what server and page load."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from project.bootstrap.node import node_environment
from project.languages import catalogues, extraction

SOURCES = {
    "docs_app/rooms.py": """
        raise Refused(_("There is no room %(name)s.") % {"name": name})
        found = ngettext("%(n)s room", "%(n)s rooms", n)
        raise Refused(f"{name} is not to be translated")
    """,
    "collab/doors.py": """
        FULL = "The room is full."
        raise Malformed("This is for the log.")
        raise Forbidden("The door is shut.")
        door.say("Ajar")
    """,
    "templates/room.html": """
        <p>
          {% translate "A room" %} {% blocktranslate trimmed count n=rooms|length %}
            {{ n }} chair{% plural %}{{ n }} chairs
          {% endblocktranslate %}
          {% if a %}{% translate "May" context "month" %}{% endif %}
        </p>
    """,
    "static/src/room.ts": """
        const names: Record<string, string> = { one: t("Room one"), two: t("{name}’s room", { name }) };
        say(tn("{n} window", "{n} windows", count), tp("verb", "Open"), `${t("In a template")}`);
    """,
    "static/src/room.test.ts": """t("In a test")""",
}


@pytest.fixture
def template(tmp_path: Path) -> Catalog:
    for name, source in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(dedent(source))
    return extraction.template(tmp_path)


def said(catalogue: Catalog) -> dict[Any, list[str]]:
    return {
        (message.context, message.id) if message.context else message.id: [name for name, _ in message.locations]
        for message in catalogue
        if message.id
    }


def test_every_source_is_read_in_its_own_way(template: Catalog) -> None:
    assert said(template) == {
        "There is no room %(name)s.": ["docs_app/rooms.py"],
        ("%(n)s room", "%(n)s rooms"): ["docs_app/rooms.py"],
        "The room is full.": ["collab/doors.py"],
        "The door is shut.": ["collab/doors.py"],
        "Ajar": ["collab/doors.py"],
        "A room": ["templates/room.html"],
        ("%(n)s chair", "%(n)s chairs"): ["templates/room.html"],
        ("month", "May"): ["templates/room.html"],
        "Room one": ["static/src/room.ts"],
        "{name}’s room": ["static/src/room.ts"],
        ("{n} window", "{n} windows"): ["static/src/room.ts"],
        ("verb", "Open"): ["static/src/room.ts"],
        "In a template": ["static/src/room.ts"],
    }


def test_a_catalogue_keeps_what_is_translated_and_drops_what_is_no_longer_said(
    template: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "catalogue_file", lambda language: tmp_path / f"{language}.po")
    path = catalogues.update("de", template)
    path.write_text(path.read_text().replace('msgid "A room"\nmsgstr ""', 'msgid "A room"\nmsgstr "Ein Raum"'))
    template.delete("Room one")
    catalogues.update("de", template)
    catalogue = catalogues.read("de")
    assert catalogue["A room"].string == "Ein Raum"
    assert "Room one" not in path.read_text()
    before = path.read_bytes()
    catalogues.update("de", template)
    assert path.read_bytes() == before


def test_the_page_gets_its_own_sentences_with_their_plurals(template: Catalog) -> None:
    arabic = Catalog(locale="ar", fuzzy=False)
    arabic.update(template)
    arabic["Room one"].string = "غرفة"
    arabic["The door is shut."].string = "الباب مغلق."
    arabic["A room"].string = "not said by the page"
    arabic[("{n} window", "{n} windows")].string = ["0", "1", "2", "3", "4", "5"]
    next(message for message in arabic if message.context == "verb").string = "افتح"
    code = catalogues.page_script(arabic) + (
        "const { words, plural } = globalThis.catalogue;"
        "const forms = [0, 1, 2, 5, 11, 100].map((n) => words['{n} window'][plural(n)]);"
        "const some = [words['Room one'], words['verb\\u0004Open']];"
        "process.stdout.write(JSON.stringify([Object.keys(words), some, forms]));"
    )
    told = subprocess.run(
        ["node", "-"], input=code, env=node_environment(), capture_output=True, text=True, check=True
    ).stdout
    keys, some, forms = json.loads(told)
    assert keys == ["Room one", "The door is shut.", "verb\x04Open", "{n} window"]
    assert some == ["غرفة", "افتح"]
    assert forms == ["0", "1", "2", "3", "5", "4"]
