"""Accounts, guests and tokens."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from docs_app.models import ApiToken, Guest, User
from docs_app.services import tokens


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "name", "email", "is_active", "is_staff", "date_joined")
    search_fields = ("username", "name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Who they are"), {"fields": ("name", "email")}),
        (
            gettext_lazy("What they may"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (gettext_lazy("When"), {"fields": ("last_login", "date_joined")}),
    )


@admin.register(Guest)
class GuestAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at, and to turn out: without the guest there is no way in by their links."""

    list_display = ("name", "created_at")
    search_fields = ("name",)
    readonly_fields = ("id", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at and to revoke. The hash is shown to nobody, for nobody has a use for it."""

    list_display = ("label", "user", "created_at", "used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("label", "user__username", "user__email")
    fields = readonly_fields = ("user", "label", "created_at", "used_at", "revoked_at")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=gettext_lazy("Revoke the selected tokens"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset.filter(revoked_at=None):
            tokens.revoke_token(token=token)
            self.log_change(request, token, gettext("Revoked."))
        self.message_user(request, gettext("Revoked: they open nothing any more."))
