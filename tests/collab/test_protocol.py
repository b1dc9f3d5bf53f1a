"""Frames both ways, the attacks on them, and that docs/protocol.md tells of each."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab import errors, guard, protocol
from collab.consumers import MAX_FORM_BYTES
from collab.depths import MAX_DEPTH
from collab.encoding import Reader, parse_json, skip_any, varbytes, varuint
from collab.errors import CollabError, Malformed, TooLarge
from docs_app.socket.forms import _ACTIONS
from tests.collab import hostile

CLIENTS, CLOCKS = st.integers(0, protocol.MAX_CLIENT_ID), st.integers(0, protocol.MAX_CLOCK)
VECTORS = st.dictionaries(CLIENTS, CLOCKS, max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
STATES = st.lists(
    st.builds(protocol.ClientState, CLIENTS, CLOCKS, st.none() | st.dictionaries(st.text(), PLAIN, max_size=3)),
    max_size=5,
)


@given(st.integers(0, 2**53 - 1))
def test_numbers_come_back(number: int) -> None:
    reader = Reader(varuint(number) + b"rest")
    assert reader.varuint() == number
    assert reader.rest() == b"rest"
    assert reader.done


@given(st.lists(st.binary(max_size=10) | st.builds(varuint, st.integers(0, 2**54))), st.integers(0, 2**54))
def test_many_numbers_at_once_are_read_as_one_after_the_other(parts: list[bytes], limit: int) -> None:
    data = b"".join(parts)
    slow, quick = Reader(data), Reader(data)
    try:
        expected = [slow.varuint(limit) for _ in parts]
    except Malformed:
        with pytest.raises(Malformed, match=r"A number is cut off|is too big"):
            quick.varuints(len(parts), limit)
    else:
        assert quick.varuints(len(parts), limit) == expected
        assert quick.position == slow.position


def test_a_number_has_bounds() -> None:
    assert Reader(b"\x80\x00").varuint() == 0, "lib0 reads idle zeros too"
    with pytest.raises(Malformed, match="too big"):
        Reader(varuint(2**53)).varuint()
    with pytest.raises(Malformed, match="too big"):
        Reader(varuint(8)).varuint(7)
    assert Reader(varuint(7)).varuint(7) == 7
    with pytest.raises(Malformed, match="eight bytes"):
        Reader(b"\x80" * 8 + b"\x00").varuint(2**63)
    with pytest.raises(ValueError):
        varuint(-1)


def test_a_reader_stays_where_it_was_when_there_is_not_enough() -> None:
    reader = Reader(b"\x05abc")
    assert reader.byte() == 5
    with pytest.raises(Malformed, match="middle"):
        reader.take(4)
    assert (reader.position, reader.done) == (1, False)
    assert reader.take(3) == b"abc"
    with pytest.raises(Malformed, match="middle"):
        reader.byte()
    reader.end()


@given(VECTORS)
def test_a_state_vector_comes_back(vector: dict[int, int]) -> None:
    encoded = protocol.encode_state_vector(vector)
    assert protocol.decode_state_vector(encoded) == vector
    assert protocol.decode(protocol.sync_step1(encoded)) == protocol.SyncStep1(vector)


def test_an_empty_state_vector_may_be_nothing_at_all() -> None:
    assert protocol.decode(b"\0\0\0") == protocol.decode(b"\0\0\1\0") == protocol.SyncStep1({})


def test_a_state_vector_has_a_bound() -> None:
    most = dict.fromkeys(range(protocol.MAX_VECTOR_CLIENTS), 0)
    assert len(protocol.decode_state_vector(protocol.encode_state_vector(most))) == protocol.MAX_VECTOR_CLIENTS
    with pytest.raises(TooLarge, match="200000"):
        protocol.decode_state_vector(protocol.encode_state_vector({**most, 2**40: 1}))


@given(st.binary(max_size=300))
def test_updates_come_back(update: bytes) -> None:
    assert protocol.decode(protocol.update(update)) == protocol.Update(update)
    assert protocol.decode(protocol.sync_step2(update)) == protocol.SyncStep2(update)


@given(STATES)
def test_awareness_comes_back(states: list[protocol.ClientState]) -> None:
    assert protocol.decode(protocol.awareness(states)) == protocol.AwarenessUpdate(states)
    assert protocol.decode_awareness(protocol.encode_awareness(states)) == states


def test_a_query_is_one_byte() -> None:
    assert protocol.decode(b"\3") == protocol.QueryAwareness()


def test_limits_hold_exactly() -> None:
    frame = protocol.update(b"\0" * (protocol.MAX_FRAME_BYTES - 5))
    assert len(frame) == protocol.MAX_FRAME_BYTES
    assert isinstance(protocol.decode(frame), protocol.Update)
    fits = '{"a":"' + "x" * (protocol.MAX_STATE_BYTES - 8) + '"}'
    assert isinstance(protocol.decode(hostile.states(fits)), protocol.AwarenessUpdate)
    with pytest.raises(TooLarge, match="4096"):
        protocol.decode(hostile.states(fits.replace("x", "xx", 1)))
    with pytest.raises(TooLarge, match="4096"):
        protocol.decode(hostile.states(fits.replace("xx", "é", 1).replace("x", "é", 1)))
    nested = '{"a":' + "[" * (protocol.MAX_STATE_DEPTH - 1) + "]" * (protocol.MAX_STATE_DEPTH - 1) + "}"
    assert isinstance(protocol.decode(hostile.states(nested)), protocol.AwarenessUpdate)
    crowd = [protocol.ClientState(n, 0, None) for n in range(protocol.MAX_STATES)]
    assert isinstance(protocol.decode(protocol.awareness(crowd)), protocol.AwarenessUpdate)


def test_json_is_what_browsers_read() -> None:
    assert parse_json('{"a": [1, 2.5, null, true, "\\ud83d\\ude00", "{[{[{["]}', 2) == {
        "a": [1, 2.5, None, True, "\U0001f600", "{[{[{["]
    }
    for text in "NaN", "Infinity", "-1e999", "9" * 5000, "9" * 400, "[1,]", "\ufeff1", "[" * 100_000:
        with pytest.raises(Malformed, match="not JSON"):
            parse_json(text, 4)


@given(st.binary(max_size=60))
def test_any_value_is_read_within_its_bytes(data: bytes) -> None:
    reader = Reader(data)
    with suppress(Malformed):
        assert skip_any(reader, 4) >= 1
        assert reader.position <= len(data)


@pytest.mark.parametrize("attack", hostile.FRAMES, ids=lambda attack: attack.name)
def test_an_attack_is_refused(attack: hostile.Attack) -> None:
    with pytest.raises(attack.error, match=re.escape(attack.says)) as caught:
        protocol.decode(attack.data)
    assert type(caught.value) is attack.error


def test_a_cut_frame_is_malformed_wherever_it_is_cut() -> None:
    whole = [
        protocol.sync_step1(protocol.encode_state_vector({5: 300, 2**40: 1})),
        protocol.update(b"\0\0"),
        protocol.awareness([protocol.ClientState(2**32, 7, {"cursor": {"anchor": "é"}})]),
        b"\3",
    ]
    for frame in whole:
        protocol.decode(frame)
        for end in range(len(frame)):
            with pytest.raises(Malformed):
                protocol.decode(frame[:end])


def test_decoding_takes_work_in_proportion_to_size() -> None:
    growing: dict[str, Callable[[int], bytes]] = {
        "vector": lambda n: protocol.sync_step1(protocol.encode_state_vector(dict.fromkeys(range(n), 1))),
        "states": lambda n: protocol.awareness([protocol.ClientState(k, 1, None) for k in range(n)]),
        "json": lambda n: hostile.states('{"a":[' + "[]," * n + "1]}"),
        "continuations": lambda n: b"\xff" * n,
    }
    for name, build in growing.items():
        once, twice = _steps(build(300)), _steps(build(600))
        assert twice < 3 * once, f"{name}: {once} steps become {twice}"


def _steps(frame: bytes) -> int:
    """Lines of Python that decoding takes."""
    count = 0

    def trace(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(CollabError):
            protocol.decode(frame)
    finally:
        sys.settrace(before)
    return count


# --- what only the server says ----------------------------------------------------------------------------------------


def test_our_own_frames_are_as_documented() -> None:
    assert protocol.permission_denied("no") == b"\2\0\2no"
    assert protocol.saved(300, 5) == b"\x41\xac\x02\x05"
    assert protocol.notice("refused", "é") == b"\x43" + varbytes(b"refused") + varbytes("é".encode())
    facts: Mapping[str, object] = {"level": 40, "name": "Grace \U0001f600 \ud800"}
    for frame, kind in (protocol.hello(facts), 64), (protocol.level(facts), 66):
        reader = Reader(frame)
        assert reader.varuint() == kind
        text = reader.varstring()
        reader.end()
        assert text.isascii()
        assert json.loads(text) == facts


def test_no_frame_carries_what_is_not_json() -> None:
    with pytest.raises(ValueError):
        protocol.hello({"level": float("nan")})


# --- the page that tells of it ----------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def test_every_kind_of_frame_is_documented() -> None:
    kinds = [protocol.SYNC, protocol.AWARENESS, protocol.AUTH, protocol.QUERY_AWARENESS]
    kinds += [protocol.HELLO, protocol.SAVED, protocol.LEVEL, protocol.NOTICE]
    rows = {int(number) for number in re.findall(r"^\| `(\d+)", PAGE, re.MULTILINE)}
    assert rows == set(kinds)
    assert len(set(kinds)) == 8


def test_every_close_code_is_documented() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CollabError)]
    codes = {kind.code for kind in kinds}
    documented = {int(code) for code in re.findall(r"^\| (\d{4}) \|", PAGE, re.MULTILINE)}
    assert documented == codes


@pytest.mark.parametrize(
    "name", ["MAX_FRAME_BYTES", "MAX_VECTOR_CLIENTS", "MAX_STATES", "MAX_STATE_BYTES", "MAX_STATE_DEPTH"]
)
def test_every_limit_is_documented(name: str) -> None:
    assert f"{getattr(protocol, name):,}" in PAGE


def test_the_limits_of_an_update_are_documented() -> None:
    section = PAGE[PAGE.index("## What an update may hold") :]
    for field, most in asdict(guard.DEFAULT).items():
        assert isinstance(most, bool) or re.search(rf"\b{most:,}\b", section), field
    assert f"in the document | {MAX_DEPTH} |" in section
    assert f" {guard.MAX_CLAIMS} new to the document" in section


def test_every_form_is_documented() -> None:
    rows = {
        name for row in re.findall(r"^\| (`\w+\.\w+`.*?) \|", PAGE, re.MULTILINE) for name in re.findall(r"[\w.]+", row)
    }
    assert rows == set(_ACTIONS)
    assert f"{MAX_FORM_BYTES:,}" in PAGE
