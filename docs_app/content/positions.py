"""Three ways to count text: Python's code points, the page's UTF-16 units, the CRDT's UTF-8 bytes.

A position that cuts a surrogate pair makes replicas diverge, so every answer lies between two code points: a position
inside one is moved to its start, or to its end when asked to round up. Positions beyond the text become its end.
"""

from __future__ import annotations


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_length(text: str) -> int:
    """Bytes. Raises UnicodeEncodeError for a lone surrogate, which UTF-8 cannot hold."""
    return len(text.encode())


def to_utf16(text: str, index: int) -> int:
    """UTF-16 units before the code point `index`."""
    return utf16_length(text[: max(index, 0)])


def to_utf8(text: str, index: int) -> int:
    """Bytes before the code point `index`."""
    return utf8_length(text[: max(index, 0)])


def from_utf16(text: str, offset: int, *, up: bool = False) -> int:
    """The code point at `offset` UTF-16 units."""
    return _index(text.encode("utf-16-le", "surrogatepass"), "utf-16-le", 2 * max(offset, 0), up=up)


def from_utf8(text: str, offset: int, *, up: bool = False) -> int:
    """The code point at `offset` bytes."""
    return _index(text.encode(), "utf-8", max(offset, 0), up=up)


def _index(encoded: bytes, encoding: str, offset: int, *, up: bool) -> int:
    before = encoded[:offset].decode(encoding, "ignore")
    cut = offset < len(encoded) and len(before.encode(encoding)) < offset
    return len(before) + (1 if cut and up else 0)
