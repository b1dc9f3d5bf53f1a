"""Tokens open what their owner may open, are kept as hashes only, and end when they are revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from docs_app.errors import Refused
from docs_app.models import ApiToken
from docs_app.services.tokens import create_token, hash_of, new_secret, revoke_token, user_of_token
from tests.support.people import account

pytestmark = pytest.mark.django_db


def test_a_token_says_who_its_owner_is_and_is_not_kept() -> None:
    token, secret = create_token(user=account("bob"), label="  my  laptop ")
    assert user_of_token(secret) == account("bob")
    token.refresh_from_db()
    assert token.label == "my laptop"
    assert secret not in {str(value) for value in ApiToken.objects.values().get().values()}
    assert token.token_hash == hash_of(secret)


def test_a_secret_has_128_bits() -> None:
    assert {len(new_secret()) for _ in range(50)} == {22}  # 16 bytes in base64, without padding
    assert len({new_secret() for _ in range(50)}) == 50


@pytest.mark.parametrize("secret", ["", "nonsense", "\ud800", "\0", "x" * 100_000])
def test_what_is_no_token_says_nobody(secret: str) -> None:
    create_token(user=account("bob"))
    assert user_of_token(secret) is None


def test_a_revoked_token_says_nobody() -> None:
    token, secret = create_token(user=account("bob"))
    revoke_token(token=token)
    assert user_of_token(secret) is None


def test_a_suspended_account_s_token_says_nobody() -> None:
    bob = account("bob")
    _, secret = create_token(user=bob)
    bob.is_active = False
    bob.save()
    assert user_of_token(secret) is None


def test_the_time_of_use_is_kept_to_the_minute() -> None:
    token, secret = create_token(user=account("bob"))
    user_of_token(secret)
    token.refresh_from_db()
    first = token.used_at
    assert first is not None
    user_of_token(secret)
    token.refresh_from_db()
    assert token.used_at == first
    ApiToken.objects.update(used_at=timezone.now() - timedelta(minutes=2))
    user_of_token(secret)
    token.refresh_from_db()
    assert token.used_at >= first


def test_a_label_has_its_limit() -> None:
    with pytest.raises(Refused, match="A token's label may have 64 characters; this has 65"):
        create_token(user=account("bob"), label="x" * 65)
