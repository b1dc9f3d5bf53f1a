"""What a process wrote to its disk and when, recorded by strace, and what a power cut at any moment leaves of it.

A write reaches the disk for certain only with the next fsync of its file that succeeds. Until then the file system may
have written any part of it, in any order. An fsync that fails makes the kernel forget: what was to be written may never
be, unless it is written again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512  # bytes that are written whole or not at all

_CALL = re.compile(r"^(\d+\.\d+) (\w+)\(\d+<([^>]*)>(.*)\) += (-?\d+)[^<]*<(\d+\.\d+)>$")
_WRITE = re.compile(r'^, "((?:\\x[0-9a-f]{2})*)", \d+, (\d+)$')


@dataclass(frozen=True, slots=True)
class Call:
    """`began` and `ended` in seconds since the epoch; `data` is what was written at `offset`, None for an fsync."""

    began: float
    ended: float
    path: str
    result: int
    offset: int = 0
    data: bytes | None = None
    size: int | None = None  # what the file was cut to


def recording(prefix: Path, *inject: str) -> list[str]:
    """The beginning of a command line: whatever follows is recorded in `prefix`.<thread>, or made to fail besides."""
    calls = "trace=pwrite64,fdatasync,fsync,ftruncate"
    faults = [word for fault in inject for word in ("-e", f"inject={fault}")]
    return ["strace", "-D", "-f", "-ff", "-q", "--seccomp-bpf", "-ttt", "-T", "-y", "-xx", "-s", "1000000",
            "-e", calls, "-e", "signal=none", *faults, "-o", str(prefix)]  # fmt: skip


def is_over(prefix: Path) -> bool:
    """Whether every thread has ended, and all that it did is in the record."""
    parts = list(prefix.parent.glob(f"{prefix.name}.*"))
    return bool(parts) and all("+++ " in part.read_text()[-200:] for part in parts)


def recorded(prefix: Path) -> list[Call]:
    """All calls of all threads, in the order in which they began."""
    lines = [line for part in prefix.parent.glob(f"{prefix.name}.*") for line in part.read_text().splitlines()]
    return sorted(_calls(lines), key=lambda call: call.began)


def _calls(lines: Sequence[str]) -> Iterator[Call]:
    for line in lines:
        if not (found := _CALL.match(line)):
            continue
        at, name, path, rest, result, took = found.groups()
        began, path = float(at), _text(path)
        ended = began + float(took)
        if name == "pwrite64" and (write := _WRITE.match(rest)):
            yield Call(began, ended, path, int(result), int(write[2]), _bytes(write[1])[: max(0, int(result))])
        elif name == "ftruncate":
            yield Call(began, ended, path, int(result), size=int(rest.strip(", ")))
        elif name in ("fdatasync", "fsync"):
            yield Call(began, ended, path, int(result))


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _text(path: str) -> str:
    return _bytes(path).decode() if path.startswith("\\x") else path


@dataclass(slots=True)
class File:
    """`safe` is what the disk holds for certain, `loose` what has been written since the last fsync."""

    safe: bytearray
    loose: list[Call] = field(default_factory=list)

    def take(self, call: Call) -> None:
        if call.data is not None or call.size is not None:
            self.loose.append(call)
            return
        if call.result == 0:
            for written in self.loose:
                _put(self.safe, written)
        self.loose.clear()

    def after_power_cut(self, chance: random.Random) -> bytes:
        """What is safe, and by chance some of the rest."""
        image = bytearray(self.safe)
        for call in self.loose:
            for piece in _pieces(call):
                if chance.random() < 0.5:
                    _put(image, piece)
        return bytes(image)


def _pieces(call: Call) -> Iterator[Call]:
    if call.data is None:
        yield call
        return
    for at in range(0, len(call.data), SECTOR):
        yield Call(call.began, call.ended, call.path, call.result, call.offset + at, call.data[at : at + SECTOR])


def _put(image: bytearray, call: Call) -> None:
    if call.size is not None:
        del image[call.size :]
        image.extend(bytes(call.size - len(image)))
    elif call.data is not None:
        image.extend(bytes(max(0, call.offset - len(image))))
        image[call.offset : call.offset + len(call.data)] = call.data
