"""What two sequences share, and what it costs at worst."""

from __future__ import annotations

import time
from random import Random

from docs_app.content.sequences import aligned, gaps, tokens


def _apply(a: list[str], b: list[str]) -> list[str]:
    out, i = [], 0
    for gap in gaps(a, b):
        out += a[i : gap.i1] + b[gap.j1 : gap.j2]
        i = gap.i2
    return out + a[i:]


def test_gaps_lead_from_one_to_the_other() -> None:
    rng = Random(1)
    for _ in range(500):
        a = rng.choices("abcd", k=rng.randint(0, 12))
        b = rng.choices("abcd", k=rng.randint(0, 12))
        assert _apply(a, b) == b
        assert (gaps(a, b) == []) == (a == b)


def test_gaps_are_as_small_as_the_change_in_long_sequences_too() -> None:
    a = [str(number % 700) for number in range(5000)]
    b = [*a[:100], "x", *a[101:3000], *a[3001:]]
    assert [(gap.i2 - gap.i1, gap.j2 - gap.j1) for gap in gaps(a, b)] == [(1, 1), (1, 0)]


def test_long_sequences_with_moves_stay_correct() -> None:
    rng = Random(2)
    a = [str(number) for number in range(2000)]
    b = a[:300] + a[900:1500] + a[400:600] + [str(rng.randint(0, 3000)) for _ in range(300)] + a[1700:]
    assert _apply(a, b) == b
    kept = len(a) - sum(gap.i2 - gap.i1 for gap in gaps(a, b))
    assert kept >= 1200


def test_the_worst_case_is_bounded() -> None:
    rng = Random(3)
    start = time.process_time()
    for alphabet in ("ab", "abcdefghijklmnop"):
        a, b = rng.choices(alphabet, k=20_000), rng.choices(alphabet, k=20_000)
        assert _apply(a, b) == b
    same = ["x"] * 20_000
    assert _apply(same, ["y", *same, "z"][::-1]) == ["z", *same, "y"]
    assert time.process_time() - start < 5


def test_tokens_are_the_text() -> None:
    text = "Hello, wörld!  e\u0301 😀👩‍🚀\n\tx_y 漢字"
    assert "".join(tokens(text)) == text
    assert tokens("a bc, d") == ["a", " ", "bc", ",", " ", "d"]


def test_pairs_keep_their_order_and_need_likeness() -> None:
    like = {(0, 1): 0.9, (1, 0): 0.95, (2, 2): 0.8, (3, 2): 0.1}
    assert aligned(4, 3, lambda i, j: like.get((i, j), 0)) in ([(0, 1), (2, 2)], [(1, 0), (2, 2)])
    assert aligned(1, 1, lambda i, j: 0.01) == [(0, 0)]
    assert aligned(1, 1, lambda i, j: 0) == []
    assert aligned(0, 5, lambda i, j: 1) == []
    assert aligned(100, 100, lambda i, j: float(i != 7)) == [(i, i) for i in range(100) if i != 7]
