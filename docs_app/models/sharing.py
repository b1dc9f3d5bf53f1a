"""Who may do what: people with a role, and links that carry one."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from docs_app.levels import LABELS, Level
from docs_app.models.documents import Document
from docs_app.models.people import Guest

PERSON_LEVELS = [(level.value, LABELS[level]) for level in (Level.VIEW, Level.COMMENT, Level.EDIT, Level.OWN)]
LINK_LEVELS = PERSON_LEVELS[:3]


def still_valid(link: str = "") -> Q:
    """Of a ShareLink, or of what has one under the lookup `link` ("link__"): neither revoked nor expired.

    By the database's clock, which all servers share.
    """
    unexpired = Q(**{f"{link}expires_at": None}) | Q(**{f"{link}expires_at__gt": Now()})
    return Q(**{f"{link}revoked_at": None}) & unexpired


class Membership(models.Model):
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=PERSON_LEVELS)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["document", "user"], name="one_role_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {Level(self.level).label}"


class ShareLink(models.Model):
    """A link with a role. The token in its address is 128 random bits, of which only the SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links", verbose_name=_("document"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    level = models.PositiveSmallIntegerField(_("level"), choices=LINK_LEVELS)
    label = models.CharField(_("label"), max_length=64, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.label or Level(self.level).label

    @property
    def has_expired(self) -> bool:
        """By this server's clock: to be shown. What opens it is `still_valid`."""
        return self.expires_at is not None and self.expires_at <= timezone.now()


class LinkUse(models.Model):
    """Somebody has come in by a link, and keeps its role for as long as the link is valid."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="link_uses")
    guest = models.ForeignKey(Guest, null=True, on_delete=models.CASCADE, related_name="link_uses")
    first_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("use of a link")
        verbose_name_plural = _("uses of links")
        constraints = [
            models.UniqueConstraint(fields=["link", "user"], name="one_use_a_user"),
            models.UniqueConstraint(fields=["link", "guest"], name="one_use_a_guest"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest__isnull=True) | Q(user__isnull=True, guest__isnull=False),
                name="a_use_is_of_one_person",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(name)s by “%(link)s”") % {"name": self.user or self.guest, "link": self.link}
