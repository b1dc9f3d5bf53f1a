"""The engine's tables: documents by id alone, with no foreign key into the product."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class Stream(models.Model):
    """A document's existence in the log. The epoch changes when its history is replaced (a backup brought back).

    Entries up to `floor` have been let go, or may be at any time: there is a snapshot at that very seq instead.
    """

    document_id = models.UUIDField(primary_key=True)
    epoch = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(auto_now_add=True)
    floor = models.PositiveBigIntegerField(default=0)
    tidy_at = models.DateTimeField(null=True, db_index=True)  # when to look for what may go; None: nothing will be

    def __str__(self) -> str:
        return str(self.document_id)


class LogEntry(models.Model):
    """One committed tick: `payload` holds its updates, each with its author (format: collab.fold.pack)."""

    document_id = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    payload = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document_id", "seq"], name="log_seq_is_unique")]

    def __str__(self) -> str:
        return f"{self.document_id} #{self.seq}"


class Snapshot(models.Model):
    """A full state at a `seq`. Loading starts from the newest; people restore any of them.

    `is_verified` once it has been compared with a replay of the log; `checksum` is fold.checksum of the state (None
    of the first ones, which had none).
    """

    KINDS = [("auto", "Automatic"), ("named", "Named"), ("before-restore", "Before a restore"), ("import", "Import")]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document_id = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16, choices=KINDS)
    name = models.CharField(max_length=200, blank=True)
    authors = models.JSONField(default=list)
    state = models.BinaryField()
    size = models.PositiveIntegerField()
    checksum = models.PositiveBigIntegerField(null=True)
    is_verified = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["document_id", "-seq"], name="snapshot_newest")]

    def __str__(self) -> str:
        return self.name or f"{self.kind} #{self.seq}"


class ClientOwner(models.Model):
    """The first principal to write with a CRDT client id owns it in that document, for ever."""

    document_id = models.UUIDField()
    client_id = models.PositiveBigIntegerField()
    principal = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document_id", "client_id"], name="client_has_one_owner")]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.principal}"
