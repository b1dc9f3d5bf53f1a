"""What chance makes of honest frames, through the real consumer into a real room, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.figures import Figure, Length
from tests.support.site import ROOT

REFUSALS = {"closed 4400", "closed 4409", "closed 4413"}


def fuzz(seed: int, count: int) -> dict[str, Any]:
    """What tests.attacks.fuzz tells. Raises AssertionError when the process was ended by a signal."""
    command = [sys.executable, "-m", "tests.attacks.fuzz", str(seed), str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {seed}: ended with {done.returncode}\n{done.stderr[-4000:]}"
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.timeout(600)
def test_mutated_frames_bring_nothing_down_and_change_nothing_when_refused(length: Length[int], figure: Figure) -> None:
    rounds, each = length(1, 50), length(5_000, 20_000)
    with ThreadPoolExecutor(2) as two:
        told = [*two.map(fuzz, range(1, rounds + 1), [each] * rounds)]
    fates: dict[str, int] = {}
    for answer in told:
        for fate, count in answer["fates"].items():
            fates[fate] = fates.get(fate, 0) + count
    panics = sum(answer["complaints"].get("PanicException.", 0) for answer in told)
    slowest = max(answer["slowest_ms"] for answer in told)
    figure(
        "C1",
        f"{rounds * each:,} mutated frames: {sum(fates.get(fate, 0) for fate in REFUSALS):,} refused, "
        f"{fates['accepted']:,} accepted, 0 crashes, {panics} panics, {fates.get('loaded again', 0)} documents loaded "
        f"again, {sum(answer['damaged'] for answer in told)} changed by a refused frame; slowest {slowest:.0f} ms, "
        f"most memory {max(answer['memory_mb'] for answer in told):.0f} MB; "
        f"{fates['document whose copies differ']} documents whose copies differ",
    )
    assert fates["accepted"] and all(fates.get(fate) for fate in ("closed 4400", "closed 4413"))
    assert panics == 0
    assert sum(answer["damaged"] for answer in told) == 0
    assert slowest < length(500, 50), "nobody else was served for so many milliseconds"
