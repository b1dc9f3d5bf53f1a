"""Each limit one below, at and one above; and what a claim costs that nothing stands behind."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from time import thread_time

import pytest

from collab import consumers, depths, guard, protocol
from collab.encoding import varbytes, varuint
from collab.errors import CollabError
from tests.attacks.mutations import seeds
from tests.collab import hostile as h
from tests.support.figures import Figure, Length

Read = Callable[[int], object]
MODULES = (protocol, guard, depths, consumers)


def _claims(n: int) -> object:
    blocks = (h.block(h.PARAGRAPH, client=10_000 + k) for k in range(n))
    return guard.check(guard.scan(h.update(blocks)), {}, "user:1", {})


def _deep(n: int) -> object:
    """Elements in elements in the document, which no update says all of."""
    held = guard.Knowledge()
    for clock in range(n + 1):
        parent = h.inside(h.ATTACKER, clock - 1) if clock else h.root()
        scan = guard.scan(h.of(h.item(h.element(), parent=parent), clock=clock))
        held.news(scan)
        held.absorb(scan)
    return held


def _state(size: int) -> object:
    return protocol.decode(h.states('{"a":"' + "x" * (size - 8) + '"}'))


def _nested(depth: int) -> object:
    return protocol.decode(h.states('{"a":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"))


ROWS: dict[str, Read] = {
    "protocol.MAX_FRAME_BYTES": lambda n: protocol.decode(protocol.update(b"\0" * (n - 5))),
    "protocol.MAX_CLIENT_ID": lambda n: protocol.decode_state_vector(b"\1" + _number(n) + b"\0"),
    "protocol.MAX_CLOCK": lambda n: protocol.decode_state_vector(b"\1\1" + _number(n)),
    "protocol.MAX_VECTOR_CLIENTS": lambda n: protocol.decode_state_vector(
        protocol.encode_state_vector(dict.fromkeys(range(n), 0))
    ),
    "protocol.MAX_STATES": lambda n: protocol.decode(h.states(*["{}"] * n)),
    "protocol.MAX_STATE_BYTES": _state,
    "protocol.MAX_STATE_DEPTH": _nested,
    "guard.MAX_CLAIMS": _claims,
    "depths.MAX_DEPTH": _deep,
    "consumers.MAX_FORM_BYTES": lambda n: consumers._form('{"a":"' + "é" * ((n - 8) // 2) + "x" * (n % 2) + '"}'),
}


def _number(n: int) -> bytes:
    return varuint(n)


def limits() -> dict[str, int]:
    """Every MAX_ of the modules that read what clients send, where it is defined."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in MODULES
        for name, value in vars(module).items()
        if name.startswith("MAX_") and f"\n{name} = " in _source(module)
    }


def _source(module: object) -> str:
    with open(str(vars(module)["__file__"])) as file:
        return file.read()


def test_each_limit_has_a_row() -> None:
    assert limits().keys() == ROWS.keys()


@pytest.mark.parametrize("name", ROWS)
def test_a_limit_holds_exactly(name: str) -> None:
    read, most = ROWS[name], limits()[name]
    read(most - 1)
    read(most)
    with pytest.raises(CollabError):
        read(most + 1)


HUGE = tuple(map(varuint, (20_000, 200_000, 8 * 10**8, 2**31 - 1, 2**31, 2**53 - 1)))


def test_a_claim_with_nothing_behind_it_costs_nothing(length: Length[int], figure: Figure) -> None:
    """A huge number in the place of each byte of frames of every kind: in each field that is a number, therefore."""
    frames = [frame for frame in seeds(random.Random(4), length(8, 60)) if len(frame) < length(150, 1500)]
    claims = [frame[:at] + huge + frame[at + 1 :] for frame in frames for at in range(len(frame)) for huge in HUGE]
    claims += [b"\0" + bytes([kind]) + varbytes(huge) for kind in (0, 1, 2) for huge in HUGE]
    most = slowest = 0.0
    tracemalloc.start()
    try:
        for claim in claims:
            tracemalloc.reset_peak()
            before, began = tracemalloc.get_traced_memory()[0], thread_time()
            with suppress(CollabError):
                match protocol.decode(claim):
                    case protocol.Update(update) | protocol.SyncStep2(update):
                        guard.scan(update)
            slowest = max(slowest, thread_time() - began)
            most = max(most, tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    figure("C4", f"{len(claims):,} claims: most memory {most / 1024:.0f} kB, slowest {slowest * 1000:.1f} ms")
    assert most < 5 << 20
