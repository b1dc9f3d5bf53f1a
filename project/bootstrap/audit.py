"""Whether what users run has known vulnerabilities: pip-audit and npm are asked, and their answer holds for a day.

Where nobody can tell (no network, a registry without advisories) that is said in a line, and nothing fails.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from project.bootstrap.node import node_environment
from project.bootstrap.places import LOGS, PYTHON, ROOT, STATIC
from project.bootstrap.work import CannotGoOn, digest, say

PATIENCE_SECONDS = 90
_LOCK = ROOT / "requirements.lock"


def audit() -> None:
    """Raises CannotGoOn, naming each package and advisory, when there is a known vulnerability."""
    faults = [
        *_looked("Python", _LOCK, _python_packages),
        *_looked("node", STATIC / "package-lock.json", _node_packages),
    ]
    if faults:
        raise CannotGoOn("\n".join(["Known vulnerabilities in what users run:", *faults]))


def _looked(kind: str, lock: Path, look: Callable[[], list[str] | None]) -> list[str]:
    """What is known against the packages of a lock; asked once a day, or when the lock has changed."""
    answer = LOGS / f"audit-{kind.lower()}.json"
    key = digest(lock, date.today().isoformat())
    known: dict[str, Any] = json.loads(answer.read_text()) if answer.is_file() else {}
    if known.get("key") != key:
        known = {"key": key, "faults": look()}
        LOGS.mkdir(exist_ok=True)
        answer.write_text(json.dumps(known))
    faults: list[str] | None = known["faults"]
    if faults is None:
        say(f"Skipped the audit of the {kind} packages: no advisories can be had from here.")
    elif not faults:
        say(f"No known vulnerability in the {kind} packages.")
    return faults or []


def _python_packages() -> list[str] | None:
    options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json"]
    told = _told([str(PYTHON), "-m", "pip_audit", "-r", str(_LOCK), *options], ROOT)
    packages: list[dict[str, Any]] = told.get("dependencies", [])
    if all("vulns" not in package for package in packages):  # of none is anything known, good or bad
        return None
    return [
        f"{package['name']} {package['version']}: {fault['id']}, mended in {' or '.join(fault['fix_versions']) or '-'}"
        for package in packages
        for fault in package.get("vulns", [])
    ]


def _node_packages() -> list[str] | None:
    told = _told(["npm", "audit", "--omit=dev", "--package-lock-only", "--json"], STATIC, node_environment())
    if "vulnerabilities" not in told:
        return None
    return [
        f"{name} {package['range']}: {advisory['title']} ({advisory['url']})"
        for name, package in told["vulnerabilities"].items()
        for advisory in package["via"]
        if isinstance(advisory, dict)  # else it names the package that brings the fault in, which has its own line
    ]


def _told(command: list[str], folder: Path, variables: dict[str, str] | None = None) -> dict[str, Any]:
    """What a command says in JSON, whatever its exit status; {} when it has nothing to say, or not in time."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=variables or os.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        told: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {}
    return told
