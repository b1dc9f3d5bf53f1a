"""`make bench ARGS="profile 200x50"`: py-spy on our server under a load, and the functions it was found in."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.catalogue import SERVERS
from benchmarks.scenarios import TYPING, Run
from project.bootstrap.places import PYTHON
from project.bootstrap.python import install

_A_SECOND = 100  # samples
_SHOWN = 40
_IDLE = "_worker (concurrent/futures/thread.py:81)"  # waits for work, which py-spy takes for being busy


def profile(scenario: str, seconds: float, server: str = "ours") -> str:
    """A table of functions with their share of the samples: alone, and with all they call."""
    install("requirements-bench.lock")
    run = Run(SERVERS[server](), TYPING[scenario], seconds)
    try:
        run.enter()
        with tempfile.TemporaryDirectory() as folder:
            stacks = Path(folder) / "stacks"
            spy = _watch(min(run.server.pids), seconds, stacks)
            run.play()
            spy.wait(60)
            run.settle()
            return f"{_table(stacks.read_text().splitlines())}\n\n{run.result()}"
    finally:
        run.leave()


def _watch(pid: int, seconds: float, stacks: Path) -> subprocess.Popen[bytes]:
    program = PYTHON.with_name("py-spy")
    options = [
        "--pid",
        str(pid),
        "--duration",
        str(round(seconds)),
        "--rate",
        str(_A_SECOND),
        "--threads",
        "--nonblocking",
    ]
    return subprocess.Popen([str(program), "record", *options, "--format", "raw", "--output", str(stacks)])


def _table(lines: Iterable[str]) -> str:
    """Of collapsed stacks ("thread;caller;callee 12")."""
    alone: Counter[str] = Counter()
    together: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        if _IDLE in stack:
            continue
        functions = stack.split(";")
        alone[functions[-1]] += int(count)
        together.update(dict.fromkeys(functions, int(count)))
    total = alone.total() or 1
    rows = sorted(together, key=lambda function: alone[function], reverse=True)[:_SHOWN]
    rows += [function for function, _ in together.most_common(_SHOWN) if function not in rows]
    return "\n".join(
        ["  self   total  function"]
        + [f"{alone[row] / total:6.1%} {together[row] / total:6.1%}  {row}" for row in rows]
    )
