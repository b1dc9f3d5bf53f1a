"""The guard against crafted attacks, and its limits one below, at and one above."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from pycrdt import Doc, XmlFragment

from collab import fold, guard, protocol
from collab.errors import ClientIdTaken, CollabError, Gap, Malformed, TooLarge
from tests.collab import hostile as h

CLOCKS, OWNERS = {h.VICTIM: h.KNOWN}, {h.VICTIM: "user:1"}


@pytest.mark.parametrize("attack", h.UPDATES, ids=lambda attack: attack.name)
def test_an_attack_is_refused_by_reading_alone(attack: h.Attack) -> None:
    with pytest.raises(attack.error, match=re.escape(attack.says)) as caught:
        guard.scan(attack.data)
    assert type(caught.value) is attack.error


@pytest.mark.parametrize("attack", h.INTRUSIONS, ids=lambda attack: attack.name)
def test_an_intrusion_reads_well_and_is_refused_by_what_is_known(attack: h.Attack) -> None:
    with pytest.raises(attack.error, match=re.escape(attack.says)) as caught:
        guard.check(guard.scan(attack.data), CLOCKS, "user:2", OWNERS)
    assert type(caught.value) is attack.error


def test_the_same_bytes_are_welcome_from_the_owner_of_the_client_id() -> None:
    forged = guard.scan(h.update([h.block(h.gc(3), client=h.VICTIM, clock=h.KNOWN)]))
    assert guard.check(forged, CLOCKS, "user:1", OWNERS) == {}
    with pytest.raises(ClientIdTaken):
        guard.check(forged, CLOCKS, "guest:1", OWNERS)
    with pytest.raises(ClientIdTaken):
        guard.check(forged, CLOCKS, "user:1", {h.VICTIM: "server"})
    with pytest.raises(ClientIdTaken):
        guard.check(forged, CLOCKS, "user:1", {})  # whoever wrote those ten clocks: not known to be this one


def test_anybody_may_repeat_what_is_known() -> None:
    echo = guard.scan(h.update([h.block(h.gc(h.KNOWN), client=h.VICTIM)], [h.deletion(h.VICTIM, (0, h.KNOWN))]))
    assert guard.check(echo, CLOCKS, "user:2", OWNERS) == {}


def test_the_first_use_of_a_client_id_is_a_claim() -> None:
    scan = guard.scan(h.of(h.item(h.string("x"), origin=h.id_(h.VICTIM, h.KNOWN - 1))))
    assert guard.check(scan, CLOCKS, "user:2", OWNERS) == {h.ATTACKER: "user:2"}
    assert guard.check(scan, CLOCKS, "user:2", {**OWNERS, h.ATTACKER: "user:2"}) == {}


# Each adds three clocks to a document whose deepest element has the clock `top`, and ends with a deeper one.
DEEPER: dict[str, Callable[[int], list[bytes]]] = {
    "in each other": lambda top: [
        h.of(h.item(h.element(), parent=h.inside(h.ATTACKER, at)), clock=at + 1) for at in range(top, top + 3)
    ],
    "beside each other": lambda top: [
        h.of(
            h.item(h.element(), parent=h.inside(h.ATTACKER, top)),
            h.item(h.element(), right=h.id_(h.ATTACKER, top + 1)),
            clock=top + 1,
        ),
        h.of(h.item(h.element(), origin=h.id_(h.ATTACKER, top + 2)), clock=top + 3),
    ],
    "beside what came deleted": lambda top: [
        h.of(h.item(h.deleted(2), parent=h.inside(h.ATTACKER, top)), clock=top + 1),
        h.of(h.item(h.element(), origin=h.id_(h.ATTACKER, top + 1)), clock=top + 3),
    ],
    "with a lie about what is known": lambda top: [
        h.of(
            *[h.item(h.element(), parent=h.root())] * (top + 1),
            *[h.item(h.element(), parent=h.inside(h.ATTACKER, at)) for at in range(top, top + 3)],
        )
    ],
    "by two clients": lambda top: [
        h.update(
            [
                h.block(*[h.item(h.element(), parent=h.inside(h.STRANGER, top + n)) for n in range(3)], clock=top + 1),
                h.block(
                    *[h.item(h.element(), parent=h.inside(h.ATTACKER, top + n)) for n in range(3)],
                    client=h.STRANGER,
                    clock=top + 1,
                ),
            ]
        )
    ],
}


@pytest.mark.parametrize("how", DEEPER)
def test_nesting_has_one_bound_for_all_updates_together(how: str) -> None:
    held, owners = guard.Knowledge(), {h.ATTACKER: "user:1", h.STRANGER: "user:1"}
    held.absorb(guard.scan(h.update([h.block(h.PARAGRAPH), h.block(h.PARAGRAPH, client=h.STRANGER)])))
    with pytest.raises(TooLarge, match="nest 256 deep"):
        for top in range(0, 3000, 3):
            for update in DEEPER[how](top):
                scan = guard.scan(update)
                guard.check(scan, held.clocks, "user:1", owners)
                assert held.news(scan)
                held.absorb(scan)
    assert held.clocks[h.ATTACKER] >= 128


def test_nodes_do_not_hide_their_depth_among_characters() -> None:
    held = guard.Knowledge()
    held.absorb(guard.scan(h.in_text(h.string("ab"))))
    for beside in (
        {"origin": h.id_(h.ATTACKER, 2)},
        {"right": h.id_(h.ATTACKER, 1)},
        {"parent": h.inside(h.ATTACKER, 2)},
    ):
        with pytest.raises(Malformed, match="side by side"):
            held.news(guard.scan(h.of(h.item(h.element(), **beside), clock=3)))
    deleted = guard.scan(h.of(h.item(h.deleted(1), origin=h.id_(h.ATTACKER, 2)), clock=3))
    assert held.news(deleted)
    held.absorb(deleted)
    with pytest.raises(Malformed, match="side by side"):
        held.news(guard.scan(h.of(h.item(h.element(), origin=h.id_(h.ATTACKER, 3)), clock=4)))


def test_what_was_loaded_counts_as_not_nested() -> None:
    held = guard.Knowledge.of(protocol.encode_state_vector({h.ATTACKER: 5}), b"\0\0", {})
    scan = guard.scan(h.of(h.item(h.element(), parent=h.inside(h.ATTACKER, 2)), clock=5))
    assert held.news(scan)


LIMITS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "size": (lambda n: h.of(h.PARAGRAPH, *[h.gc(1)] * ((n - len(h.of(h.PARAGRAPH))) // 2)), 101),
    "clients": (lambda n: h.update(h.block(h.gc(1), client=1000 + k) for k in range(n)), 20),
    "structs": (lambda n: h.update([h.block(*[h.gc(1)] * (n - 3)), h.block(*[h.gc(1)] * 3, client=5)]), 20),
    "deletes": (
        lambda n: h.update((), [h.deletion(5, *[(k, 1) for k in range(n - 3)]), h.deletion(6, (0, 1), (1, 1), (2, 1))]),
        20,
    ),
    "nesting": (h.chain, 20),
    "depth": (lambda n: h.attribute(b"\x75\1" * n + h.NULL), 5),
    "values": (lambda n: h.attribute(*[h.NULL] * n), 30),
    "value_size": (lambda n: h.in_text(h.mark("link", '"' + "x" * (n - 2) + '"')), 90),
    "name_size": (lambda n: h.in_text(h.mark("m" * n, "{}")), 20),
    "firsts": (
        lambda n: h.of(h.PARAGRAPH, *[h.item(h.value(h.NULL), parent=h.inside(h.ATTACKER, 0), name=b"a")] * n),
        7,
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_holds_exactly(name: str) -> None:
    build, most = LIMITS[name]
    limits = guard.Limits(**{name: most})  # type: ignore[arg-type]
    step = 2 if name == "size" else 1
    guard.scan(build(most - step), limits)
    guard.scan(build(most), limits)
    with pytest.raises((TooLarge, Malformed), match=str(most) if name != "firsts" else "too often"):
        guard.scan(build(most + step), limits)


def test_each_field_has_its_limit_tested() -> None:
    assert set(LIMITS) == set(guard.Limits.__dataclass_fields__) - {"empties"}


def test_the_server_s_own_updates_may_be_of_any_size() -> None:
    many = guard.scan(h.of(h.PARAGRAPH, *[h.gc(1)] * 600_000), guard.TRUSTED)
    assert many.inserts == {h.ATTACKER: (0, 600_001)}
    assert guard.scan(h.in_text(h.string("")), guard.TRUSTED).inserts == {h.ATTACKER: (0, 1)}


def test_strings_count_in_utf_16_units() -> None:
    assert guard.scan(h.in_text(h.string("aé日\U0001f600"))).inserts == {h.ATTACKER: (0, 1 + 5)}


@pytest.mark.parametrize("attack", h.UPDATES + h.INTRUSIONS, ids=lambda attack: attack.name)
def test_a_refused_update_cut_anywhere_raises_nothing_but_our_own_errors(attack: h.Attack) -> None:
    for end in range(min(len(attack.data), 200)):
        with suppress(CollabError):
            guard.check(guard.scan(attack.data[:end]), CLOCKS, "user:2", OWNERS)


# --- inputs that are known to break an unguarded pycrdt ---------------------------------------------------------------


def corpus() -> tuple[bytes, dict[str, bytes]]:
    beside = Path(__file__).parents[2] / ".." / "shared" / "data"
    path = Path(os.environ.get("SCRIPTORIUM_DATA", beside)) / ".." / "spikes" / "corpus.json"
    if not path.is_file():
        pytest.skip("spikes/corpus.json is not beside SCRIPTORIUM_DATA")
    data = json.loads(path.read_text())
    return bytes.fromhex(data["base_hex"]), {name: bytes.fromhex(case) for name, case in data["cases"].items()}


def test_the_corpus_never_brings_pycrdt_down() -> None:
    """Refused, or no more than an error of pycrdt's that the replica answers by starting again from its log."""
    base, cases = corpus()
    for update in cases.values():
        for known in (b"\0\0", base):
            doc = fold.new_doc()
            doc.apply_update(known)
            held = guard.Knowledge.of(doc.get_state(), doc.get_update(doc.get_state()), {})
            try:
                guard.check(guard.scan(update), held.clocks, "user:1", dict.fromkeys(held.clocks, "user:1"))
            except (Malformed, Gap, ClientIdTaken):
                continue
            _apply(doc, update)


def _apply(doc: Doc[XmlFragment], update: bytes) -> None:
    try:
        doc.apply_update(update)
    except (RuntimeError, ValueError):  # a panic is neither, and fails this test
        return
    doc.get_update()
