"""Files that people have sent for a document: what is known of them. Their bytes lie in Django's storage, by the id."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from docs_app.models.documents import Document


class Upload(models.Model):
    """A picture (it has a width and a height, in pixels), or any other file. Never changed once it is there.

    `size` is in bytes; `checksum` the SHA-256 of the bytes, in hex; `by` the principal of who sent it. `unused_since`
    is when it was first found that nothing kept of the document speaks of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    size = models.PositiveBigIntegerField()
    checksum = models.CharField(max_length=64)
    by = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    unused_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

    @property
    def stored_as(self) -> str:
        """The name in the storage."""
        return str(self.id)

    @property
    def address(self) -> str:
        """As it stands in texts (docs_app.content.links)."""
        return f"/files/{self.id}"

    @property
    def is_picture(self) -> bool:
        return self.width is not None
