"""VAR_DIR as the server expects it: tables, static files, and for an embedded first run something to look at."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from project.bootstrap.places import EMBEDDED, PYTHON, ROOT, STATIC, VAR_DIR
from project.bootstrap.work import CannotGoOn, digest, once, say


def prepare() -> None:
    _must_be_writable(VAR_DIR)
    is_new = not (VAR_DIR / "scriptorium.sqlite3").exists()
    _migrate()
    key = digest(STATIC / "dist", STATIC / "languages", STATIC / "public", ROOT / "requirements.lock")
    once(VAR_DIR / ".collected", key, lambda: manage("collectstatic", "--noinput"))
    note = VAR_DIR / "demo.txt"
    if EMBEDDED and (is_new or not note.is_file()):
        say("Writing the demo")
        note.unlink(missing_ok=True)
        manage("seed_demo")


def _migrate() -> None:
    """Brings the tables up to date.

    The embedded database keeps the key of its migrations in its own header (user_version), so that a restored backup
    tells its own age.
    """
    if os.environ.get("DATABASE_URL"):
        manage("migrate")
        return
    path = VAR_DIR / "scriptorium.sqlite3"
    key = int(digest(*ROOT.glob("*/migrations/*.py"), ROOT / "requirements.lock")[:7], 16)
    if user_version(path) != key:
        say("Bringing the database up to date")
        manage("migrate")
        user_version(path, key)


def user_version(path: Path, new: int | None = None) -> int:
    """SQLite's own field for such purposes: 0 in a new file. Raises CannotGoOn when the file is no database."""
    try:
        with closing(sqlite3.connect(path, timeout=20)) as database:
            if new is not None:
                database.execute(f"PRAGMA user_version = {new:d}")
            return int(database.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        raise CannotGoOn(f"Cannot use {path} ({error}): restore a backup, or move it away to begin anew.") from error


def manage(*words: str) -> None:
    """`manage.py` in .venv. Raises CannotGoOn with its complaint."""
    command = [str(PYTHON), str(ROOT / "manage.py"), *words]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        broke = any(line.startswith("Traceback") for line in lines)
        raise CannotGoOn(f"manage.py {words[0]} failed: {lines[-1]}" if broke else "\n".join(lines))


def _must_be_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        for path in folder.glob("*.sqlite3*"):
            path.open("ab").close()
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) and Path(error.filename).exists() else folder
        raise CannotGoOn(
            f"Cannot write to {where} ({error.strerror}): make it writable for you, "
            "or point VAR_DIR at a folder that is."
        ) from error
