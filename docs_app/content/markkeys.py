"""How a mark is written as a formatting attribute of the CRDT's text, byte for byte as y-tiptap writes it.

Most marks are keyed by their name. One that may overlap itself gets `name--` and eight base64 characters: the SHA-256
of the mark's JSON in lib0's binary encoding, folded to six bytes by xor. With another key the editor rewrites the text.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from typing import Any

from docs_app.content.nodes import Attrs, Mark
from docs_app.content.schema import MARKS

_HASHED = re.compile(r"(.+)--[A-Za-z0-9+/=]{8}", re.DOTALL)
_FOLD = 6


def key_of(mark: Mark) -> str:
    name: str = mark["type"]
    return f"{name}--{_digest(mark)}" if MARKS[name].overlaps else name


def name_of(key: str) -> str:
    """The mark's name in a formatting attribute's key."""
    hashed = _HASHED.fullmatch(key)
    return hashed[1] if hashed else key


def formatting(marks: list[Mark]) -> Attrs:
    """The formatting attributes of a text that carries `marks`."""
    return {key_of(mark): mark.get("attrs", {}) for mark in marks}


def marks_in(attributes: Attrs | None) -> list[Mark]:
    """The marks that formatting attributes stand for, unchecked. None means that the mark was taken away."""
    return [
        {"type": name_of(key), "attrs": value if isinstance(value, dict) else {}}
        for key, value in (attributes or {}).items()
        if value is not None
    ]


def _digest(mark: Mark) -> str:
    digest = bytearray(hashlib.sha256(_any({"type": mark["type"], "attrs": mark.get("attrs", {})})).digest())
    for index in range(_FOLD, len(digest)):
        digest[index % _FOLD] ^= digest[index]
    return b64encode(digest[:_FOLD]).decode()


def _any(value: Any) -> bytes:
    """lib0's encodeAny for what attributes of overlapping marks hold: null, strings, and objects of them."""
    if value is None:
        return b"\x7e"
    if isinstance(value, str):
        return b"\x77" + _string(value)
    if isinstance(value, dict):
        return b"\x76" + _varuint(len(value)) + b"".join(_string(key) + _any(item) for key, item in value.items())
    raise TypeError(f"An overlapping mark cannot hold {type(value).__name__}.")


def _string(text: str) -> bytes:
    encoded = text.encode()
    return _varuint(len(encoded)) + encoded


def _varuint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(0x80 | number & 0x7F)
        number >>= 7
    return bytes([*out, number])
