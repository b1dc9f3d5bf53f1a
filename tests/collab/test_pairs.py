"""Surrogate pairs: what would come between the halves of one is refused, and what is let in all read alike."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest
from pycrdt import XmlFragment

from collab import fold, guard, pairs
from collab.errors import Malformed
from collab.ports import Stored
from collab.replica import READ_WHOLE, Replica
from tests.collab import hostile as h
from tests.collab.test_guard_yjs import Heard
from tests.support.node import node
from tests.support.site import ROOT

READERS = ROOT / "tests" / "support" / "js" / "readers.mjs"
EMOJI = "\U0001f600"


def written(text: str) -> bytes:
    """The victim's paragraph, a text in it, and this in that: its clocks begin at 2."""
    words = h.item(h.string(text), parent=h.inside(h.VICTIM, 1))
    return h.update([h.block(h.PARAGRAPH, h.item(h.TEXT, parent=h.inside(h.VICTIM, 0)), words, client=h.VICTIM)])


BASE = written(f"ab{EMOJI}cd")  # the emoji's clocks are 4 and 5


def delete(start: int, end: int, client: int = h.VICTIM) -> bytes:
    return h.update((), [h.deletion(client, (start, end - start))])


def put(content: bytes, left: int | None, right: int | None, client: int = h.VICTIM) -> bytes:
    """Between two ids of one client."""
    origin, behind = (b"" if at is None else h.id_(client, at) for at in (left, right))
    return h.of(h.item(content, origin=origin, right=behind))


def heard(*updates: bytes) -> Heard:
    """A guard that has taken the victim's text and what comes then."""
    held = Heard()
    held.take(BASE, "user:1")
    for update in updates:
        held.take(update, "user:2")
    return held


