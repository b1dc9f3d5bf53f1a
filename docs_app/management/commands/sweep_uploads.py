"""`manage.py sweep_uploads`: lets go the files that nothing kept of their document speaks of any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from docs_app.services.sweeping import sweep


class Command(BaseCommand):
    help = "Deletes uploaded files that have been unused for a week: in no text, no snapshot and no log. Any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="how long a file must have been unused, 1 or more")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1:
            raise CommandError("A file must have been unused for a day or more: somebody may be about to undo.")
        swept = sweep(days=options["days"], now=timezone.now())
        self.stdout.write(
            f"Deleted: {swept.files} files ({swept.size:,} bytes), and {swept.strays} that belonged to nothing. "
            f"Unused, but not for long enough: {swept.waiting}."
        )
