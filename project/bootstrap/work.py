"""Doing a thing once for the same inputs, one process at a time, and saying in a sentence why it failed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TextIO

from project.bootstrap.places import LOGS, ROOT

_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|name resolution|Network is unreachable|ProxyError|Temporary failure resolving"
    r"|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED"
)
_COLLECTING = re.compile(r"Collecting ([^\s=]+)==(\S+)")


class CannotGoOn(Exception):
    """The message is a sentence for the person at the keyboard: what is missing, and what to do."""


def say(what: str) -> None:
    print(f"  {what}", flush=True)


def digest(*inputs: Path | str) -> str:
    """A key for these files, folders (with all below) and words: another as soon as a name or a byte differs."""
    total = hashlib.sha256()
    for name, content in _pieces(*inputs):
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def _pieces(*inputs: Path | str) -> list[tuple[str, bytes]]:
    words = [("", entry.encode()) for entry in inputs if isinstance(entry, str)]
    paths = [entry for entry in inputs if isinstance(entry, Path)]
    files = sorted({file for path in paths for file in (path, *path.rglob("*")) if file.is_file()})
    return words + [(os.path.relpath(file, ROOT), file.read_bytes()) for file in files]


def is_done(stamp: Path, key: str) -> bool:
    return stamp.is_file() and stamp.read_text() == key


def once(stamp: Path, key: str, work: Callable[[], None]) -> None:
    """Does `work` unless `stamp` holds `key`. Work that is broken off leaves no stamp."""
    if is_done(stamp, key):
        return
    take_turn()
    if is_done(stamp, key):
        return
    stamp.unlink(missing_ok=True)
    work()
    stamp.write_text(key)


@cache
def take_turn() -> TextIO:
    """One process builds at a time, to its end: the others wait here, and then find the work done."""
    LOGS.mkdir(exist_ok=True)
    turn = (LOGS / "turn").open("w")
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Waiting for another build to end")
        fcntl.flock(turn, fcntl.LOCK_EX)
    return turn


def run(
    what: str, *command: str | Path, log: str, folder: Path = ROOT, environment: dict[str, str] | None = None
) -> None:
    """Runs a command with its output in .build/`log`. Raises CannotGoOn when it fails."""
    LOGS.mkdir(exist_ok=True)
    path = LOGS / log
    status = _heard(path, list(command), folder, environment)
    if status == 0:
        return
    said = path.read_text(errors="replace")
    if _NO_NETWORK.search(said):
        raise CannotGoOn(f"{what} failed for want of a network: connect this machine, then try again.")
    print(*said.splitlines()[-20:], sep="\n", file=sys.stderr)
    raise CannotGoOn(f"{what} failed: the end of its output is above, and all of it in {path.relative_to(ROOT)}.")


def _heard(path: Path, command: list[str | Path], folder: Path, environment: dict[str, str] | None) -> int:
    """Keeps what the command says, and names the packages that pip is at. Answers its exit status."""
    with (
        path.open("w") as log,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            if found := _COLLECTING.match(line):
                say(f"  {found[1]} {found[2]}")
    return process.returncode
