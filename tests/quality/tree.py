"""The project's own files, as git sees them: what is tracked, and what would be with the next commit."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.site import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Relative to the root."""
    if not (ROOT / ".git").exists():
        pytest.skip("This is no git checkout, so nothing tells our files from others.")
    listed = subprocess.check_output(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
    )
    return tuple(sorted(Path(name) for name in set(listed.split("\0")) if name and (ROOT / name).is_file()))


def texts() -> Iterator[tuple[Path, str]]:
    """Those that hold text, with it."""
    for path in files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            yield path, content.decode()


def sources(*suffixes: str) -> list[tuple[Path, str]]:
    """What people write in these languages; migrations, which Django writes, are not among them."""
    return [(path, text) for path, text in texts() if path.suffix in suffixes and "migrations" not in path.parts]


def functions(text: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield node


def is_test(path: Path) -> bool:
    return path.parts[0] in {"tests", "benchmarks"} or ".test." in path.name
