"""Accounts, guests who came by a link, and tokens for programs."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """An account. `name` is what others see; without one they see the username."""

    name = models.CharField(_("name"), max_length=64, blank=True)
    language = models.CharField(
        max_length=16, blank=True, help_text=_("Of the pages; empty: what the browser asks for.")
    )

    @property
    def shown_name(self) -> str:
        return self.name or self.username

    @property
    def principal(self) -> str:
        return f"user:{self.pk}"


class Guest(models.Model):
    """Somebody without an account who opened a share link and chose a name; kept by the browser's session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=64)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        return self.name

    @property
    def principal(self) -> str:
        return f"guest:{self.pk}"


class ApiToken(models.Model):
    """A bearer token of one account. Only its SHA-256 is kept; the token itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("user"))
    label = models.CharField(_("label"), max_length=64, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.label or gettext("Token %(number)s") % {"number": self.pk}
