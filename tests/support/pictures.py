"""Pictures to send, good and bad, as bytes."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def picture(width: int = 60, height: int = 40, *, kind: str = "PNG", mode: str = "RGB", **options: Any) -> bytes:
    """With red at its left and blue at its right; `options` are the encoder's."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste((255, 0, 0), (0, 0, width // 2, height))
    return encoded(image.convert(mode), kind, **options)


def animation(frames: int, *, kind: str, size: tuple[int, int] = (30, 20)) -> bytes:
    """Each frame of another grey, 70 ms long, for ever."""
    shown = [Image.new("RGB", size, (number * 255 // frames,) * 3) for number in range(frames)]
    return encoded(shown[0], kind, save_all=True, append_images=shown[1:], duration=70, loop=0)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises so much. Decoding would ask for the memory, and then find no data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
