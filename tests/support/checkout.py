"""A checkout of a small project, in which the steps from a fresh checkout to a server can be tried out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.site import ROOT

LOCK = {
    "name": "page",
    "version": "1.0.0",
    "lockfileVersion": 3,
    "packages": {"": {"name": "page", "version": "1.0.0"}},
}
BUILD = """
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const source = readFileSync('src/page.txt', 'utf8')
if (source === 'broken') throw new Error('no such colour')
mkdirSync('dist', { recursive: true })
writeFileSync('dist/page.txt', source)
appendFileSync('../builds', source + ' ')
"""
# Where nobody listens: what a machine without a network comes to.
NOWHERE = "http://127.0.0.1:9/"


class Checkout:
    """A checkout of a small project: our steps, one source file, no dependencies."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.static = root / "static"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "project" / "bootstrap", root / "project" / "bootstrap", ignore=ignored)
        shutil.copy(ROOT / "project" / "__init__.py", root / "project")
        for lock in ("requirements.lock", "requirements-dev.lock", "requirements-node.lock"):
            (root / lock).touch()
        (self.static / "src").mkdir(parents=True)
        (self.static / "package.json").write_text(
            json.dumps({"name": "page", "version": "1.0.0", "type": "module", "scripts": {"build": "node build.mjs"}})
        )
        (self.static / "package-lock.json").write_text(json.dumps(LOCK))
        (self.static / "build.mjs").write_text(BUILD)
        self.write("one")

    def write(self, source: str) -> None:
        (self.static / "src" / "page.txt").write_text(source)

    def begin(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        return subprocess.Popen(
            [sys.executable, "-m", "project.bootstrap", *words],
            cwd=self.root,
            env=kept | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def does(self, *words: str, **environment: str) -> str:
        """What the step says while it does something; empty when there was nothing to do."""
        with self.begin(*words, **environment) as process:
            said, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, said + complaint
        return said

    def refuses(self, *words: str, **environment: str) -> str:
        """The last line of the complaint, which holds no traceback of ours."""
        with self.begin(*words, **environment) as process:
            _, complaint = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "Traceback" not in complaint
        return complaint.splitlines()[-1]

    @property
    def builds(self) -> list[str]:
        return (self.root / "builds").read_text().split()
