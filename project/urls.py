"""The site's addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from docs_app.api import api

urlpatterns = [
    path("", include("docs_app.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
]
