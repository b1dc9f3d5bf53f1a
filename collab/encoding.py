"""lib0's binary encoding, which Yjs and its protocols are written in, and JSON as browsers read it.

Reading is bounds-checked, linear and never recursive: bytes that are not what they should be raise Malformed.
"""

from __future__ import annotations

import json
import math
import re
import struct
from typing import NoReturn

from collab.errors import Malformed

MAX_SAFE = 2**53 - 1


class Reader:
    """Reads lib0's encoding, never beyond the end: every method raises Malformed there."""

    __slots__ = ("_data", "position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    @property
    def done(self) -> bool:
        return self.position >= len(self._data)

    def byte(self) -> int:
        position = self.position
        if position >= len(self._data):
            raise Malformed("The bytes end in the middle of a message.")
        self.position = position + 1
        return self._data[position]

    def varuint(self, limit: int = MAX_SAFE) -> int:
        """Seven bits a byte, lowest first, at most eight bytes."""
        data, position = self._data, self.position
        if position < len(data) and data[position] < 128 and data[position] <= limit:
            self.position = position + 1
            return data[position]
        value = shift = 0
        for byte in data[position : position + 8]:
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                if value > limit:
                    raise Malformed(f"The number {value} is too big for its place.")
                self.position = position + shift // 7
                return value
        raise Malformed("A number is cut off or has more than eight bytes.")

    def varuints(self, count: int, limit: int = MAX_SAFE) -> list[int]:
        """So many of these at once, each three times as fast."""
        numbers: list[int] = []
        position = self.position
        value = shift = 0
        while len(numbers) < count:
            missing = count - len(numbers)
            piece = self._data[position : position + missing]  # a byte each at least: never beyond the last of them
            if not piece:
                raise Malformed("A number is cut off or has more than eight bytes.")
            position += len(piece)
            for byte in piece:
                if byte >= 128 and shift < 49:
                    value |= (byte & 127) << shift
                    shift += 7
                    continue
                value |= byte << shift
                if byte >= 128:
                    raise Malformed("A number is cut off or has more than eight bytes.")
                if value > limit:
                    raise Malformed(f"The number {value} is too big for its place.")
                numbers.append(value)
                value = shift = 0
        self.position = position
        return numbers

    def take(self, count: int) -> bytes:
        position, end = self.position, self.position + count
        if end > len(self._data):
            raise Malformed("The bytes end in the middle of a message.")
        self.position = end
        return self._data[position:end]

    def varbytes(self) -> bytes:
        return self.take(self.varuint())

    def varstring(self) -> str:
        return decode_text(self.varbytes())

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """What the pattern finds right here; then it has been read."""
        found = pattern.match(self._data, self.position)
        if found:
            self.position = found.end()
        return found

    def rest(self) -> bytes:
        return self.take(len(self._data) - self.position)

    def end(self) -> None:
        """Raises Malformed unless everything has been read."""
        if not self.done:
            raise Malformed("There are bytes after the end of the message.")


def decode_text(data: bytes) -> str:
    """UTF-8, without lone surrogates. Raises Malformed."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed("A text is not UTF-8.") from None


VARUINT = rb"[\x80-\xff]{0,7}[\x00-\x7f]"  # a pattern


def number(digits: bytes) -> int:
    """What a varuint's bytes say."""
    if len(digits) == 1:
        return digits[0]
    value = shift = 0
    for byte in digits:
        value |= (byte & 127) << shift
        shift += 7
    return value


def varuint(number: int) -> bytes:
    if number < 128:
        return bytes((number,))
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def varbytes(data: bytes) -> bytes:
    return varuint(len(data)) + data


def parse_json(text: str, depth: int) -> object:
    """JSON as browsers read it: no NaN, no infinity, at most `depth` levels. Raises Malformed."""
    try:
        value: object = json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError):
        raise Malformed("This is not JSON, or a number in it is not finite.") from None
    if text.count("[") + text.count("{") > depth and _depth(value) > depth:
        raise Malformed(f"JSON may be nested {depth} deep here.")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _whole(text: str) -> int:
    _finite(text)  # hundreds of digits are an infinity to others
    return int(text)


def _depth(value: object) -> int:
    depth, layer = 0, [value]
    while layer := [item for item in layer if isinstance(item, (dict, list))]:
        depth += 1
        layer = [inner for item in layer for inner in (item.values() if isinstance(item, dict) else item)]
    return depth


# --- lib0's Any -----------------------------------------------------------------------------------------------------

_FLOAT64, _FLOAT32, _INTEGER, _STRING, _OBJECT, _ARRAY = 123, 124, 125, 119, 118, 117
_CONSTANTS = frozenset((120, 121, 126, 127))  # true, false, null, undefined


def skip_any(reader: Reader, depth: int) -> int:
    """Read over one value of lib0's Any: how many values are in it, itself included. Raises Malformed.

    Refused are what JSON does not have (but undefined): big integers, byte arrays, NaN and infinities.
    """
    count = 0
    open_ = [(1, False)]  # how many values are still to come, and whether they have names
    while open_:
        left, is_object = open_.pop()
        if not left:
            continue
        open_.append((left - 1, is_object))
        count += 1
        if is_object:
            reader.varstring()
        kind = reader.byte()
        if kind in (_OBJECT, _ARRAY):
            if len(open_) > depth:
                raise Malformed(f"A value may be nested {depth} deep here.")
            open_.append((reader.varuint(), kind == _OBJECT))
        else:
            _skip_scalar(reader, kind)
    return count


def _skip_scalar(reader: Reader, kind: int) -> None:
    if kind == _STRING:
        reader.varstring()
    elif kind == _INTEGER:
        # A sign takes the seventh bit of the first byte, otherwise this is a varuint.
        raw = reader.varuint(2**56)
        if raw & 63 | raw >> 7 << 6 > MAX_SAFE:
            raise Malformed("An integer is beyond 2^53.")
    elif kind in (_FLOAT32, _FLOAT64):
        packed = reader.take(4 if kind == _FLOAT32 else 8)
        if not math.isfinite(struct.unpack(">f" if kind == _FLOAT32 else ">d", packed)[0]):
            raise Malformed("A number is not finite.")
    elif kind not in _CONSTANTS:
        raise Malformed("A value is of a kind that documents do not use.")
