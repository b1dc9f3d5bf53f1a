"""Links, to look at and to revoke, and the roles of people in a document."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from docs_app.models import Membership, ShareLink
from docs_app.services import live


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)
    fields = ("user", "level", "created_at")
    readonly_fields = ("created_at",)


@admin.register(ShareLink)
class ShareLinkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("document", "label", "level", "created_by", "created_at", "expires_at", "revoked_at")
    list_filter = ("level", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("document", "created_by")
    search_fields = ("label", "document__title", "created_by__username")
    fields = readonly_fields = list_display
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=gettext_lazy("Revoke the selected links"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ShareLink]) -> None:
        links = list(queryset.filter(revoked_at=None))
        queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        live.ask_again(*{link.document_id for link in links})
        for link in links:
            self.log_change(request, link, gettext("Revoked."))
        self.message_user(request, gettext("Revoked: whoever came in by them alone is out."))
