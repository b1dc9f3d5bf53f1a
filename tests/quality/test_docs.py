"""The pages say what the code does: settings, commands, links."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.quality.tree import is_test, sources
from tests.support.site import ROOT

OPERATIONS = ROOT / "docs" / "operations.md"
READERS = {f"env.{name}" for name in ("text", "flag", "number", "words", "words_of", "url", "choice", "zone")} | {
    "os.environ.get"
}
THE_MACHINE_S = {"CI", "PATH"}


def settings_read() -> set[str]:
    """The names of the variables that the code reads."""
    return {
        str(node.args[0].value)
        for path, text in sources(".py")
        if not is_test(path)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in READERS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    } - THE_MACHINE_S


def rows(heading: str) -> set[str]:
    """The first cells of the table below a heading of the operations page."""
    section = OPERATIONS.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([^` ]+)[^`]*` \|", section, re.MULTILINE))


def test_the_settings_table_lists_what_is_read_and_nothing_else() -> None:
    assert rows("Settings") == settings_read() != set()


def test_the_commands_table_lists_our_commands_and_nothing_else() -> None:
    ours = {path.stem for path, _ in sources(".py") if path.parts[-3:-1] == ("management", "commands")}
    assert rows("Commands") == ours - {"__init__"}


def links(text: str) -> list[str]:
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose) if not re.match(r"[a-z]+:", link)]


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [path for path, _ in sources(".md")], ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links((ROOT / page).read_text()):
        place, _, anchor = link.partition("#")
        target = (ROOT / page).parent / place if place else ROOT / page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_changelog_has_the_version_we_are() -> None:
    version = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert re.search(rf"^## {re.escape(version[1])}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
