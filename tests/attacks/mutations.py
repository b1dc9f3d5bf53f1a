"""Frames that an honest client could have sent, and what chance makes of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from collab import protocol
from collab.encoding import varbytes, varuint
from tests.collab import hostile
from tests.support.editor import Editor

SEEDED = 3_000_000_001  # the client id in the seeds: five bytes, as most of Yjs's are
_WORDS = ("a", "word ", "é", "日本", "\U0001f600", "x" * 60)
_BLOCKS = ("paragraph", "heading", "listItem", "table")
_VALUES = (None, True, 3, 2.5, "text", ["a", 1], {"href": "https://example.org"})
_MARKS: tuple[dict[str, object], ...] = ({"bold": {}}, {"bold": None}, {"link": {"href": "é"}})
_INTERESTING = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x20, 0x40, 0xC0)
_NUMBERS = (0, 1, 63, 64, 255, 2**14, 2**21, 2**31 - 1, 2**31, 2**32 - 1, 2**53 - 1, 2**53, 2**63)


def seeds(chance: random.Random, count: int = 300) -> list[bytes]:
    """Update frames of a short editing session under the client id SEEDED, and one of every other kind."""
    editor = Editor(SEEDED)
    edits = {"type": _WORDS, "block": _BLOCKS, "set": _VALUES, "mark": _MARKS, "cut": (None,), "drop": (None,)}
    frames = [protocol.update(hostile.of(hostile.PARAGRAPH)), protocol.sync_step1(b"\2\1\1\2\2")]
    for _ in range(count):
        kinds = chance.choices(list(edits), [8, 4, 3, 3, 2, 1], k=chance.randint(1, 3))
        before = editor.doc.get_state()
        editor.edit([(kind, chance.randrange(10**6), chance.choice(edits[kind])) for kind in kinds])
        # Cut off from what came before, so that a stranger to the document may say it.
        frames.append(
            protocol.update(editor.doc.get_update() if chance.random() < 0.5 else editor.doc.get_update(before))
        )
    states = [protocol.ClientState(SEEDED, 1, {"cursor": {"anchor": [1, 2], "head": None}, "user": {"name": "Ada"}})]
    attacks = [protocol.update(attack.data) for attack in hostile.UPDATES if len(attack.data) < 400]
    honest = [frame for frame in frames if len(frame) < 4000]
    return [*honest * (len(attacks) // 20), protocol.awareness(states), b"\3", *attacks]


def as_client(frame: bytes, client_id: int) -> bytes:
    """The same in the name of another client; `client_id` has as many bytes as SEEDED."""
    return frame.replace(varuint(SEEDED), varuint(client_id))


def mutate(chance: random.Random, frame: bytes, others: Sequence[bytes]) -> bytes:
    """A few random damages; half of the time inside of the payload, whose length is then mended."""
    if len(frame) > 2 and frame[0] == 0 and chance.random() < 0.7:
        payload = protocol.Reader(frame[2:]).varbytes()
        return frame[:2] + varbytes(_damage(chance, payload, others))
    return _damage(chance, frame, others)


def _damage(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        data = chance.choice(_DAMAGES)(chance, data, others)
    return data


def _flip(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _set(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([chance.choice(_INTERESTING)]) + data[at + 1 :]


def _nudge(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([(data[at] + chance.choice((-1, 1))) % 256]) + data[at + 1 :] if at < len(data) else data


def _cut(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.randint(1, 12) :]


def _repeat(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at, size = chance.randrange(len(data) + 1), chance.randint(1, 40)
    return data[:at] + data[at : at + size] * chance.randint(1, 4) + data[at:]


def _number(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at, number = chance.randrange(len(data) + 1), chance.choice(_NUMBERS)
    return data[:at] + varuint(number) + data[at + chance.randint(0, 3) :]


def _splice(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    here, there = chance.randrange(len(data) + 1), chance.randrange(len(other) + 1)
    return data[:here] + other[there : there + chance.randint(1, 60)] + data[here:]


_DAMAGES: tuple[Callable[[random.Random, bytes, Sequence[bytes]], bytes], ...] = (
    _flip, _set, _nudge, _cut, _repeat, _number, _splice,
)  # fmt: skip
