"""`manage.py repair_document ID`: shows what could be done; does it with --apply, after a copy of all it touches."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from docs_app.errors import Refused
from docs_app.services import repair


class Command(BaseCommand):
    help = "Shows how a document that `verify` complains of could be repaired; with --apply, repairs it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("document", type=UUID)
        parser.add_argument("--apply", action="store_true", help="do it")
        parser.add_argument(
            "--without", default="", metavar="PRINCIPAL", help="leave out what user:7, say, has written"
        )
        parser.add_argument("--since", type=int, default=1, metavar="ENTRY", help="from this log entry on")
        parser.add_argument("--copy", type=Path, help="where to keep a copy of the document's rows")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = repair.plan(options["document"], without=options["without"], since=options["since"])
            for step in plan.steps:
                self.stdout.write(f"- {step}")
            if not plan.steps:
                self.stdout.write("There is nothing to repair.")
            elif not options["apply"]:
                self.stdout.write("Nothing has been changed: --apply does this.")
            else:
                path = options["copy"] or self._place(options["document"])
                repair.carry_out(plan, path)
                self.stdout.write(f"Done. The rows as they were are in {path}.")
        except Refused as error:
            raise CommandError(str(error)) from error

    def _place(self, document_id: UUID) -> Path:
        return Path(settings.VAR_DIR) / f"repair-{document_id}-{timezone.now():%Y%m%dT%H%M%S}.scriptorium"
