"""What a file is, by its bytes."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from pathlib import Path

import pytest

from docs_app.content.sniffing import HEAD, kind_of
from tests.support.pictures import SVG, picture


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("word/document.xml", "<w/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "text"),
        (b"MZ stands for Mark Zbikowski", "text"),
        (b"#!/bin/sh\nexit\n", "text"),
        (SVG, "text"),
        (b"<html><script>", "text"),
        ("Grüße".encode("utf-16"), "text"),
        (("x" * (HEAD - 1) + "ü").encode()[:HEAD], "text"),
        ("ü".encode("latin-1") * 20, "other"),
        (b"\0\1\2\3", "other"),
        (b"%PDF-1.7\n", "pdf"),
        (picture(kind="JPEG"), "image"),
        (picture(kind="WEBP"), "image"),
        (picture(kind="BMP"), "image"),
        (archive(), "archive"),
        (gzip.compress(b"x", mtime=0), "archive"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio"),
        (b"\0\0\0\x20ftypisom", "video"),
        (b"\0\0\0\x20ftypM4A ", "audio"),
        (b"MZ\x90\0\3\0", "program"),
        (Path(sys.executable).read_bytes()[:HEAD], "program"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", "program"),
    ],
)
def test_the_kind_of_a_file(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind
