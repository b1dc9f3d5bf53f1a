"""What only the machine's own packages bring, installed by apt where it is there and lets us."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from project.bootstrap.work import CannotGoOn, run, say

# Program to Debian package. Debian keeps initdb off the PATH.
_SERVERS = {"redis-server": "redis-server", "initdb": "postgresql", "chromium": "chromium"}
# Debian starts it at once, at everybody's port 80: on a person's own machine its test is skipped instead.
_IN_CI = {"nginx": "nginx-light"}


def servers() -> None:
    """What the tests start: Redis, PostgreSQL, Chromium; in CI nginx too."""
    needed = _SERVERS | (_IN_CI if os.environ.get("CI") else {})
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])
    missing = [package for program, package in needed.items() if not shutil.which(program, path=path)]
    if missing:
        install_from_debian(*missing, because="The tests start servers that are not here")


def install_from_debian(*packages: str, because: str) -> None:
    """Raises CannotGoOn, naming the packages, where apt is missing or not ours to use."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or not _succeeds(*as_root, "true"):
        raise CannotGoOn(f"{because}: apt install {' '.join(packages)}")
    say(f"{because}: installing {', '.join(packages)} with apt")
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    run("Asking apt what there is", *apt, "update", log="apt.log")
    run(f"Installing {', '.join(packages)}", *apt, "install", "--no-install-recommends", *packages, log="apt.log")


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except FileNotFoundError:
        return False
