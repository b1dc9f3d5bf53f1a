"""Secrets that stand for somebody: bearer tokens of programs, and the tokens in share links.

128 random bits each; only the SHA-256 is kept, and a secret is looked up by it, so that neither the database nor the
time an answer takes tells anything about one.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from docs_app import queries
from docs_app.models import ApiToken, User
from docs_app.services import live
from docs_app.services.words import clean_line

LABEL_LIMIT = 64
_USED_EVERY = timedelta(minutes=1)  # how often the time of use is written down


def new_secret() -> str:
    return secrets.token_urlsafe(16)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def create_token(*, user: User, label: str = "") -> tuple[ApiToken, str]:
    """A token for the user's programs, with its secret, which is nowhere to be had later. Raises Refused."""
    secret = new_secret()
    label = clean_line(label, what=gettext("A token's label"), limit=LABEL_LIMIT)
    return ApiToken.objects.create(user=user, label=label, token_hash=hash_of(secret)), secret


def token_of(secret: str) -> ApiToken | None:
    """The valid token with this secret, if its owner may still come in; notes that it has been used."""
    token = ApiToken.objects.select_related("user").filter(token_hash=hash_of(secret), revoked_at=None).first()
    if token is None or not token.user.is_active:
        return None
    now = timezone.now()
    if token.used_at is None or token.used_at < now - _USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return token


def user_of_token(token: str) -> User | None:
    """Whose secret this is, if it is a valid token's."""
    found = token_of(token)
    return found.user if found else None


@transaction.atomic
def revoke_token(*, token: ApiToken) -> None:
    """From now on it opens nothing, and what it holds open is closed."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    live.ask_again(*queries.reachable_ids(token.user))
