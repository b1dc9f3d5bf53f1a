"""Habits that no linter knows."""

from __future__ import annotations

import ast

from tests.quality.tree import is_test, sources

# Where time may pass, and why.
MAY_WAIT = {
    "tests/support/until.py": "the one place that waits for something",
    "tests/support/network.py": "the time is a manual clock's",
    "tests/attacks/attacker.py": "it floods at a rate",
    "tests/attacks/test_floods.py": "people pause between words",
    "tests/attacks/test_revocation.py": "people pause between words, and a second is the subject",
    "tests/project/test_doorway.py": "trickling is the subject",
    "tests/project/test_entrance.py": "turns of the loop, and what does not happen in one, are the subject",
    "tests/support/writers.py": "people pause between words",
    "tests/faults/test_postgresql.py": "how long the database is away is the subject",
    "tests/support/chaos.py": "a slow line is the subject",
    "tests/faults/test_redis.py": "how long Redis is away is the subject",
    "tests/faults/test_partition.py": "how long the network is broken is the subject",
}
MAY_READ_THE_ENVIRONMENT = ("manage.py", "project/asgi.py", "project/bootstrap/", "project/env.py")
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "base"}


def calls(text: str) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}


def test_no_test_sleeps() -> None:
    sleepers = {
        str(path): found
        for path, text in sources(".py")
        if path.parts[0] == "tests" and str(path) not in MAY_WAIT
        if (found := calls(text) & {"time.sleep", "asyncio.sleep", "anyio.sleep", "sleep"}) and not only_yields(text)
    }
    assert sleepers == {}


def only_yields(text: str) -> bool:
    """`asyncio.sleep(0)` lets others have a turn; no time passes."""
    lengths = {
        ast.unparse(node.args[0])
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("sleep") and node.args
    }
    return lengths == {"0"}


def test_the_environment_is_read_in_one_place() -> None:
    readers = [
        str(path)
        for path, text in sources(".py")
        if not is_test(path) and ("os.environ" in text or "os.getenv" in text)
    ]
    assert [path for path in readers if not path.startswith(MAY_READ_THE_ENVIRONMENT)] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    python = [path for path, _ in sources(".py", ".ts") if path.parts[0] != "static" or path.suffix == ".ts"]
    assert [str(path) for path in python if path.stem in VAGUE] == []


def test_each_module_says_what_it_is() -> None:
    silent = [path for path, text in sources(".py") if text.strip() and not ast.get_docstring(ast.parse(text))]
    assert [str(path) for path in silent if path.name != "apps.py"] == []
