"""A backup comes back as it was, in a new epoch, whole or not at all; what it refuses it says in a sentence."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from collab.api import alone
from collab.errors import Unavailable
from collab.models import ClientOwner, LogEntry, Stream
from docs_app.content.anchors import Anchor
from docs_app.models import Comment, Document, Upload, User
from docs_app.services import archive, live
from docs_app.services.backup import copy_of_document
from docs_app.services.comments import start_thread
from docs_app.services.documents import create_document, export
from docs_app.services.uploads import Sent, keep_file, keep_picture
from docs_app.services.verification import verify_all
from tests.support.live import running_engine
from tests.support.people import account, visitor
from tests.support.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def document() -> Document:
    document = create_document(owner=account("alice"), title="Story", markdown="# One\n\nThe brave knight.\n")
    start_thread(document=document, author=visitor("alice"), anchor=Anchor((1,), 4, (1,), 9, "brave"), body="Why?")
    return document


@pytest.fixture
def file(document: Document, tmp_path: Path) -> Path:
    """A backup of a site with that document."""
    path = tmp_path / "backup"
    said = io.StringIO()
    call_command("backup", str(path), stdout=said)
    assert "collab_logentry: 2 rows" in said.getvalue() and f"{path} has all" in said.getvalue()
    return path


@pytest.fixture(autouse=True)
def no_trace(django_db_blocker: Any) -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)  # content types and permissions, where a restore has taken them away


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for the epochs."""
    return {
        model._meta.db_table: [
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in model._base_manager.order_by("pk").values_list(
                *(field.attname for field in model._meta.concrete_fields if field.attname != "epoch")
            )
        ]
        for model in archive.tables()
    }


def restore(path: Path, *words: str) -> str:
    said = io.StringIO()
    call_command("restore", str(path), *words, stdout=said)
    return said.getvalue()


def test_everything_comes_back_and_every_document_begins_a_new_epoch(document: Document, file: Path) -> None:
    there, epoch = rows(), Stream.objects.get().epoch
    document.delete()
    User.objects.all().delete()
    assert "every document begins a new epoch" in restore(file)
    assert rows() == there
    assert Stream.objects.get().epoch != epoch
    assert export(Document.objects.get(), "txt")[1].strip() == "One\nThe brave knight."
    # Numbers that the database gives go on after those that came back.
    account("zoe")
    assert live.edit(Document.objects.get().id, "server", lambda fragment: len(fragment.children)) == 2


def test_a_site_with_people_is_replaced_only_when_asked(document: Document, file: Path) -> None:
    there = rows()
    account("mallory")
    with pytest.raises(CommandError, match="2 people and 1 documents already: with --replace"):
        restore(file)
    assert User.objects.count() == 2
    restore(file, "--replace")
    assert rows() == there


def rewritten(change: Callable[[list[Any]], None]) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        change(lines)
        with gzip.open(path, "wt") as out:
            out.writelines(json.dumps(line) + "\n" for line in lines)

    return rewrite


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def an_entry(lines: list[Any]) -> int:
    return next(
        at for at, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == "collab_logentry"
    )


def lose_an_owner(lines: list[Any]) -> None:
    at = next(at for at, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == "docs_app_user")
    del lines[at + 1]
    lines[-1]["end"] -= 1