BOLD, EMPTY = h.mark("bold", "{}"), h.string("x")
CUTS = {
    "deletion of the first half": delete(4, 5),
    "deletion of the second half": delete(5, 6),
    "deletion up to the middle": delete(2, 5),
    "deletion from the middle": delete(5, 8),
    "one of several ranges": h.update((), [h.deletion(h.VICTIM, (2, 1), (5, 2))]),
    "letter behind the first half": put(h.string("x"), 4, None),
    "letter before the second half": put(h.string("x"), None, 5),
    "letter between them": put(h.string("x"), 4, 5),
    "emoji between them": put(h.string(EMOJI), 4, 5),
    "mark between them": put(BOLD, 4, 5),
    "struct that came deleted, between them": put(h.deleted(1), 4, 5),
    "letter far from the first half": put(h.string("x"), 2, 5),
    "second of two structs": h.of(
        h.item(h.string("x"), origin=h.id_(h.VICTIM, 3)), h.item(h.string("y"), origin=h.id_(h.VICTIM, 4))
    ),
    "emoji that goes on with a part of what is here": h.update(
        [h.block(h.item(h.string(EMOJI), origin=h.id_(h.VICTIM, 6)), client=h.VICTIM, clock=7)]
    ),
    "emoji that it brings itself, by deletion": h.update(
        [h.block(h.item(h.string(EMOJI), origin=h.id_(h.VICTIM, 7)))], [h.deletion(h.ATTACKER, (1, 1))]
    ),
    "emoji that it brings itself, by a letter": h.of(
        h.item(h.string(EMOJI), origin=h.id_(h.VICTIM, 7)), h.item(h.string("x"), origin=h.id_(h.ATTACKER, 0))
    ),
}
WHOLE = {
    "deletion of the pair": delete(4, 6),
    "deletion of more": delete(3, 7),
    "deletion up to the pair": delete(2, 4),
    "deletion from the pair on": delete(6, 8),
    "letter behind the pair": put(h.string("x"), 5, 6),
    "letter before the pair": put(h.string("x"), 3, 4),
    "mark around the pair": h.of(
        h.item(BOLD, origin=h.id_(h.VICTIM, 3), right=h.id_(h.VICTIM, 4)),
        h.item(h.mark("bold", "null"), origin=h.id_(h.VICTIM, 5), right=h.id_(h.VICTIM, 6)),
    ),
    "emoji behind the pair": put(h.string(EMOJI), 5, 6),
    "everything once more": BASE,
    "emoji in a mark, which is one clock": put(h.mark("link", f'"{EMOJI}"'), 3, 4),
    "emoji that another one follows": h.of(
        h.item(h.string(EMOJI), origin=h.id_(h.VICTIM, 7)), h.item(h.string(EMOJI), origin=h.id_(h.ATTACKER, 1))
    ),
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_nothing_comes_between_the_halves_of_a_pair(cut: bytes) -> None:
    held = heard()
    scan = guard.scan(cut)
    guard.check(scan, held.known.clocks, "user:1", held.owners)
    with pytest.raises(Malformed, match="two UTF-16 units"):
        held.known.news(scan)


@pytest.mark.parametrize("update", WHOLE.values(), ids=WHOLE)
def test_a_pair_as_a_whole_is_a_character_like_others(update: bytes) -> None:
    heard(update)


def test_what_is_let_in_is_known() -> None:
    held = heard(put(h.string(f"x{EMOJI}"), 5, 6))
    assert held.known.news(guard.scan(delete(0, 1, h.ATTACKER)))
    assert held.known.news(guard.scan(delete(1, 3, h.ATTACKER)))
    with pytest.raises(Malformed):
        held.known.news(guard.scan(delete(0, 2, h.ATTACKER)))


def test_an_update_is_not_believed_about_what_is_here() -> None:
    lie = written(f"{EMOJI}abcd")
    held = heard(lie)
    assert held.known.news(guard.scan(delete(2, 3)))
    with pytest.raises(Malformed):
        held.known.news(guard.scan(delete(4, 5)))


# --- what a replica knows ---------------------------------------------------------------------------------------------


def opened(text: str) -> Replica:
    """A replica of a document that was written before."""
    return Replica(Stored(uuid4(), 1, written(text), (), {h.VICTIM: "user:1"}))


@pytest.mark.parametrize("size", [10, READ_WHOLE], ids=["small", "large"])
def test_pairs_are_known_of_what_was_written_before(size: int) -> None:
    replica = opened("x" * size + EMOJI)
    with pytest.raises(Malformed):
        replica.vet("user:1", delete(size, 2 + size + 1), is_current=True)
    assert replica.vet("user:1", delete(size, 2 + size + 2), is_current=True)


def test_a_document_without_pairs_is_not_searched() -> None:
    assert pairs.find(written("Grüße, 日本語")[:-9]) == {}
    with pytest.raises(Malformed):
        pairs.find(written(EMOJI + "x" * 20)[:-9])


@pytest.mark.parametrize(
    "struct", [b"\3\1\1x", b"\5\1\1{}", b"\x2a\1\7default\1x"], ids=["binary", "embed", "value of the root"]
)
def test_what_documents_do_not_hold_is_not_searched_further(struct: bytes) -> None:
    with pytest.raises(Malformed):
        pairs.find(h.update([h.block(struct, h.item(h.string(EMOJI), parent=h.root()))]))


# --- stock Yjs --------------------------------------------------------------------------------------------------------


def random_update(chance: random.Random, clocks: dict[int, int], number: int) -> bytes:
    """A deletion, or words between two neighbours, wherever that cuts."""
    client = chance.choice([h.VICTIM, *clocks])
    start = chance.randrange(2 if client == h.VICTIM else 0, clocks[client])
    if chance.random() < 0.4:
        return delete(start, chance.randint(start + 1, min(clocks[client], start + 4)), client)
    words = chance.choice([EMOJI, f"x{EMOJI}", f"{EMOJI}{EMOJI}y", "é", "z"])
    right = h.id_(client, start + 1) if start + 1 < clocks[client] else b""
    return h.update([h.block(h.item(h.string(words), origin=h.id_(client, start), right=right), client=1000 + number)])


def random_session(seed: int) -> tuple[list[bytes], int]:
    """What the guard lets in of it, and how many it refuses."""
    chance, held, taken, refused = random.Random(seed), heard(), [BASE], 0
    for number in range(25):
        update = random_update(chance, held.known.clocks, number)
        try:
            held.take(update, f"user:{number}")
        except Malformed:
            refused += 1
        else:
            taken.append(update)
    return taken, refused


def yjs_reads(documents: list[list[bytes]]) -> list[dict[str, Any]]:
    subprocess.run([sys.executable, "-m", "project.bootstrap", "test_packages"], cwd=ROOT, check=True)
    lines = "".join(json.dumps([update.hex() for update in updates]) + "\n" for updates in documents)
    done = subprocess.run([node(), str(READERS)], input=lines, check=True, capture_output=True, text=True)
    return [json.loads(line) | {"vector": dict(json.loads(line)["vector"])} for line in done.stdout.splitlines()]


def test_what_is_let_in_all_read_alike() -> None:
    """Live and loaded again, here and by stock Yjs: the same text and clocks, and nothing is waited for."""
    sessions = [random_session(seed) for seed in range(200)]
    ours: list[dict[str, Any]] = []
    states = []
    for taken, _ in sessions:
        doc = fold.new_doc()
        for update in taken:
            doc.apply_update(update)
        assert fold.is_faithful(doc.get_update(), doc)
        text = str(doc.get(fold.ROOT, type=XmlFragment))
        ours.append({"text": text, "vector": fold.clocks(doc), "waits": False})
        states.append([doc.get_update()])
    assert yjs_reads([taken for taken, _ in sessions]) == ours
    assert yjs_reads(states) == ours
    assert sum(refused for _, refused in sessions) > 500 and sum(EMOJI in each["text"] for each in ours) > 100
