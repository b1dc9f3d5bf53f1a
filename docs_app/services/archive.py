"""Rows of the database in one file, and back: the format of backups. Knows fields, nothing of what they mean.

Gzip of lines of JSON: a header, then per table a line that names its columns and a line for each row, then a line for
each piece of what has been uploaded, then an end. The file is the same from SQLite and from PostgreSQL, a truncated one
has no end, and gzip's checksum tells a damaged one.
Why not the databases' own tools: docs/decisions/0008-backups-of-our-own.md.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model
from django.utils import timezone

from docs_app.errors import Refused

FORMAT = 2
CHUNK = 500  # rows
PIECE = 1 << 20  # bytes of a file
Progress = Callable[[str, int], None]
Files = Iterable[tuple[str, Iterable[bytes]]]
"""Names, and what they are the names of, in pieces."""


def tables() -> list[type[Model]]:
    """All models that have rows of their own."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def write(
    path: Path, models: Iterable[type[Model]], *, only: Mapping[str, Any], progress: Progress, files: Files = ()
) -> int:
    """Write rows (those that fit the filters `only`) and files to a new file; how many. Raises Refused, leaves nothing.

    On disk, under its name, only when it is whole; for its owner's eyes only, for it has what people keep secret.
    """
    if path.exists():
        raise Refused(f"{path} exists already: choose another name.")
    part = path.with_name(f"{path.name}.part")
    whole = _new_file(part)
    try:
        with whole as file:
            with gzip.open(file, "wt", encoding="utf-8", compresslevel=6) as lines:
                count = _write_rows(lines.write, models, only, progress)
                count += _write_files(lines.write, files, progress)
                lines.write(json.dumps({"end": count}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _not_written(path, error) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return count


def _new_file(path: Path) -> BinaryIO:
    """Open to be written by us, and to be read by nobody else on this machine. Raises Refused."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError as error:
        raise Refused(f"{path} exists already: a backup is being written, or was cut off and may go.") from error
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> Refused:
    return Refused(f"{path} could not be written: {error.strerror or error}. Nothing is left of it.")


def _write_rows(
    line: Callable[[str], object], models: Iterable[type[Model]], only: Mapping[str, Any], progress: Progress
) -> int:
    header = {"scriptorium": FORMAT, "made": timezone.now().isoformat(), "migrations": migrations()}
    line(json.dumps(header) + "\n")
    total = 0
    for model in models:
        columns = [field.attname for field in model._meta.concrete_fields]
        line(json.dumps({"table": model._meta.db_table, "columns": columns}) + "\n")
        count = 0
        for row in model._base_manager.filter(**only).order_by("pk").values_list(*columns).iterator(CHUNK):
            line(json.dumps(row, default=_plain, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
            if not count % 10_000:
                progress(model._meta.db_table, count)
        progress(model._meta.db_table, count)
        total += count
    return total


def _write_files(line: Callable[[str], object], files: Files, progress: Progress) -> int:
    count = 0
    for name, pieces in files:
        count += 1
        for piece in chain([b""], pieces):  # an empty one tells where a file begins
            line(json.dumps({"file": name, "piece": base64.b64encode(piece).decode()}) + "\n")
    if count:
        progress("files", count)
    return count


def _plain(value: object) -> object:
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(value).decode()
    raise TypeError(f"There is no way to write {type(value).__name__} into a backup.")


def migrations() -> list[str]:
    """What the database's tables look like now: the migrations that have been applied."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


class Archive:
    """A file that `write` has made. Every method raises Refused with a sentence when it is not, or is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._check_bytes()
        self._lines = self._read()
        header = next(self._lines, None)
        if not isinstance(header, dict) or "scriptorium" not in header:
            raise Refused(f"{path} is not a backup of Scriptorium.")
        if header["scriptorium"] != FORMAT:
            raise Refused(f"{path} has format {header['scriptorium']}; this version reads {FORMAT}.")
        self.made = str(header["made"])
        self.migrations = set(header["migrations"])

    def _check_bytes(self) -> None:
        """Nothing in it is believed before the checksum at its end has been seen."""
        with self._damage_said(), gzip.open(self.path, "rb") as file:
            while file.read(1 << 20):
                pass

    def _read(self) -> Iterator[Any]:
        with self._damage_said(), gzip.open(self.path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    @contextmanager
    def _damage_said(self) -> Iterator[None]:
        try:
            yield
        except gzip.BadGzipFile as error:
            raise Refused(f"{self.path} is not a backup of Scriptorium, or is damaged: {error}.") from error
        except (EOFError, zlib.error, ValueError) as error:
            raise Refused(f"{self.path} is damaged, or was cut off: {error}.") from error
        except OSError as error:
            raise Refused(f"{self.path} cannot be read: {error.strerror or error}.") from error

    def check_version(self) -> None:
        """Raises Refused unless the database is of the version that has made the backup."""
        here = set(migrations())
        if newer := sorted(self.migrations - here):
            raise Refused(
                f"The backup was made by a newer version, or this database has not been migrated: it lacks {newer[0]}. "
                "Run `manage.py migrate`, or install the version that made it."
            )
        if older := sorted(here - self.migrations):
            raise Refused(
                f"The backup was made by an older version (before {older[0]}): install that one, restore, then update."
            )

    def parts(self) -> Iterator[tuple[type[Model], list[Any]] | tuple[str, bytes]]:
        """Every row, as values for the model's columns that the database takes; then names of files with pieces."""
        known = {model._meta.db_table: model for model in tables()}
        model, fields, count = None, [], 0
        for line in self._lines:
            if isinstance(line, list) and model is not None and len(line) == len(fields):
                count += 1
                yield model, [_value(field, value) for field, value in zip(fields, line, strict=True)]
            elif isinstance(line, dict) and line.get("table") in known:
                model = known[line["table"]]
                fields = _fields(model, line["columns"])
            elif isinstance(line, dict) and "piece" in line:
                count += not line["piece"]
                yield str(line["file"]), base64.b64decode(line["piece"])
            elif line == {"end": count}:
                return
            else:
                raise Refused(f"{self.path} is damaged: it has a line that does not belong there.")
        raise Refused(f"{self.path} was cut off.")


def _fields(model: type[Model], columns: list[str]) -> list[Field[Any, Any]]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    if set(columns) != set(by_name):
        raise Refused(f"The backup's table {model._meta.db_table} has other columns than this version's.")
    return [by_name[column] for column in columns]


def _value(field: Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(field.to_python(value), connection)
