"""`manage.py backup FILE`: all there is, at one moment, while the servers run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docs_app.errors import Refused
from docs_app.services.backup import make_backup


class Command(BaseCommand):
    help = "Writes people, documents, history and comments into one file. Servers may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            count = make_backup(path, lambda table, rows: self.stdout.write(f"  {table}: {rows:,} rows"))
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path} has all {count:,} rows ({path.stat().st_size:,} bytes).")
