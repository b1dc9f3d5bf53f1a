"""What stands in the repository, and what must never get into it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.quality.tree import files, texts
from tests.support.site import ROOT

# In two pieces, or this file would be the first offender.
REGISTRIES = re.compile("|".join(["pypi[.]" + "org", "python" + "hosted[.]", "npm" + "js[.]", "yarn" + "pkg[.]"]))
MACHINE_PATH = re.compile(r"(?<![\w.:/*-])/(?:root|home|work|Users|workspace)/[\w.]")


def test_nobody_s_registry_is_named() -> None:
    """Who installs decides where from: by pip's and npm's own settings."""
    assert [str(path) for path, text in texts() if REGISTRIES.search(text)] == []


def test_no_path_of_one_machine_is_named() -> None:
    found = [(str(path), match[0]) for path, text in texts() if (match := MACHINE_PATH.search(text))]
    assert found == []


def test_nothing_that_is_built_or_installed_is_kept() -> None:
    built = {"node_modules", "dist", ".venv", "__pycache__", "var", "test-results"}
    assert [str(path) for path in files() if built & set(path.parts)] == []


def test_text_ends_its_lines_and_leaves_no_blanks_behind() -> None:
    """Two blanks at the end of a line are a line break in Markdown. A line end in an icon would show in the page."""
    untidy = re.compile(r"\r|[ \t]+$", re.MULTILINE)
    untidy_page = re.compile(r"\r|\t$|(?<! ) $| {3,}$", re.MULTILINE)
    ours = [(path, text) for path, text in texts() if text and path.suffix != ".svg"]
    assert [str(path) for path, text in ours if not text.endswith("\n")] == []
    assert [str(path) for path, text in ours if (untidy_page if path.suffix == ".md" else untidy).search(text)] == []


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "LICENSE", "Makefile", ".ci/run", "docs/operations.md"])
def test_what_every_project_has_is_there(name: str) -> None:
    assert (ROOT / name).read_text().strip()


def test_the_makefile_stays_short_and_explains_each_target() -> None:
    text = (ROOT / "Makefile").read_text()
    assert len(text.splitlines()) <= 60
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    assert phony[1].split() == re.findall(r"^([a-z]+):.* ## ", text, re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^ \\;]+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", [f"requirements{group}.lock" for group in ("", "-dev", "-node", "-bench")])
def test_each_python_package_is_pinned_by_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
    unpinned = [
        block.splitlines()[0] for block in blocks if not block.startswith("#") and "--hash=sha256:" not in block
    ]
    assert pins(lock) and unpinned == []


def test_tests_run_what_is_deployed() -> None:
    deployed, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: tested.get(name) for name in deployed} == deployed


PEERS = [f"benchmarks/peers/{name}" for name in ("browser", "hocuspocus", "websocket-server")]
NODE_FOLDERS = ("static", "tests/support/js", *PEERS)
NODE_LOCKS = [path for path in NODE_FOLDERS if (ROOT / path / "package-lock.json").exists()]


def node_packages(folder: str) -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    return {name: package for name, package in packages.items() if name}


@pytest.mark.parametrize("folder", NODE_LOCKS)
def test_each_node_package_is_pinned_by_hash(folder: str) -> None:
    packages = node_packages(folder)
    needed = {name: package for name, package in packages.items() if not package.get("optional")}
    assert needed and [name for name, package in needed.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


@pytest.mark.parametrize("folder", NODE_LOCKS)
def test_npm_ci_finds_every_platform_in_the_lock(folder: str) -> None:
    """A registry that lacks some platforms leaves them out when it writes the lock, and npm then refuses the lock."""
    packages = node_packages(folder)
    wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert {name for name in wanted if f"node_modules/{name}" not in packages} == set()


def test_the_editor_s_packages_are_of_one_version() -> None:
    asked = json.loads((ROOT / "static" / "package.json").read_text())["dependencies"]
    versions = {version for name, version in asked.items() if re.match(r"@tiptap/(?!y-tiptap)", name)}
    assert len(versions) == 1
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    yjs = [name for name in node_packages("static") if Path(name).name == "yjs"]
    assert yjs == ["node_modules/yjs"], "two copies of Yjs do not know each other's types"
