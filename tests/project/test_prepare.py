"""The last step before the server: VAR_DIR from nothing, from yesterday, from a backup, or from something unusable."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from project.bootstrap.data import user_version
from tests.support.site import ROOT

SENTENCE = "make it writable for you, or point VAR_DIR at a folder that is."


def prepare(var_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-m", "project.bootstrap", "prepare"],
        cwd=ROOT,
        env=kept | {"VAR_DIR": str(var_dir)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def does(var_dir: Path, **environment: str) -> list[str]:
    done = prepare(var_dir, **environment)
    assert done.returncode == 0, done.stderr
    return [line.strip() for line in done.stdout.splitlines()]


def refuses(var_dir: Path, **environment: str) -> str:
    done = prepare(var_dir, **environment)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


@pytest.fixture(scope="module")
def first(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAR_DIR after the first run."""
    folder = tmp_path_factory.mktemp("first") / "var"
    assert does(folder) == ["Bringing the database up to date", "Writing the demo"]
    return folder


@pytest.fixture
def var_dir(first: Path, tmp_path: Path) -> Path:
    return shutil.copytree(first, tmp_path / "var")


def people(var_dir: Path) -> list[str]:
    with closing(sqlite3.connect(var_dir / "scriptorium.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT username FROM docs_app_user ORDER BY username")]


def test_a_first_run_has_something_to_look_at(first: Path) -> None:
    assert people(first) == ["ada", "grace"]
    assert "{address}/s/" in (first / "demo.txt").read_text()
    assert (first / "static" / "staticfiles.json").is_file()


def test_a_second_run_has_nothing_to_do(var_dir: Path) -> None:
    assert does(var_dir) == []


def test_an_older_backup_is_brought_up_to_date(var_dir: Path) -> None:
    user_version(var_dir / "scriptorium.sqlite3", 7)
    assert does(var_dir) == ["Bringing the database up to date"]
    assert does(var_dir) == []


def test_a_new_database_gets_a_demo_of_its_own(var_dir: Path) -> None:
    old = (var_dir / "demo.txt").read_text()
    for path in var_dir.glob("scriptorium.sqlite3*"):
        path.unlink()
    assert does(var_dir) == ["Bringing the database up to date", "Writing the demo"]
    assert people(var_dir) == ["ada", "grace"]
    assert (var_dir / "demo.txt").read_text() != old


def test_a_public_site_gets_no_demo(front_end: None, tmp_path: Path) -> None:
    does(tmp_path / "var", ALLOWED_HOSTS="docs.example.org", SECRET_KEY="k" * 60)
    assert people(tmp_path / "var") == []


def test_settings_that_make_no_sense_are_told_as_they_are(var_dir: Path) -> None:
    assert refuses(var_dir, DEBUG="perhaps", DATABASE_URL="sqlite:///here").startswith("Scriptorium cannot start so:")


def test_a_file_that_is_no_database_is_left_as_it_is(var_dir: Path) -> None:
    path = var_dir / "scriptorium.sqlite3"
    path.write_text("a letter to my aunt, and quite a long one " * 40)
    assert refuses(var_dir).startswith(f"Cannot use {path} (file is not a database): restore a backup")
    assert path.read_text().startswith("a letter to my aunt")


def test_a_place_where_no_folder_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refuses(tmp_path / "file" / "var").endswith(SENTENCE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else_is_named(var_dir: Path) -> None:
    (var_dir / "scriptorium.sqlite3").chmod(0o400)
    assert refuses(var_dir) == f"Cannot write to {var_dir / 'scriptorium.sqlite3'} (Permission denied): {SENTENCE}"
