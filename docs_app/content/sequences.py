"""What two sequences have in common, and which of their differing members belong together. Bounded in cost.

Long sequences are cut at members that occur once on both sides; a stretch without such and too long for a full
comparison counts as wholly different. So the worst case is a coarser answer, not a longer one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_FULL = 10_000  # pairs of members that are compared each with each
_EDITS = 100  # differing members up to which long sequences are compared exactly
_DEPTH = 12  # how often a stretch is cut again
_ALIGN = 2_500  # pairs of differing members that are weighed against each other
_SIMILAR = 0.35
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class Gap(NamedTuple):
    """a[i1:i2] has b[j1:j2] in its place; between two gaps both are the same."""

    i1: int
    i2: int
    j1: int
    j2: int


def tokens(text: str) -> list[str]:
    """Words, stretches of white space, and single signs; together they are the text."""
    return _TOKEN.findall(text)


def gaps(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Gap]:
    """Where the sequences differ, from left to right."""
    found: list[Gap] = []
    i = j = 0
    for match_i, match_j in [*_matches(a, b, Gap(0, len(a), 0, len(b)), _DEPTH), (len(a), len(b))]:
        if (match_i, match_j) != (i, j):
            found.append(Gap(i, match_i, j, match_j))
        i, j = match_i + 1, match_j + 1
    return found


def similarity(a: Counter[str], b: Counter[str]) -> float:
    """From 0 to 1, how many of their words two texts share; 1 if both have none."""
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 1.0


def aligned(n: int, m: int, likeness: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Pairs (i, j) of members that are similar enough to be the same thing changed, in the order of both sequences.

    `likeness(i, j)` says how similar they are, 0 for never. A lone pair need not be similar.
    """
    if n == m == 1:
        return [(0, 0)] if likeness(0, 0) > 0 else []
    if n * m > _ALIGN:
        return [(index, index) for index in range(min(n, m)) if likeness(index, index) > _SIMILAR]
    return _best(n, m, [[likeness(i, j) for j in range(m)] for i in range(n)])


def _best(n: int, m: int, like: list[list[float]]) -> list[tuple[int, int]]:
    score = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            paired = score[i + 1][j + 1] + like[i][j] if like[i][j] > _SIMILAR else 0.0
            score[i][j] = max(score[i + 1][j], score[i][j + 1], paired)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < n and j < m:
        if score[i][j] == score[i + 1][j]:
            i += 1
        elif score[i][j] == score[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _matches(a: Sequence[Hashable], b: Sequence[Hashable], within: Gap, depth: int) -> list[tuple[int, int]]:
    """Pairs of equal members, rising in both sequences."""
    i1, i2, j1, j2 = within
    head: list[tuple[int, int]] = []
    tail: list[tuple[int, int]] = []
    while i1 < i2 and j1 < j2 and a[i1] == b[j1]:
        head.append((i1, j1))
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and j1 < j2 and a[i2 - 1] == b[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
        tail.append((i2, j2))
    return head + _between(a, b, Gap(i1, i2, j1, j2), depth) + tail[::-1]


def _between(a: Sequence[Hashable], b: Sequence[Hashable], within: Gap, depth: int) -> list[tuple[int, int]]:
    i1, i2, j1, j2 = within
    if i1 == i2 or j1 == j2 or not depth:
        return []
    if (i2 - i1) * (j2 - j1) <= _FULL:
        blocks = SequenceMatcher(None, a[i1:i2], b[j1:j2], autojunk=False).get_matching_blocks()
        return [(i1 + i + step, j1 + j + step) for i, j, size in blocks for step in range(size)]
    nearly = _few(a, b, within)
    if nearly is not None:
        return nearly
    landmarks = _rising(_unique(a, b, within))
    found: list[tuple[int, int]] = []
    for i, j in [*landmarks, (i2, j2)] if landmarks else []:
        found += _matches(a, b, Gap(i1, i, j1, j), depth - 1)
        if (i, j) != (i2, j2):
            found.append((i, j))
        i1, j1 = i + 1, j + 1
    return found


def _few(a: Sequence[Hashable], b: Sequence[Hashable], within: Gap) -> list[tuple[int, int]] | None:
    """The best pairs if no more than _EDITS members differ, None if more do (Myers' greedy algorithm)."""
    i1, i2, j1, j2 = within
    reached: dict[int, int] = {1: 0}  # how far into `a` each diagonal goes
    rounds: list[dict[int, int]] = []
    for edits in range(_EDITS + 1):
        rounds.append(dict(reached))
        for diagonal in range(-edits, edits + 1, 2):
            x = _step(reached, diagonal, edits)[1]
            while i1 + x < i2 and j1 + x - diagonal < j2 and a[i1 + x] == b[j1 + x - diagonal]:
                x += 1
            reached[diagonal] = x
            if i1 + x >= i2 and j1 + x - diagonal >= j2:
                return [(i1 + i, j1 + j) for i, j in _way_back(rounds, i2 - i1, j2 - j1)]
    return None


def _step(reached: dict[int, int], diagonal: int, edits: int) -> tuple[int, int]:
    """Which diagonal one comes from, and where one enters this one."""
    if diagonal == -edits or (diagonal != edits and reached[diagonal - 1] < reached[diagonal + 1]):
        return diagonal + 1, reached[diagonal + 1]
    return diagonal - 1, reached[diagonal - 1] + 1


def _way_back(rounds: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for edits in range(len(rounds) - 1, -1, -1):
        before, entry = _step(rounds[edits], x - y, edits)
        while x > max(entry, 0) and y > 0:
            x, y = x - 1, y - 1
            found.append((x, y))
        x = rounds[edits][before]
        y = x - before
    return found[::-1]


def _unique(a: Sequence[Hashable], b: Sequence[Hashable], within: Gap) -> list[tuple[int, int]]:
    """Members that occur once in each stretch, in the order of the first."""
    i1, i2, j1, j2 = within
    ours, theirs = Counter(a[i1:i2]), Counter(b[j1:j2])
    there = {member: j for j, member in enumerate(b[j1:j2], j1) if theirs[member] == 1}
    return [(i, there[a[i]]) for i in range(i1, i2) if ours[a[i]] == 1 and a[i] in there]


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of `pairs` whose second numbers rise (patience sorting)."""
    ends: list[int] = []
    last: list[int] = []
    previous: list[int] = []
    for index, (_, j) in enumerate(pairs):
        pile = bisect_left(ends, j)
        previous.append(last[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [j]
        last[pile : pile + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]
