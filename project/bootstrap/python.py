""".venv with the locked packages, whichever of venv's parts Debian has left out of this Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from project.bootstrap.debian import install_from_debian
from project.bootstrap.places import PYTHON, ROOT, VENV
from project.bootstrap.work import digest, once, run, say


def venv() -> None:
    """.venv with what the server needs."""
    install("requirements.lock")


def tools() -> None:
    """.venv with what tests and checks need, too."""
    install("requirements-dev.lock")
    # The other lock holds all of this one.
    once(_stamp("requirements.lock"), _key("requirements.lock"), lambda: None)


def fuzzer() -> None:
    """.venv with atheris, which is made for Linux and for some Pythons only."""
    install("requirements-fuzz.lock")


def install(lock: str) -> None:
    once(_stamp(lock), _key(lock), lambda: _install(lock))


def _stamp(lock: str) -> Path:
    return VENV / f".{lock}"


def _key(lock: str) -> str:
    return digest(ROOT / lock, sys.version, str(VENV))


def _install(lock: str) -> None:
    if not _is_sound():
        _create()
    say(f"Installing the Python packages of {lock} (about a minute when they have to be fetched)")
    python = str(PYTHON)
    pip = [python, "-m", "pip"] if _has(python, "pip") else [sys.executable, "-m", "pip", "--python", python]
    options = ["--require-hashes", "--no-input", "--disable-pip-version-check", "--retries", "1"]
    run("Installing the Python packages", *pip, "install", *options, "-r", ROOT / lock, log="pip.log")


def _create() -> None:
    say("Creating .venv")
    if VENV.is_symlink():
        VENV.unlink()  # or --clear would empty the folder of somebody else
    options = ["--clear"]
    if not _has(sys.executable, "ensurepip"):
        if _has(sys.executable, "pip"):
            options.append("--without-pip")  # this Python's own pip will install into the new one
        else:
            install_from_debian("python3-venv", because="This Python cannot create virtual environments")
    run("Creating .venv", sys.executable, "-m", "venv", *options, VENV, log="venv.log")


def _is_sound() -> bool:
    """Made in this place for the Python that runs us: not moved, not left behind by an upgrade."""
    made = VENV / "pyvenv.cfg"
    if not made.is_file() or str(VENV) not in made.read_text():
        return False
    try:
        show = [str(PYTHON), "-c", "import sys; print(sys.version)"]
        return subprocess.check_output(show, text=True) == f"{sys.version}\n"
    except (OSError, subprocess.CalledProcessError):
        return False


def _has(python: str, module: str) -> bool:
    return subprocess.call([python, "-c", f"import {module}"], stderr=subprocess.DEVNULL) == 0
