"""One trial of bytes: what the frame decoder, the guard and pycrdt behind it make of them, and what must hold then.

`CORPUS` holds bytes that together reach what could be reached, a line of hexadecimal digits for each. It began with
samples of our own (`seeds` of tests.attacks.mutations) and was made small by tests.attacks.coverage. The last one
brings emoji and deletes half of one, as chance made it (`python -m tests.attacks.fuzz 5 10000`).
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from collab import fold, guard, protocol
from collab.errors import CollabError

CORPUS = Path(__file__).with_name("corpus.txt")
_OWNER, _OTHER = "user:1", "user:2"


def corpus() -> list[bytes]:
    return [bytes.fromhex(line) for line in CORPUS.read_text().splitlines()]


def replay(data: bytes) -> str:
    """What becomes of a frame, and of the same bytes as an update. Raises what nothing here may raise."""
    fates = []
    for read in _frame, _update:
        try:
            fates.append(read(data))
        except CollabError as error:
            fates.append(type(error).__name__)
    return ", ".join(fates)


def _frame(data: bytes) -> str:
    message = protocol.decode(data)
    if isinstance(message, protocol.SyncStep2 | protocol.Update):
        _update(message.update)
    return "frame"


def _update(data: bytes) -> str:
    scan = guard.scan(data)
    knowledge = guard.Knowledge()
    owners = guard.check(scan, knowledge.clocks, _OWNER, {})
    knowledge.news(scan)
    knowledge.absorb(scan)
    assert not knowledge.news(scan), "what is known is no news"
    with suppress(CollabError):
        guard.check(scan, knowledge.clocks, _OTHER, owners)
    pieces = list(guard.split(data, 3))
    again = guard.Knowledge()
    for piece in pieces:
        again.absorb(guard.scan(piece, guard.TRUSTED))
    assert again.clocks == knowledge.clocks, "in pieces it is the same"
    _apply(pieces)
    return "update"


def _apply(pieces: list[bytes]) -> None:
    """pycrdt may refuse with an error, which costs the sender its connection; a panic is neither of these two."""
    doc = fold.new_doc()
    try:
        for piece in pieces:
            doc.apply_update(piece)
        state = doc.get_update()
    except (RuntimeError, ValueError):
        return
    again = fold.new_doc()
    again.apply_update(state)
    assert fold.clocks(again) == fold.clocks(doc), "what has been taken can be loaded again"
