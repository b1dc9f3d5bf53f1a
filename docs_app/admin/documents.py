"""Documents, and from each the way to its snapshots (docs_app.admin.snapshots)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from docs_app.admin.sharing import MembershipInline
from docs_app.admin.snapshots import SnapshotPages
from docs_app.models import Document
from docs_app.services import live


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "owner", "edited_at", "trashed_at", "snapshots")
    list_filter = (("trashed_at", admin.EmptyFieldListFilter), "edited_at")
    list_select_related = ("owner",)
    search_fields = ("title", "owner__username", "owner__email")
    autocomplete_fields = ("owner",)
    fields = ("title", "owner", "id", "created_at", "edited_at", "edited_by", "trashed_at", "trashed_by", "snapshots")
    readonly_fields = fields[2:]
    inlines = (MembershipInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A document begins with its log, which the site makes and the admin does not."""
        return False

    def get_urls(self) -> list[URLPattern]:
        return [*SnapshotPages(self).urls(), *super().get_urls()]

    @admin.display(description=gettext_lazy("Snapshots"))
    def snapshots(self, document: Document) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:document_snapshots", args=[document.pk]), gettext("Snapshots")
        )

    def save_related(self, request: Any, form: ModelForm[Document], formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        live.tell(form.instance.pk, "title")
        live.ask_again(form.instance.pk)
