"""What kind of file some bytes are, by the bytes: neither a name nor a browser's word is asked."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["archive", "audio", "image", "other", "pdf", "program", "text", "video"]
KINDS: tuple[Kind, ...] = get_args(Kind)
HEAD = 4096  # bytes that are enough to tell

_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xfe\xed\xfa\xce", "program"),
    (b"\xfe\xed\xfa\xcf", "program"),
    (b"\xce\xfa\xed\xfe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\x00asm", "program"),
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "archive"),  # what office programs wrote before they wrote zip
    (b"ID3", "audio"),
    (b"fLaC", "audio"),
    (b"OggS", "audio"),
    (b"\xff\xfb", "audio"),
    (b"\xff\xf3", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
)
_BEGINNINGS_OF_BYTES: dict[bytes, Kind] = {b"MZ": "program", b"BM": "image"}  # text may begin like that, too
_RIFF: dict[bytes, Kind] = {b"WAVE": "audio", b"AVI ": "video", b"WEBP": "image"}
_BRANDS: dict[bytes, Kind] = {b"M4A ": "audio", b"avif": "image", b"heic": "image", b"mif1": "image"}


def kind_of(head: bytes) -> Kind:
    """Of a file's first HEAD bytes. SVG and scripts are text, documents of office programs archives."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "other")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video")
    return "text" if _is_text(head) else _BEGINNINGS_OF_BYTES.get(head[:2], "other")


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return False
    try:
        head[:HEAD].decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 > 0  # a letter that was cut in two at the end
    return True
