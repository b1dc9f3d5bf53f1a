"""The product in Django's admin: people, documents with their snapshots, links and tokens.

Whoever gets here is trusted with the site, so Django's permissions decide, not roles in documents. What open pages must
know of is told to the engine all the same (docs_app.services).
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy

from docs_app.admin import documents, people, sharing

admin.site.site_header = admin.site.site_title = "Scriptorium"
admin.site.index_title = gettext_lazy("Administration")
# One way to sign in: the admin's own would let passwords be guessed without end.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

__all__ = ["documents", "people", "sharing"]
