"""Pictures are made again from their pixels, and what is none, or too much of one, is refused before it is decoded."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from docs_app.content import pictures
from docs_app.content.pictures import NotAPicture, remade
from tests.support.pictures import SVG, animation, bomb, encoded, opened, picture

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"),
     ("GIF", "P"), ("WEBP", "RGB"), ("WEBP", "RGBA")],
)  # fmt: skip
def test_each_kind_that_browsers_show_stays_what_it_is(kind: str, mode: str) -> None:
    made = remade(picture(60, 40, kind=kind, mode="RGB" if mode == "I;16" else mode))
    shown = opened(made.data)
    assert (made.media_type, made.width, made.height) == (pictures.MEDIA_TYPES[kind], 60, 40)
    assert (shown.format, shown.size) == (kind, (60, 40))
    if mode != "L":
        left, right = (shown.convert("RGB").getpixel((x, 20)) for x in (5, 55))
        assert isinstance(left, tuple) and isinstance(right, tuple)
        assert left[0] > 180 > right[0] and right[2] > 180 > left[2]


def test_nothing_is_left_but_pixels() -> None:
    """No place, no camera, no comment, nothing behind the end; and it stands upright without being told to."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "A camera"
    exif.get_ifd(GPS)[1] = "N"
    sent = picture(60, 40, kind="JPEG", exif=exif, comment=b"A secret") + b"PK\x03\x04 more behind the end"
    assert b"A camera" in sent
    made = remade(sent)
    assert (made.width, made.height) == (40, 60)
    assert not dict(opened(made.data).getexif())
    assert [word for word in (b"A camera", b"A secret", b"PK\x03", b"Exif") if word in made.data] == []
    red = opened(made.data).convert("RGB").getpixel((20, 5))
    assert isinstance(red, tuple) and red[0] > 180


def test_a_png_s_words_are_dropped_and_what_is_seen_through_stays() -> None:
    image = Image.new("RGBA", (10, 10), (10, 20, 30, 40))
    words = BytesIO()
    image.save(words, "PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0", pnginfo=None)
    made = remade(words.getvalue())
    assert opened(made.data).info == {} and opened(made.data).getpixel((5, 5)) == (10, 20, 30, 40)


def test_a_colour_profile_becomes_colours() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = remade(picture(kind="JPEG", icc_profile=lab))
    assert "icc_profile" not in opened(made.data).info
    assert remade(picture(kind="JPEG", icc_profile=b"no profile at all")).width == 60


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_animations_go_on_moving(kind: str) -> None:
    made = remade(animation(5, kind=kind))
    shown = opened(made.data)
    assert getattr(shown, "n_frames", 1) == 5
    assert (shown.info["loop"], shown.info["duration"]) == (0, 70)


def test_a_wide_picture_is_made_as_wide_as_one_can_be_shown() -> None:
    made = remade(picture(8000, 100))
    assert (made.width, made.height) == (4000, 50)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This is not an image that can be shown here: JPEG, PNG, GIF and WebP can."),
        (b"hello", "This is not an image"),
        (SVG, "This is not an image"),
        (encoded(Image.new("RGB", (9, 9)), "BMP"), "This is not an image"),
        (encoded(Image.new("RGB", (9, 9)), "TIFF"), "This is not an image"),
        (picture(200, 200, kind="JPEG")[:700], "This image is damaged or cut off."),
        (picture()[:60], "This image is damaged or cut off."),
        (bomb(50_000, 50_000), "An image may have 50 million pixels; this has more. Make it smaller, and try again."),
        (bomb(8000, 8000), "An image may have 50 million pixels; this has 8,000 x 8,000."),
        (bomb(2**31 - 1, 1), "An image may have 50 million pixels"),
        (bomb(3000, 3000), "This image is damaged or cut off."),
        (animation(60, kind="GIF", size=(1000, 1000)), "An animation may have 50 million pixels in all its frames"),
    ],
    ids=["nothing", "words", "svg", "bmp", "tiff", "cut", "cut-png", "bomb", "large", "long", "a-lie", "film"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(NotAPicture) as refusal:
        remade(data)
    assert str(refusal.value).startswith(sentence)


def test_a_picture_of_50_000_by_50_000_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pixels are never asked for."""

    def decode(*_: object) -> None:
        raise AssertionError("It is being decoded.")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decode)
    for size in ((50_000, 50_000), (9000, 9000)):
        with pytest.raises(NotAPicture):
            pictures.read(bomb(*size))
    with pytest.raises(AssertionError, match="decoded"):
        pictures.read(picture())


def test_a_decoder_that_dies_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "false")
    with pytest.raises(NotAPicture, match="damaged or cut off"):
        remade(picture())


def test_two_are_made_at_once_and_who_has_waited_long_is_told_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    decoder, seen = tmp_path / "decoder", tmp_path / "seen"
    decoder.write_text(f"#!/bin/sh\necho begins >> {seen}\nsleep 1\necho ends >> {seen}\n")
    decoder.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(decoder))
    monkeypatch.setattr(pictures, "_PATIENCE", 0.2)

    def made(_: int) -> type[Exception] | None:
        try:
            remade(picture())
        except Exception as error:  # noqa: BLE001 (it is what is asked for)
            return type(error)
        return None

    with ThreadPoolExecutor(5) as threads:
        answers = Counter(threads.map(made, range(5)))
    assert answers == {pictures.Busy: 3, NotAPicture: 2}  # this decoder says nothing
    assert seen.read_text().split() == ["begins", "begins", "ends", "ends"]
    with ThreadPoolExecutor(2) as threads:
        assert Counter(threads.map(made, range(2))) == {NotAPicture: 2}