def lose_an_entry(lines: list[Any]) -> None:
    del lines[an_entry(lines) + 1]
    lines[-1]["end"] -= 1


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "not there": (lambda path: path.unlink(), "cannot be read: No such file"),
    "something else": (lambda path: path.write_text("%PDF-1.7"), "is not a backup"),
    "another program's": (lambda path: path.write_bytes(gzip.compress(b'{"models": 3}\n')), "is not a backup"),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:-200]), "is damaged, or was cut off"),
    "a flipped bit": (flip, "is damaged"),
    "no end": (rewritten(lambda lines: lines.pop()), "was cut off"),
    "a row too few": (rewritten(lambda lines: lines.pop(an_entry(lines) + 1)), "does not belong there"),
    "of a later format": (
        rewritten(lambda lines: lines[0].update(scriptorium=9)),
        "has format 9; this version reads 2",
    ),
    "of a newer version": (
        rewritten(lambda lines: lines[0]["migrations"].append("docs_app.0099_z")),
        "lacks docs_app.0099",
    ),
    "of an older version": (
        rewritten(lambda lines: lines[0]["migrations"].remove("collab.0002_thinning")),
        "older version",
    ),
    "of other tables": (rewritten(lambda lines: lines[an_entry(lines)]["columns"].append("x")), "has other columns"),
    "documents of nobody": (rewritten(lose_an_owner), "did not take the backup"),
    "a hole in a log": (rewritten(lose_an_entry), "found .Entries 1 to 1 are missing"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_backup_is_refused_and_nothing_changes(document: Document, file: Path, name: str) -> None:
    spoil, sentence = REFUSED[name]
    spoil(file)
    there, epoch = rows(), Stream.objects.get().epoch
    with pytest.raises(CommandError, match=sentence):
        restore(file, "--replace")
    assert rows() == there and Stream.objects.get().epoch == epoch


def test_a_backup_with_problems_comes_back_when_asked(document: Document, tmp_path: Path) -> None:
    ClientOwner.objects.create(document_id=document.id, client_id=7, principal="user:1")
    path = tmp_path / "backup"
    call_command("backup", str(path), stdout=io.StringIO())
    with pytest.raises(CommandError, match="found .Client 7"):
        restore(path, "--replace")
    restore(path, "--replace", "--accept-problems")
    assert sum(len(found) for _, found in verify_all()) == 1


def test_a_database_that_is_full_takes_nothing(document: Document, file: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such switch; its transaction is the same")
    there = rows()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        LogEntry.objects.update(payload=b"x")
        there = rows()
        try:
            with pytest.raises(CommandError, match="did not take the backup, and is as it was"):
                bloated(file)
                restore(file, "--replace")
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert rows() == there


def bloated(path: Path) -> None:
    """One comment is longer than the disk."""

    def bloat(lines: list[Any]) -> None:
        at = next(
            at for at, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == "docs_app_comment"
        )
        lines[at + 1][lines[at]["columns"].index("body")] = "long " * 1_000_000

    rewritten(bloat)(path)


def test_a_disk_that_is_full_is_said_and_nothing_is_left(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(CommandError, match=r"could not be written: .* Nothing is left of it\."):
            call_command("backup", str(path), stdout=io.StringIO())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_no_backup_is_written_over(file: Path) -> None:
    there = file.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(file), stdout=io.StringIO())
    assert file.read_bytes() == there


def test_it_is_for_whoever_makes_it_alone(document: Document, tmp_path: Path) -> None:
    everybodys = os.umask(0)
    try:
        call_command("backup", str(tmp_path / "backup"), stdout=io.StringIO())
        copy_of_document(tmp_path / "rows", document.id)
    finally:
        os.umask(everybodys)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_what_lies_where_it_would_be_written_is_left_alone(document: Document, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "backup.part").symlink_to(elsewhere)
    with pytest.raises(CommandError, match="exists already: a backup is being written"):
        call_command("backup", str(tmp_path / "backup"), stdout=io.StringIO())
    assert (tmp_path / "backup.part").is_symlink() and not elsewhere.exists()


@pytest.mark.anyio
async def test_whoever_serves_the_database_keeps_others_from_having_it_alone() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("tests/wire/test_backup.py asks PostgreSQL, where other processes are seen")
    async with running_engine():
        with pytest.raises(Unavailable, match="end it first"), alone():
            pass
    with alone(), pytest.raises(Unavailable, match="being restored"):
        async with running_engine():
            pass


def test_what_is_not_migrated_takes_no_backup(file: Path) -> None:
    MigrationRecorder(connection).record_unapplied("docs_app", "0001_initial")
    try:
        with pytest.raises(CommandError, match=r"Run `manage.py migrate`"):
            restore(file, "--replace")
    finally:
        MigrationRecorder(connection).record_applied("docs_app", "0001_initial")
    assert Comment.objects.exists()


@pytest.fixture
def uploads(document: Document) -> list[Upload]:
    """A picture, and a file of several pieces."""
    long = Sent("long.txt", b"0123456789abcdef" * (archive.PIECE // 8))
    return [
        keep_picture(document=document, by=visitor("alice"), sent=Sent("cat.png", picture())),
        keep_file(document=document, by=visitor("alice"), sent=long),
    ]


def stored() -> dict[str, bytes]:
    found = {}
    for name in default_storage.listdir("")[1]:
        with default_storage.open(name) as stream:
            found[name] = stream.read()
    return found


def test_what_was_uploaded_comes_back_with_its_document(document: Document, uploads: list[Upload], file: Path) -> None:
    there = stored()
    assert len(there) == 2
    document.delete()
    User.objects.all().delete()
    assert stored() == {}
    assert "files: 2 rows" in restore(file)
    assert stored() == there
    assert not any(problems for _, problems in verify_all())


def test_a_damaged_file_is_put_right_and_a_sound_one_left(uploads: list[Upload], file: Path) -> None:
    there = stored()
    spoilt, _ = (upload.stored_as for upload in uploads)
    default_storage.delete(spoilt)
    default_storage.save(spoilt, ContentFile(b"rot"))
    restore(file, "--replace")
    assert stored() == there


def test_a_restore_that_fails_leaves_no_files(
    uploads: list[Upload], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Document.objects.get().delete()
    monkeypatch.setattr("docs_app.services.verification.verify_all", lambda: [(None, ["Everything is wrong."])])
    with pytest.raises(CommandError, match="Everything is wrong"):
        restore(file, "--replace")
    assert stored() == {}


def test_a_file_that_was_lost_is_told_where_it_is_missed(uploads: list[Upload], tmp_path: Path) -> None:
    lost = uploads[0]
    default_storage.delete(lost.stored_as)
    call_command("backup", str(tmp_path / "without"), stdout=io.StringIO())
    with pytest.raises(CommandError, match=f"The file {lost.id} is missing in the storage"):
        restore(tmp_path / "without", "--replace")
    restore(tmp_path / "without", "--replace", "--accept-problems")
    assert set(stored()) == {uploads[1].stored_as}


def test_a_name_that_is_no_upload_s_is_not_written_to(uploads: list[Upload], file: Path) -> None:
    theirs = b'"file": "%b"' % uploads[0].stored_as.encode()
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(theirs, b'"file": "../x"')))
    with pytest.raises(CommandError, match=r"it has a file called '../x'"):
        restore(file, "--replace")
