"""`manage.py verify [document…]`: a line for each thing that does not agree with another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from docs_app.services.verification import verify_all, verify_document


class Command(BaseCommand):
    help = "Checks that log, snapshots, owners, text and discussions of every document agree. Reading only, any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("documents", nargs="*", type=UUID, metavar="document", help="ids; without any, all")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted: list[UUID] = options["documents"]
        found = ((each, verify_document(each)) for each in wanted) if wanted else verify_all()
        documents = count = 0
        for document_id, problems in found:
            documents += document_id is not None
            for problem in problems:
                count += 1
                self.stdout.write(f"{document_id or 'rows'}: {problem}")
        if count:
            raise CommandError(f"Documents verified: {documents}. Problems: {count}.")
        self.stdout.write(f"Documents verified: {documents}. No problems.")
