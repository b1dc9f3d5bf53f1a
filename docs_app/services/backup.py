"""All there is, written into one file while people write, and brought back from it: whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import file_digest
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.db.models import Model

from collab import api
from collab.errors import Unavailable
from docs_app.errors import NotFound, NotNow, Refused
from docs_app.models import Document, Upload, User
from docs_app.services import archive, verification
from docs_app.services.archive import Archive, Progress
from docs_app.services.uploads import open_upload


def make_backup(path: Path, progress: Progress) -> int:
    """Write all rows as they are at one moment, and the files that they tell of; how many. Raises Refused."""
    with api.one_moment():
        return archive.write(path, archive.tables(), only={}, progress=progress, files=_uploaded())


def _uploaded() -> archive.Files:
    """They never change, so what is of this moment is there later, too; unless somebody deletes it meanwhile."""
    for upload in Upload.objects.order_by("pk").iterator():
        try:
            with open_upload(upload) as file:
                yield upload.stored_as, file.chunks(archive.PIECE)
        except NotFound:
            continue  # `verify` says so, here and where the backup is restored


def copy_of_document(path: Path, document_id: Any) -> int:
    """The engine's rows of one document, as they are, in a file of the same format. Raises Refused."""
    models = [model for model in archive.tables() if model._meta.app_label == "collab"]
    with api.one_moment():
        return archive.write(path, models, only={"document_id": document_id}, progress=lambda *_: None)


def restore_backup(path: Path, *, replace: bool, accept_problems: bool, progress: Progress) -> int:
    """Put a backup in the place of all rows; how many there are. Raises Refused or NotNow, and then nothing changes.

    Every document begins a new epoch: what browsers still have of later is offered as a text of its own, not merged.
    What is restored is verified before it counts.
    """
    backup = Archive(path)
    try:
        backup.check_version()
        with api.alone(), _Placing() as files, transaction.atomic():
            if not replace:
                _refuse_to_overwrite()
            count = _replace_rows(backup, files, progress)
            api.renew_epochs()
            if not accept_problems:
                _refuse_problems()
            return count
    except Unavailable as error:
        raise NotNow(str(error)) from error
    except DatabaseFailure as error:
        reason = str(error).strip().splitlines()[0]
        raise Refused(f"The database did not take the backup, and is as it was: {reason}") from error


def _refuse_to_overwrite() -> None:
    people, documents = User.objects.count(), Document.objects.count()
    if people or documents:
        raise Refused(
            f"This site has {people} people and {documents} documents already: "
            "with --replace they are replaced by those of the backup."
        )


class _Placing:
    """What a restore puts into the storage, and takes out again if it fails."""

    def __init__(self) -> None:
        self._new: list[str] = []

    def __enter__(self) -> _Placing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name in self._new if kind else ():
            default_storage.delete(name)

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Raises Refused for a name that no upload has, NotNow if it cannot be stored."""
        try:
            name = str(UUID(name))
        except ValueError:
            raise Refused(f"The backup is damaged: it has a file called {name!r}.") from None
        with TemporaryFile() as whole:
            whole.writelines(pieces)
            if _is_stored(name, whole):
                return
            whole.seek(0)
            try:
                default_storage.delete(name)
                self._new.append(default_storage.save(name, File(whole)))
            except OSError as error:
                raise NotNow(f"A file could not be stored: {error.strerror or error}. Nothing is restored.") from error


def _is_stored(name: str, whole: IO[bytes]) -> bool:
    """One that is there under its id is the same, unless it has been damaged."""
    if not default_storage.exists(name):
        return False
    whole.seek(0)
    with default_storage.open(name) as stored:
        return file_digest(stored, "sha256").digest() == file_digest(whole, "sha256").digest()  # type: ignore[arg-type]  # they read


def _replace_rows(backup: Archive, files: _Placing, progress: Progress) -> int:
    models = archive.tables()
    counts: Counter[type[Model] | str] = Counter()
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {_quoted(model._meta.db_table)}")  # noqa: S608 (a name of our own)
        for what, parts in groupby(backup.parts(), key=itemgetter(0)):
            if isinstance(what, str):
                files.put(what, (piece for _, piece in parts if isinstance(piece, bytes)))
                counts["files"] += 1
                continue
            while chunk := [values for _, values in islice(parts, archive.CHUNK)]:
                cursor.executemany(_insertion(what), chunk)
                counts[what] += len(chunk)
            progress(what._meta.db_table, counts[what])
        if counts["files"]:
            progress("files", counts["files"])
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    connection.check_constraints()
    return counts.total()


def _insertion(model: type[Model]) -> str:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    places = ", ".join("%s" for _ in columns)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(map(_quoted, columns))}) VALUES ({places})"  # noqa: S608 (names of our own)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _refuse_problems() -> None:
    problems = [problem for _, found in verification.verify_all() for problem in found]
    if problems:
        raise Refused(
            f"Verifying what is restored has found {problems[0]!r}, and {len(problems) - 1} problems more. Nothing has "
            "been restored; with --accept-problems it is, and `verify` says what they are."
        )
