"""The guard against what chance makes: random editing that must pass, random damage that must be refused in order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycrdt import Doc, XmlFragment, merge_updates

from collab import fold, guard, protocol
from collab.errors import CollabError, Malformed
from tests.collab import hostile as h
from tests.support.editor import Editor

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# --- editing sessions of pycrdt ---------------------------------------------------------------------------------------

WORDS = st.sampled_from(["a", "word ", "é", "日本", "\U0001f600", "x" * 200])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=5,
)
PLACES = st.integers(0, 10**6)
EDITS = st.one_of(
    st.tuples(st.just("type"), PLACES, WORDS),
    st.tuples(st.just("block"), PLACES, st.sampled_from(["paragraph", "heading", "listItem"])),
    st.tuples(st.just("set"), PLACES, VALUES),
    st.tuples(st.just("mark"), PLACES, st.sampled_from([{"bold": {}}, {"bold": None}, {"link": {"href": "é"}}])),
    st.tuples(st.just("cut"), PLACES, st.none()),
    st.tuples(st.just("drop"), PLACES, st.none()),
)
SESSIONS = st.lists(st.tuples(st.integers(0, 1), st.lists(EDITS, min_size=1, max_size=4)), max_size=25)


def knowledge_of(doc: Doc[XmlFragment]) -> guard.Knowledge:
    clocks = doc.get_state()
    return guard.Knowledge.of(clocks, doc.get_update(clocks), {})


@unhurried
@given(SESSIONS)
def test_one_editor_s_updates_pass_and_are_known_exactly(session: list[tuple[int, list[Any]]]) -> None:
    editor, known = Editor(2**53 - 1), guard.Knowledge()
    owners: dict[int, str] = {}
    for _, edits in session:
        for update in editor.edit(edits):
            scan = guard.scan(update)
            owners.update(guard.check(scan, known.clocks, "user:1", owners))
            known.news(scan)
            known.absorb(scan)
            assert not known.news(scan)
        assert known == knowledge_of(editor.doc)
        assert known.state_vector() == editor.doc.get_state()
    whole = guard.scan(editor.doc.get_update())
    assert not known.news(whole)
    read = guard.Knowledge()
    read.absorb(whole)
    assert read == known
    assert guard.check(whole, known.clocks, "user:2", owners) == {}


@unhurried
@given(SESSIONS)
def test_two_editors_who_never_met_pass_and_no_deletion_is_invented(session: list[tuple[int, list[Any]]]) -> None:
    """What one puts into what the other has deleted dies without a word; everything else must be known exactly."""
    editors = Editor(1), Editor(2**32)
    common = editors[0].edit([("block", 0, "paragraph"), ("block", 1, "heading")])
    editors[1].hear(common[0])
    said = [(0, common[0])] + [(who, update) for who, edits in session for update in editors[who].edit(edits)]
    server, known = fold.new_doc(), guard.Knowledge()
    owners: dict[int, str] = {}
    for who, update in said:
        scan = guard.scan(update)
        owners.update(guard.check(scan, known.clocks, f"user:{who}", owners))
        known.news(scan)
        known.absorb(scan)
        server.apply_update(update)
    truth = knowledge_of(server)
    assert known.clocks == truth.clocks
    covered = guard.Scan(deletes=known.deleted())
    assert not truth.news(covered)
    assert guard.scan(merge_updates(*[update for _, update in said])).inserts.keys() == known.clocks.keys()


@unhurried
@given(SESSIONS, st.integers(1, 5))
def test_the_pieces_of_an_update_come_to_the_same(session: list[tuple[int, list[Any]]], most: int) -> None:
    editors = Editor(1), Editor(2**32)
    for who, edits in session:
        for update in editors[who].edit(edits):
            editors[1 - who].hear(update)
    update = editors[0].doc.get_update()
    again, known = fold.new_doc(), guard.Knowledge()
    for piece in guard.split(update, most):
        scan = guard.scan(piece)
        guard.check(scan, known.clocks, "user:1", dict.fromkeys(known.clocks, "user:1"))  # no piece waits for another
        known.absorb(scan)
        assert piece[0] == 0 or (piece[0] == 1 and piece[1] <= most)
        again.apply_update(piece)
    assert known.clocks == knowledge_of(editors[0].doc).clocks
    assert fold.is_faithful(update, again)


# --- ranges -----------------------------------------------------------------------------------------------------------

RANGES = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair))), max_size=50)


@given(st.lists(RANGES, max_size=6), RANGES)
def test_deletions_are_a_set_of_clocks(told: list[list[tuple[int, int]]], asked: list[tuple[int, int]]) -> None:
    known, clocks = guard.Knowledge(), set()
    for ranges in told:
        known.absorb(guard.Scan(deletes={5: ranges}))
        clocks |= {clock for start, end in ranges for clock in range(start, end)}
    found = known.deleted().get(5, [])
    assert {clock for start, end in found for clock in range(start, end)} == clocks
    assert all(end < start for (_, end), (start, _) in zip(found, found[1:], strict=False)), "sorted, and apart"
    wanted = {clock for start, end in asked for clock in range(start, end)}
    assert known.news(guard.Scan(deletes={5: asked})) == bool(wanted - clocks)


# --- damage -----------------------------------------------------------------------------------------------------------


def rich() -> bytes:
    """The state of a document by two editors with something of everything in it."""
    editor, other = Editor(300), Editor(301)
    editor.edit([("block", 0, "paragraph"), ("block", 0, "heading"), ("type", 5, "\U0001f600é")])
    editor.edit([("mark", 3, {"link": {"href": "é"}}), ("set", 1, [1, 2.5, {"a": None}]), ("set", 1, "x")])
    editor.edit([("block", 0, "listItem"), ("drop", 1, None), ("type", 3, "more")])
    other.hear(editor.doc.get_update())
    other.edit([("type", 9, "theirs"), ("cut", 3, None), ("set", 0, True)])
    return other.doc.get_update()


RICH = rich()


def test_a_cut_update_is_malformed_wherever_it_is_cut() -> None:
    assert len(guard.scan(RICH).inserts) == 2
    for end in range(len(RICH)):
        try:
            guard.scan(RICH[:end])
        except Malformed:
            continue
        raise AssertionError(f"cut at {end} it passes")


DAMAGE = st.lists(
    st.tuples(st.integers(0, len(RICH) - 1), st.integers(0, 255), st.sampled_from(["xor", "set", "insert", "delete"])),
    min_size=1,
    max_size=4,
)


def damaged(damage: list[tuple[int, int, str]]) -> bytes:
    data = bytearray(RICH)
    for place, byte, how in damage:
        place %= len(data)
        match how:
            case "xor":
                data[place] ^= byte
            case "set":
                data[place] = byte
            case "insert":
                data.insert(place, byte)
            case "delete":
                del data[place]
    return bytes(data)


@settings(unhurried, max_examples=500)
@given(DAMAGE)
def test_damage_meets_our_own_errors_and_what_passes_does_not_panic_pycrdt(damage: list[tuple[int, int, str]]) -> None:
    update = damaged(damage)
    with suppress(CollabError):
        guard.check(guard.scan(update), {}, "user:1", {})
        with suppress(ValueError, RuntimeError):  # a panic is neither
            fold.new_doc().apply_update(update)


@settings(unhurried, max_examples=500)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"\1\1\5\0" + tail))
def test_any_bytes_meet_our_own_errors(data: bytes) -> None:
    for read in (guard.scan, protocol.decode, protocol.decode_awareness, protocol.decode_state_vector):
        with suppress(CollabError):
            read(data)


# --- work is counted, not timed ---------------------------------------------------------------------------------------


def steps(update: bytes) -> int:
    """Lines of Python that reading an update takes."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(CollabError):
            guard.check(guard.scan(update), {}, "user:1", {})
    finally:
        sys.settrace(before)
    return count


