"""`manage.py compact`: what a running server does now and then, for every document at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from collab.conf import retention
from collab.models import LogEntry, Snapshot
from collab.records import document_ids
from collab.thinning import thin_out


class Command(BaseCommand):
    help = "Lets old log entries and snapshots of all documents go, as far as they are no longer needed."

    def handle(self, *args: Any, **options: Any) -> None:
        entries, snapshots = LogEntry.objects.count(), Snapshot.objects.count()
        kept_whole = 0
        for document_id in sorted(document_ids()):
            problems = thin_out(document_id, retention(), timezone.now())
            kept_whole += bool(problems)
            for problem in problems:
                self.stderr.write(f"{document_id}: {problem}")
        entries -= LogEntry.objects.count()
        snapshots -= Snapshot.objects.count()
        self.stdout.write(f"{entries:,} log entries and {snapshots:,} snapshots have been let go.")
        if kept_whole:
            raise CommandError(f"{kept_whole} documents disagree with themselves and keep everything: see `verify`.")
