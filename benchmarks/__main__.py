"""Measures this server beside its peers, in turns: `make bench`, `make bench ARGS="200x50 --only ours --repeat 1"`.

`make bench ARGS="profile 200x50"` shows where our server's time goes, `make bench ARGS=replay` replays recordings, and
`make bench ARGS="report benchmarks/results/…json"` writes docs/performance.md from earlier runs, which a run of
everything does by itself. What is measured, and how: benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import replay
from benchmarks.catalogue import MEASUREMENTS, OURS, SERVERS
from benchmarks.facts import facts
from benchmarks.forecast import sizing
from benchmarks.profiling import profile
from benchmarks.report import doubts, publish, tables
from benchmarks.rounds import Results, play
from benchmarks.scenarios import TYPING
from benchmarks.server import LOAD_CORE


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog='make bench ARGS="…"', description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(MEASUREMENTS)}, or profile and one of them, or sizing")
    parser.add_argument("--only", default="", help=f"servers, with commas between them, of {', '.join(SERVERS)}")
    parser.add_argument("--repeat", type=int, default=3, help="how often each is measured; tables have medians")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long the window is that is measured")
    chosen = parser.parse_args(words)
    chosen.only = [name for name in chosen.only.split(",") if name]
    known = {*TYPING, "profile"} if "profile" in chosen.what else {*MEASUREMENTS, "sizing"}
    if unknown := {*chosen.what} - known | {*chosen.only} - {*SERVERS}:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return chosen


def main(words: Sequence[str]) -> int:
    if words[:1] == ["replay"]:
        return replay.main(words[1:])
    if words[:1] == ["report"]:
        runs = [json.loads(Path(name).read_text()) for name in words[1:]]
        publish(runs[-1]["facts"], [row for run in runs for row in run["rows"]])
        return 0
    chosen = arguments(words)
    if len(os.sched_getaffinity(0)) < 2:
        print("It takes two cores: one for the server, one for the load.", file=sys.stderr)
        return 1
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    os.sched_setaffinity(0, {LOAD_CORE})
    if chosen.what[:1] == ["profile"]:
        for name in chosen.what[1:]:
            print(profile(name, chosen.seconds, *chosen.only[:1]))
        return 0
    if chosen.what == ["sizing"]:
        sizing(facts(), chosen.seconds)
        return 0
    measurements = {name: MEASUREMENTS[name] for name in chosen.what or MEASUREMENTS}
    results = Results(facts())
    play(measurements, results, repeat=chosen.repeat, seconds=chosen.seconds, only=chosen.only)
    print("", tables(results.rows), "", *doubts(results.rows), f"Raw figures: {results.path}", sep="\n")
    if not chosen.what and not chosen.only:
        publish(results.facts, results.rows)
    return int(any(row.get("disagree") for row in results.rows if row["server"] in OURS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
