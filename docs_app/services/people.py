"""What people say about themselves."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from docs_app import queries
from docs_app.models import Guest, Thread, User
from docs_app.services import live
from docs_app.services.words import clean_line, clean_name

NAME_LIMIT = 64


def choose_language(*, user: User, language: str) -> None:
    """Be answered in `language`, one of settings.LANGUAGES, from now on; "" for what the browser asks for."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def rename_person(*, user: User, name: str) -> None:
    """Be called `name` from now on, also where one has a document open; "" for the username. Raises Refused."""
    user.name = clean_line(name, what=gettext("A name"), limit=NAME_LIMIT)
    user.save(update_fields=["name"])
    live.ask_again(*queries.reachable_ids(user))


@transaction.atomic
def rename_guest(*, guest: Guest, name: str) -> None:
    """The same for somebody without an account, who has no username to fall back on. Raises Refused."""
    guest.name = clean_name(name, what=gettext("A name"), limit=NAME_LIMIT)
    guest.save(update_fields=["name"])
    live.ask_again(*queries.reachable_ids(guest))
    for document_id in set(Thread.objects.filter(comments__guest=guest).values_list("document_id", flat=True)):
        live.tell(document_id, "comments")
