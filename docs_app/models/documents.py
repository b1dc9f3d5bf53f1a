"""A document as the product knows it: a title, an owner, a place in the list. Its text lives in the engine's log."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.deletion import CASCADE, Collector
from django.utils.translation import gettext_lazy as _

from docs_app.levels import Level


def hand_over(
    collector: Collector,
    field: models.ForeignKey[Any, Any],
    documents: Iterable[Document],
    using: str,
) -> None:
    """As on_delete of the owner: a document goes to its oldest other owner, and with its owner only if it has none."""
    leaving = {user.pk for user in collector.data.get(field.remote_field.model, ())}
    orphans = []
    for document in documents:
        owners = document.memberships.filter(level=Level.OWN).exclude(user__in=leaving).order_by("created_at", "pk")
        if heir := owners.select_related("user").first():
            collector.add_field_update(field, heir.user, [document])
        else:
            orphans.append(document.pk)
    if orphans:
        CASCADE(collector, field, Document.objects.using(using).filter(pk__in=orphans), using)


class Direction(models.TextChoices):
    """Which way a document is read; `AUTO` leaves it to the first letter of each paragraph."""

    AUTO = "auto", _("By itself, for each paragraph")
    LEFT_TO_RIGHT = "ltr", _("From left to right")
    RIGHT_TO_LEFT = "rtl", _("From right to left")


class Document(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200, default="Untitled")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=hand_over, related_name="documents", verbose_name=_("owner")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    edited_at = models.DateTimeField(_("edited at"), auto_now_add=True, db_index=True)
    edited_by = models.CharField(
        _("edited by"), max_length=64, blank=True, help_text=_("Principal of the last author.")
    )
    trashed_at = models.DateTimeField(_("trashed at"), null=True, blank=True)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("trashed by"),
    )

    language = models.CharField(max_length=35, blank=True, help_text=_("Of the text, as in BCP 47; empty: not said."))
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.AUTO)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-edited_at"]

    def __str__(self) -> str:
        return self.title
