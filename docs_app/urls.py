"""The product's addresses. Every view is answered: what it refuses becomes a page, a toast or the way to sign in."""

from __future__ import annotations

from django.urls import URLPattern, path

from docs_app.views import account, documents, files, history, language, links, mentions, offline, sharing
from docs_app.views.refusals import View, answered


def page(route: str, view: View, name: str) -> URLPattern:
    return path(route, answered(view), name=name)


DOCUMENT = "d/<uuid:document_id>/"
SNAPSHOT = f"{DOCUMENT}snapshots/<uuid:snapshot_id>/"

urlpatterns = [
    page("", documents.documents, "documents"),
    page("documents/new/", documents.new_document, "new_document"),
    page(DOCUMENT, documents.document, "document"),
    page("d/<uuid:document_id>.<str:format>", documents.export, "export"),
    page(f"{DOCUMENT}rename/", documents.rename, "rename"),
    page(f"{DOCUMENT}trash/", documents.trash, "trash"),
    page(f"{DOCUMENT}untrash/", documents.untrash, "untrash"),
    page(f"{DOCUMENT}delete/", documents.delete, "delete"),
    page(f"{DOCUMENT}share/", sharing.share, "share"),
    page(f"{DOCUMENT}share/people/", sharing.share_people, "share_people"),
    page(f"{DOCUMENT}share/people/<int:membership_id>/", sharing.share_person, "share_person"),
    page(f"{DOCUMENT}share/links/", sharing.share_links, "share_links"),
    page(f"{DOCUMENT}share/links/<uuid:link_id>/revoke/", sharing.revoke_link, "revoke_link"),
    page("s/<str:token>/", links.open_link, "open_link"),
    page("guest/", links.guest, "guest"),
    page(SNAPSHOT, history.snapshot, "snapshot"),
    page(f"{SNAPSHOT}restore/", history.restore, "restore"),
    page(f"{SNAPSHOT}copy/", history.copy, "copy"),
    page(f"{DOCUMENT}mentionable/", mentions.mentionable, "mentionable"),
    page(f"{DOCUMENT}mentionable/let-in/", mentions.let_in, "let_in"),
    page("documents/titles/", mentions.titles, "titles"),
    page(f"{DOCUMENT}files/", files.upload, "upload"),
    page("files/<uuid:file_id>", files.file, "file"),
    page("language/", language.choose, "language"),
    page("service-worker.js", offline.worker, "worker"),
    page("offline/", offline.offline, "offline"),
    page("account/", account.account, "account"),
    page("account/tokens/", account.tokens, "tokens"),
    page("account/tokens/<int:token_id>/revoke/", account.revoke_token, "revoke_token"),
]
