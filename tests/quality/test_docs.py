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
WRITTEN = {"docs/performance.md": (), "docs/reliability.md": (), "docs/operations.md": ()}
FLAGS = re.MULTILINE | re.DOTALL
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


def test_every_page_is_reached_from_the_readme() -> None:
    pages = {ROOT / path for path, _ in sources(".md") if path.parts[0] == "docs"}
    reached, todo = set[Path](), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        reached.add(page)
        places = [(page.parent / link.partition("#")[0]).resolve() for link in links(page.read_text())]
        todo += [place for place in places if place.suffix == ".md" and place not in reached]
    assert pages - reached == set() != pages


def test_the_readme_names_every_target() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    readme = (ROOT / "README.md").read_text()
    (others,) = re.findall(r"lists the other targets: (.*?)\.\s", readme, re.DOTALL)
    named = set(re.findall(r"`([a-z]+)`", others)) | set(re.findall(r"^make ([a-z]+) ", readme, re.MULTILINE))
    assert named == targets - {"help"}


@pytest.mark.parametrize("page", [pytest.param(page, marks=marks) for page, marks in WRITTEN.items()])
def test_what_is_written_by_a_program_has_been_written(page: str) -> None:
    blocks = re.findall(r"^<!-- .*written by .*-->$(.*?)^<!-- .*end of .*-->$", (ROOT / page).read_text(), FLAGS)
    assert blocks and all(map(str.strip, blocks))


def test_no_other_page_has_such_a_place() -> None:
    marked = {str(path) for path, text in sources(".md") if re.search("^<!-- ", text, re.MULTILINE)}
    assert marked == WRITTEN.keys()


def test_the_legend_of_reliability_says_where_each_test_is() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text()
    legend, _, figures = page.partition("<!-- figures")
    told = {
        (code, path)
        for codes, path in re.findall(r"((?:[A-Z]\d(?:, | and | ))+)`(tests/[^`]+)`", legend)
        for code in re.findall(r"[A-Z]\d", codes)
    }
    assert {(code, path) for code, path in told if code not in (ROOT / path).read_text()} == set()
    tests = {(code, str(path)) for path, text in sources(".py") if is_test(path) and "figure(" in text
             for code in re.findall(r"\"([A-H]\d)\b", text)}  # fmt: skip
    assert {code for code, _ in told} >= {code for code, path in tests if not path.startswith("tests/support/")}
    assert {code for code, _ in told} >= set(re.findall(r"^\| ([A-Z]\d)", figures, re.MULTILINE)) != set()


def test_the_changelog_has_the_version_we_are() -> None:
    version = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert re.search(rf"^## {re.escape(version[1])}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
