"""Entries as bytes, and a state plus entries as a document. Pure: bytes in, bytes out.

An entry's payload: a version byte (2), the CRC-32 of what follows (4 bytes, big-endian), a varuint count, then per
write the author's principal (varstring) and its update (varbytes), so that a poisoned document can be rebuilt without
one author's last words. Version 1 is the same without the CRC.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from pycrdt import Doc, XmlElement, XmlFragment, XmlText, merge_updates

from collab import guard
from collab.errors import Malformed
from collab.ports import Entry, Write
from collab.protocol import Reader, decode_state_vector, varbytes, varuint

ROOT = "default"
_BARE, _CHECKED = 1, 2


def checksum(data: bytes) -> int:
    """32 bits that tell a damaged row."""
    return zlib.crc32(data)


def pack(writes: Iterable[Write]) -> bytes:
    """Writes as a log entry's payload."""
    parts = [varbytes(write.principal.encode()) + varbytes(write.update) for write in writes]
    body = varuint(len(parts)) + b"".join(parts)
    return bytes([_CHECKED]) + checksum(body).to_bytes(4) + body


def unpack(payload: bytes) -> tuple[Write, ...]:
    """A payload's writes. Raises Malformed if it is not one (a damaged row)."""
    reader = Reader(payload)
    version = reader.byte()
    if version == _CHECKED and int.from_bytes(reader.take(4)) != checksum(payload[5:]):
        raise Malformed("This log entry is damaged: its checksum is another.")
    if version not in (_BARE, _CHECKED):
        raise Malformed("This log entry was written in a format that this version does not read.")
    writes = tuple(Write(reader.varstring(), reader.varbytes()) for _ in range(reader.varuint()))
    reader.end()
    return writes


def new_doc(client_id: int | None = None) -> Doc[XmlFragment]:
    """An empty document with its root, as every replica starts."""
    doc: Doc[XmlFragment] = Doc(client_id=client_id)
    doc.get(ROOT, type=XmlFragment)
    return doc


def replay(state: bytes | None, entries: Iterable[Entry], client_id: int | None = None) -> Doc[XmlFragment]:
    """The document after `entries` on top of `state` (a full Yjs v1 update)."""
    doc = new_doc(client_id)
    if state:
        doc.apply_update(state)
    with doc.transaction():
        for entry in entries:
            for write in entry.writes:
                doc.apply_update(write.update)
    return doc


def fold(state: bytes | None, entries: Iterable[Entry]) -> bytes:
    """The full state after `entries`. Folding through a Doc coalesces runs, which merging updates does not."""
    return replay(state, entries).get_update()


def together(updates: Sequence[bytes]) -> Sequence[bytes]:
    """The updates as one, or as they are if pycrdt cannot join them."""
    if len(updates) == 1:
        return updates
    try:
        return [merge_updates(*updates)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 (pycrdt's PanicException is no Exception; apart, they can still be sent)
        return updates


def is_faithful(state: bytes, original: Doc[XmlFragment]) -> bool:
    """Whether `state`, loaded afresh, is the same document: the check before anything older is let go."""
    try:
        return is_same(open_state(state), original)
    except Malformed:
        return False


def open_state(state: bytes) -> Doc[XmlFragment]:
    """A state, loaded afresh. Raises Malformed if pycrdt cannot."""
    with _malformed("This state cannot be loaded"):
        return replay(state, ())


def apply(doc: Doc[XmlFragment], entries: Iterable[Entry]) -> None:
    """Take entries into a document. Raises Malformed if pycrdt cannot, and then the document is suspect."""
    with _malformed("It cannot be applied"), doc.transaction():
        for entry in entries:
            for write in entry.writes:
                doc.apply_update(write.update)


def is_same(one: Doc[XmlFragment], other: Doc[XmlFragment]) -> bool:
    """Whether two documents say the same.

    Their bytes need not be equal (loading joins structs that live editing has split), so the trees are compared.
    """
    try:
        with _malformed("It cannot be read"):
            return clocks(one) == clocks(other) and _walk(one) == _walk(other)
    except Malformed:
        return False


def loads_as(doc: Doc[XmlFragment], other: Doc[XmlFragment]) -> bool:
    """Whether the two say the same, or would if the first were opened anew.

    An editor can write structs whose order depends on who reads them when (docs/caveats.md).
    """
    if is_same(doc, other):
        return True
    try:
        with _malformed("It cannot be written down"):
            return is_faithful(doc.get_update(), other)
    except Malformed:
        return False


@contextmanager
def _malformed(what: str) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # pycrdt's PanicException is no Exception
        raise Malformed(f"{what}: {type(error).__name__}.") from error


def clocks(doc: Doc[XmlFragment]) -> dict[int, int]:
    """The next clock of each client id."""
    # As bytes, state vectors list their clients in an order of chance.
    return decode_state_vector(doc.get_state())


def _walk(doc: Doc[XmlFragment]) -> list[object]:
    """The tree as plain values, text runs of equal formatting joined. Never str(): on hostile input that can loop."""
    out: list[object] = []
    todo: list[object] = [doc.get(ROOT, type=XmlFragment)]
    while todo:
        node = todo.pop()
        if isinstance(node, XmlText):
            out.append(_runs(node))
        elif isinstance(node, (XmlElement, XmlFragment)):
            children = list(node.children)
            todo.extend(reversed(children))
            out.append(len(children))
            if isinstance(node, XmlElement):
                out.append((node.tag, dict(iter(node.attributes))))  # type: ignore[type-var]  # pycrdt says Iterable where it means Iterator
    return out


def _runs(text: XmlText) -> list[tuple[object, object]]:
    runs: list[tuple[object, object]] = []
    for piece, attributes in text.diff():
        if runs and runs[-1][1] == attributes and isinstance(piece, str):
            runs[-1] = (f"{runs[-1][0]}{piece}", attributes)
        else:
            runs.append((piece, attributes))
    return runs


def clients(update: bytes) -> list[int]:
    """The client ids whose structs an update of our own making holds."""
    return list(guard.scan(update, guard.TRUSTED).inserts)
