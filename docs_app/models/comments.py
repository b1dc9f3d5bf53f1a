"""Discussions in the margin. The text carries only a mark with the thread's id; everything else is here."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from docs_app.models.documents import Document
from docs_app.models.people import Guest, User


class Thread(models.Model):
    """A discussion of one passage. `quote` is the passage as it was, kept for when the text is deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="threads")
    quote = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=64, blank=True, help_text=_("Name of who resolved it, as it was then."))

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.quote[:60]


class Comment(models.Model):
    """One remark in a thread, by a user or a guest. Deleted ones keep their row, without the text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="comments")
    guest = models.ForeignKey(Guest, null=True, on_delete=models.SET_NULL, related_name="comments")
    body = models.TextField(max_length=10_000)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def author(self) -> User | Guest | None:
        return self.user or self.guest

    @property
    def author_name(self) -> str:
        return self.author.shown_name if self.author else gettext("Someone")

    @property
    def author_principal(self) -> str:
        return self.author.principal if self.author else ""
