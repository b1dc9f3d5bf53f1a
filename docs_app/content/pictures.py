"""A picture that somebody has sent, made again from its pixels alone. Knows bytes, nothing of who sent them.

`remade` does it in a process of its own (this module's `main`), with limits of memory and time: decoders are written in
C, hold Python's lock, and are fed by strangers. What comes out has no EXIF, no colour profile (it is sRGB), no comments
and nothing hidden behind its end. The size is read from the header, and refused, before anything is decoded.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

PIXELS = 50_000_000
"""The most that a picture may have; an animation in all its frames together."""
WIDEST = 4000  # pixels; wider ones are made smaller. The editor shows none wider (editor/blocks/attributes.ts)
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}

_MEMORY = 2 << 30  # bytes of address space, libraries included
_SECONDS = 30
_turns = BoundedSemaphore(2)  # each may take so much
_PATIENCE = 30.0  # seconds that somebody waits for a turn
_QUALITY: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "progressive": True},
    "WEBP": {"quality": 88, "method": 3},
    "PNG": {},
    "GIF": {},
}
_MODES = {
    "JPEG": {"RGB", "L"},
    "WEBP": {"RGB", "RGBA"},
    "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
    "GIF": {"L", "P", "RGB", "RGBA"},
}
_NOT_A_PICTURE = "This is not an image that can be shown here: JPEG, PNG, GIF and WebP can."
_DAMAGED = "This image is damaged or cut off."
_FAR_TOO_LARGE = "An image may have %(most)s million pixels; this has more. Make it smaller, and try again."
_TOO_LARGE = "An image may have %(most)s million pixels; this has %(size)s. Make it smaller, and try again."
_TOO_LONG = (
    "An animation may have %(most)s million pixels in all its frames together; this has %(frames)s frames of %(size)s. "
    "Make it smaller or shorter, or attach it as a file."
)


class NotAPicture(Exception):
    """`sentence` says why to whoever sent it, once the values are in it; in English, to be translated as it is."""

    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence % values)
        self.sentence = sentence
        self.values = values


@dataclass(frozen=True, slots=True)
class Picture:
    """Width and height in pixels, as it is to be shown."""

    data: bytes
    media_type: str
    width: int
    height: int


class Busy(Exception):
    """Others' pictures are being made, and go on being made: the same again may work."""


def remade(data: bytes) -> Picture:
    """The picture in `data`, whatever it is called; two at once, and others wait. Raises NotAPicture or Busy."""
    if not _turns.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        return _remade(data)
    finally:
        _turns.release()


def _remade(data: bytes) -> Picture:
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, cwd=Path(__file__).parents[2], timeout=2 * _SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotAPicture("This image takes too long to be read.") from error
    head, _, body = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise NotAPicture(_DAMAGED)
    found = json.loads(head)
    if "problem" in found:
        raise NotAPicture(found["problem"], **found["values"])
    return Picture(body, **found)


def read(data: bytes) -> Picture:
    """As `remade`, but here. Raises NotAPicture, and whatever a decoder raises on what is damaged."""
    # Beyond twice this Pillow itself refuses, frame by frame; until then it warns.
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        image: Image.Image = Image.open(BytesIO(data), formats=list(MEDIA_TYPES))
    except UnidentifiedImageError as error:
        raise NotAPicture(_NOT_A_PICTURE) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(_FAR_TOO_LARGE, most=PIXELS // 1_000_000) from error
    _check_size(image)
    # Another format's decoder is never chosen: it is one of these four.
    kind = str(image.format)
    frames = _frames(image) if kind != "PNG" else 1
    if frames > 1:
        return _animation(image, kind, frames)
    image = ImageOps.exif_transpose(_in_srgb(image))
    if image.width > WIDEST:
        image = image.resize((WIDEST, max(1, round(image.height * WIDEST / image.width))))
    if image.mode not in _MODES[kind]:
        image = image.convert("RGBA" if image.has_transparency_data and kind != "JPEG" else "RGB")
    return _written(image, kind)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > PIXELS:
        raise NotAPicture(_TOO_LARGE, most=PIXELS // 1_000_000, size=f"{image.width:,} x {image.height:,}")


def _frames(image: Image.Image) -> int:
    """How many an animation has. Raises NotAPicture if they are too many to be decoded."""
    frames: int = getattr(image, "n_frames", 1)
    if frames * image.width * image.height > PIXELS:
        size = f"{image.width:,} x {image.height:,}"
        raise NotAPicture(_TOO_LONG, most=PIXELS // 1_000_000, frames=frames, size=size)
    return frames


def _in_srgb(image: Image.Image) -> Image.Image:
    """What a colour profile says of the colours, said by the colours themselves."""
    profile = image.info.pop("icc_profile", None)
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    mode = image.mode if image.mode in ("RGB", "RGBA") else "RGB"
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that is none: the colours are taken as they are


def _animation(image: Image.Image, kind: str, frames: int) -> Picture:
    """Frame by frame, in the same format, with its times and as often as it is repeated."""
    kept = []
    times = []
    for number in range(frames):
        image.seek(number)
        kept.append(image.convert("RGBA"))
        times.append(int(image.info.get("duration") or 100))
    for frame in kept:
        frame.info.clear()
    options: dict[str, Any] = {"save_all": True, "append_images": kept[1:], "duration": times}
    if kind == "WEBP" or "loop" in image.info:
        options["loop"] = int(image.info.get("loop", 0))
    if kind == "GIF":
        options["disposal"] = 2
    return _written(kept[0], kind, **options)


def _written(image: Image.Image, kind: str, **options: Any) -> Picture:
    image.load()
    # Pillow writes some of what it finds here back into the file.
    for name in image.info.keys() - {"transparency", "background"}:
        del image.info[name]
    file = BytesIO()
    image.save(file, kind, **_QUALITY[kind], **options)
    return Picture(file.getvalue(), MEDIA_TYPES[kind], image.width, image.height)


def main() -> None:
    """A picture from standard input to standard output: a line of JSON that says what it is, then its bytes."""
    os.nice(10)  # those who type go first
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    try:
        found = read(sys.stdin.buffer.read())
    except NotAPicture as error:
        out.write(json.dumps({"problem": error.sentence, "values": error.values}).encode() + b"\n")
    except Exception:  # noqa: BLE001 (whatever a decoder raises: it has not understood the picture)
        out.write(json.dumps({"problem": _DAMAGED, "values": {}}).encode() + b"\n")
    else:
        head = {"media_type": found.media_type, "width": found.width, "height": found.height}
        out.write(json.dumps(head).encode() + b"\n" + found.data)


if __name__ == "__main__":
    main()
