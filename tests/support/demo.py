"""The demo's people with their sessions, and around its document what else there is to see: a trash, tokens, a link."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.site import Account, Site

_REST = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from docs_app.access import Visitor
from docs_app.levels import Level
from docs_app.models import Document, User
from docs_app.services.documents import create_document, trash_document
from docs_app.services.history import list_snapshots
from docs_app.services.sharing import create_link
from docs_app.services.tokens import create_token

def account(user):
    session = SessionStore()
    session.update({
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    })
    session.save()
    return {"id": user.pk, "name": user.username, "session": session.session_key, "token": create_token(user=user)[1]}

ada, grace = User.objects.get(username="ada"), User.objects.get(username="grace")
User.objects.filter(pk=ada.pk).update(is_staff=True, is_superuser=True)
document = Document.objects.get(owner=ada)
trashed = create_document(owner=ada, title="Put away")
trash_document(document=trashed, by=Visitor(ada))
links = [create_link(document=document, level=level, by=Visitor(ada))[1] for level in (Level.VIEW, Level.COMMENT)]
result = {
    "ada": account(ada),
    "grace": account(grace),
    "document": str(document.pk),
    "snapshot": str(list_snapshots(document)[0].id),
    "trashed": str(trashed.pk),
    "viewers": links[0],
    "commenters": links[1],
}
"""


@dataclass(frozen=True, slots=True)
class Demo:
    """`viewers` and `commenters` are tokens of links; the rest are ids. Ada owns it all and is staff."""

    ada: Account
    grace: Account
    document: str
    snapshot: str
    trashed: str
    viewers: str
    commenters: str


def written_demo(site: Site) -> Demo:
    site.manage("seed_demo")
    made = site.python(_REST)
    ada, grace = (Account(**made.pop(name), password="scriptorium") for name in ("ada", "grace"))
    return Demo(ada, grace, **made)
