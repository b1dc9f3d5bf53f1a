"""Bytes that were found by what they reach, through decoder, guard and pycrdt; the long form looks for more of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.attacks.trial import corpus, replay
from tests.support.figures import Figure, Length
from tests.support.site import ROOT


def test_what_reaches_everything_breaks_nothing(tmp_path: Path, length: Length[int], figure: Figure) -> None:
    fates = Counter(replay(data) for data in corpus())
    assert {"Malformed", "TooLarge", "Gap", "frame", "update"} <= {fate for pair in fates for fate in pair.split(", ")}
    seen = f"{fates.total()} kept samples borne"
    if seconds := length(0, 600):
        seen += f", and {look_for_more(tmp_path, seconds)} tries more in {seconds // 60} minutes, led by coverage"
    figure("C2", f"{seen}: 0 panics, 0 hangs")


def look_for_more(folder: Path, seconds: int) -> str:
    """How many tries it made. Skips the test where atheris cannot be had."""
    had = subprocess.run(
        [sys.executable, "-m", "project.bootstrap", "fuzzer"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if had.returncode:
        pytest.skip(f"atheris cannot be had here: {had.stderr.strip()}")
    for number, data in enumerate(corpus()):
        (folder / f"kept-{number}").write_bytes(data)
    options = [f"-max_total_time={seconds}", "-print_final_stats=1"]
    command = [sys.executable, "-m", "tests.attacks.coverage", str(folder), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = {path.name: path.read_bytes().hex() for path in folder.glob("found-*")}
    assert done.returncode == 0 and not found, f"{found}\n{done.stderr[-4000:]}"
    tries = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    assert tries, done.stderr[-4000:]
    return f"{int(tries[1]):,}"
