"""Where uploads lie, as the environment says, and what is refused of it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from project import storage
from project.storage import Folder, storage_at


def test_without_an_address_it_is_a_folder_that_is_nobody_else_s(tmp_path: Path) -> None:
    said = storage_at("", tmp_path / "uploads")
    assert said["BACKEND"] == f"{Folder.__module__}.{Folder.__name__}"
    folder = Folder(**said["OPTIONS"])
    folder.save("x", ContentFile(b"hello"))
    with folder.open("x") as file:
        assert file.read() == b"hello"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "uploads", tmp_path / "uploads" / "x")]
    assert modes == [0o700, 0o600]


def test_what_is_saved_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    Folder(location=str(tmp_path)).save("x", ContentFile(b"hello"))
    assert len(synced) == 2  # the file, and the folder that has its name


def test_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "find_spec", lambda name: name)
    said = storage_at("s3://files.example/scriptorium?endpoint=https://s3.example.org&region=eu", Path("unused"))
    assert said == {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": "files.example",
            "location": "scriptorium",
            "endpoint_url": "https://s3.example.org",
            "region_name": "eu",
            "default_acl": None,
            "file_overwrite": False,
        },
    }


def test_a_bucket_without_the_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install 'django-storages\[s3\]'"):
        storage_at("s3://files", Path("unused"))


@pytest.mark.parametrize("url", ["s3://", "s3://key:secret@bucket", "s3://bucket?acl=public"])
def test_an_address_that_makes_no_sense_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="UPLOAD_URL is not of the form s3://bucket/folder") as refusal:
        storage_at(url, Path("unused"))
    assert "secret" not in str(refusal.value)
