"""What is read the short way comes to the same as the long way, and nothing passes the one that the other refuses."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pycrdt import TransactionEvent, XmlElement, XmlFragment, XmlText

from collab import fold, keystroke
from collab.encoding import varuint
from collab.errors import CollabError
from collab.structs import Scan, read_all, scan

NUMBERS = st.one_of(st.integers(0, 200), st.integers(0, 2**33), st.sampled_from([2**31 - 1, 2**31, 2**53 - 1, 2**53]))
REFS = st.lists(NUMBERS, min_size=2, max_size=2) | st.lists(NUMBERS, min_size=4, max_size=4)
LETTERS = st.one_of(st.binary(max_size=5), st.text("abc xyz", max_size=130).map(str.encode))


def outcome(update: bytes, *, is_short: bool) -> Scan | str:
    try:
        return scan(update) if is_short else read_all(update)
    except CollabError as error:
        return str(error)


def typing(client: int, clock: int, refs: list[int], letters: bytes, length: int) -> bytes:
    kind = 0xC4 if len(refs) > 2 else 0x84
    numbers = b"".join(map(varuint, refs))
    return b"\1\1" + varuint(client) + varuint(clock) + bytes((kind,)) + numbers + varuint(length) + letters + b"\0"


@given(NUMBERS, NUMBERS, REFS, LETTERS)
@example(5, 7, [5, 6], b"a")
@example(5, 7, [5, 7], b"a")
@example(5, 7, [9, 3, 9, 8], b"ab")
@example(5, 2**31 - 1, [5, 6], b"a")
def test_both_ways_say_the_same(client: int, clock: int, refs: list[int], letters: bytes) -> None:
    for length in len(letters), len(letters) + 1:
        update = typing(client, clock, refs, letters, length)
        assert outcome(update, is_short=True) == outcome(update, is_short=False)


@given(st.binary(max_size=40).map(lambda rest: b"\1\1" + rest))
def test_nothing_passes_that_would_not(update: bytes) -> None:
    assert outcome(update, is_short=True) == outcome(update, is_short=False)


@pytest.mark.parametrize("client_id", [1, 127, 128, 2**32 - 1, 2**53 - 1])
def test_typed_letters_are_recognised(client_id: int) -> None:
    updates: list[bytes] = []
    doc, text = fold.new_doc(client_id), XmlText("So ")
    doc.get(fold.ROOT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[text]))

    def keep(event: TransactionEvent) -> None:
        updates.append(event.update)

    watch = doc.observe(keep)
    for at in range(300):
        text.insert(3 + at % 7 * (at > 9), chr(97 + at % 26))
    doc.unobserve(watch)
    assert all(keystroke.typed(update) for update in updates)
    assert [scan(update) for update in updates] == [read_all(update) for update in updates]