def crossed(size: int) -> bytes:
    """Structs of two clients, each built on the other's one before."""
    mine = [h.item(h.element(), parent=h.root())] + [
        h.item(h.element(), origin=h.id_(h.STRANGER, clock)) for clock in range(size)
    ]
    theirs = [h.item(h.element(), origin=h.id_(h.ATTACKER, clock)) for clock in range(size)]
    return h.update([h.block(*mine), h.block(*theirs, client=h.STRANGER)])


GROWING: dict[str, Callable[[int], bytes]] = {
    "crossed": crossed,
    "typed": lambda n: h.of(h.item(h.TEXT, parent=h.root()), *[h.item(h.string("x"), origin=h.id_(h.ATTACKER, 0))] * n),
    "arrays": lambda n: h.attribute(b"\x75" + protocol.varuint(n) + h.NULL * n),
    "deletions": lambda n: h.update((), [h.deletion(5, *[(2 * k, 1) for k in range(n)])]),
    "continuations": lambda n: b"\xff" * n,
    "waiting": lambda n: h.update(
        h.block(h.item(h.string("x"), origin=h.id_(1000 + k + 1, 0)), client=1000 + k) for k in range(n)
    ),
}


def test_reading_takes_work_in_proportion_to_size() -> None:
    for name, build in GROWING.items():
        once, twice = steps(build(200)), steps(build(400))
        assert twice < 3 * once, f"{name}: {once} steps become {twice}"
