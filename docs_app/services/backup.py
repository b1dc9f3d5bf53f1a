"""All there is, written into one file while people write, and brought back from it: whole or not at all."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.db.models import Model

from collab import api
from collab.errors import Unavailable
from docs_app.errors import NotNow, Refused
from docs_app.models import Document, User
from docs_app.services import archive, verification
from docs_app.services.archive import Archive, Progress


def make_backup(path: Path, progress: Progress) -> int:
    """Write all rows as they are at one moment to a new file; how many. Raises Refused."""
    with api.one_moment():
        return archive.write(path, archive.tables(), only={}, progress=progress)


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
        with api.alone(), transaction.atomic():
            if not replace:
                _refuse_to_overwrite()
            count = _replace_rows(backup, progress)
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


def _replace_rows(backup: Archive, progress: Progress) -> int:
    models = archive.tables()
    counts: Counter[type[Model]] = Counter()
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {_quoted(model._meta.db_table)}")  # noqa: S608 (a name of our own)
        for model, rows in groupby(backup.rows(), key=itemgetter(0)):
            while chunk := [values for _, values in islice(rows, archive.CHUNK)]:
                cursor.executemany(_insertion(model), chunk)
                counts[model] += len(chunk)
            progress(model._meta.db_table, counts[model])
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
