"""`manage.py restore FILE`: a backup in the place of what there is, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docs_app.errors import Refused
from docs_app.services.backup import restore_backup


class Command(BaseCommand):
    help = "Puts a backup into an empty, migrated site. No server may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="in the place of the people and documents here")
        parser.add_argument("--accept-problems", action="store_true", help="also what `verify` complains of")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = restore_backup(
                options["file"],
                replace=options["replace"],
                accept_problems=options["accept_problems"],
                progress=lambda table, rows: self.stdout.write(f"  {table}: {rows:,} rows"),
            )
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count:,} rows are restored, and every document begins a new epoch.")
