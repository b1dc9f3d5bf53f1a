"""What must follow whoever deletes or suspends: a page, the admin, a shell, or the deletion of something above.

Connected when the application starts (docs_app.apps).
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete

from collab import api
from docs_app import queries
from docs_app.models import Document, Guest, Membership, ShareLink, Upload, User
from docs_app.services import live, uploads

_LETS_IN = frozenset({"is_active", "password"})


def connect() -> None:
    pre_delete.connect(_erase_text, sender=Document, dispatch_uid="erase_text")
    post_save.connect(_ask_about_user, sender=User, dispatch_uid="ask_about_user")
    pre_delete.connect(_ask_about_person, sender=User, dispatch_uid="ask_about_deleted_user")
    pre_delete.connect(_ask_about_person, sender=Guest, dispatch_uid="ask_about_deleted_guest")
    post_delete.connect(_forget_upload, sender=Upload, dispatch_uid="forget_upload")
    for sender in (Membership, ShareLink):
        post_delete.connect(_ask_about_document, sender=sender, dispatch_uid=f"ask_without_{sender.__name__}")


def _erase_text(*, instance: Document, **_: Any) -> None:
    api.erase(instance.id)
    live.turn_out(instance.id)


def _forget_upload(*, instance: Upload, **_: Any) -> None:
    uploads.forget(instance)


def _ask_about_user(*, instance: User, created: bool, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    """A login also saves its user; only what may end an access is of interest."""
    if not created and (update_fields is None or update_fields & _LETS_IN):
        live.ask_again(*queries.reachable_ids(instance))


def _ask_about_person(*, instance: User | Guest, **_: Any) -> None:
    live.ask_again(*queries.reachable_ids(instance))


def _ask_about_document(*, instance: Membership | ShareLink, **_: Any) -> None:
    live.ask_again(instance.document_id)
