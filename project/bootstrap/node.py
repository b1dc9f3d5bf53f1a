"""The front end, built with the machine's Node where that is new enough, else with the one from PyPI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from project.bootstrap.places import LOGS, PYTHON, ROOT, STATIC
from project.bootstrap.python import install
from project.bootstrap.work import CannotGoOn, digest, is_done, once, run, say

_NODE_AT_LEAST = 20
_OUTPUT = {"node_modules", "dist", "languages"}


def front() -> None:
    """static/dist/ as the sources say."""
    sources = [path for path in STATIC.iterdir() if path.name not in _OUTPUT]
    stamp, key = STATIC / "dist" / ".built-from", digest(*sources, ROOT / "docs_app" / "content" / "schema.json")
    if not is_done(stamp, key):
        packages(STATIC)
        once(stamp, key, _build)


def _build() -> None:
    say("Building the front end")
    run("Building the front end", "npm", "run", "build", log="build.log", folder=STATIC, environment=node_environment())


def packages(folder: Path) -> None:
    """The node packages that the lock in `folder` names."""
    key = digest(folder / "package-lock.json", str(folder))
    once(folder / "node_modules" / ".installed-from", key, lambda: _install(folder))


def _install(folder: Path) -> None:
    environment = node_environment()
    say(f"Installing the node packages of {folder.relative_to(ROOT)}/")
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run("Installing the node packages", *command, log="npm.log", folder=folder, environment=environment)
    (folder / "node_modules").mkdir(exist_ok=True)


def npm(folder: str, *words: str) -> None:
    """`npm` with these words in `folder`, once its packages are there."""
    packages(ROOT / folder)
    if subprocess.call(["npm", *words], cwd=ROOT / folder, env=node_environment()):
        raise CannotGoOn(f"npm {' '.join(words)} has found fault with {folder}/: see above.")


def test_packages() -> None:
    """Other people's Yjs clients, which the tests connect to our server."""
    folder = ROOT / "tests" / "support" / "js"
    if (folder / "package-lock.json").is_file():
        packages(folder)


@cache
def node_environment() -> dict[str, str]:
    """An environment in which `node` and `npm` are found."""
    path = os.environ.get("PATH", "")
    if not _has_node():
        say(f"No npm here with Node {_NODE_AT_LEAST} or later: using the one from PyPI (70 MB)")
        install("requirements-node.lock")
        path = f"{PYTHON.parent}{os.pathsep}{path}"
    environment = {**os.environ, "PATH": path}
    if not os.access(Path.home(), os.W_OK):
        environment["npm_config_cache"] = str(LOGS / "npm")
    return environment


def _has_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", told)
    return found is not None and int(found[1]) >= _NODE_AT_LEAST
