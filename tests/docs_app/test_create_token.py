"""The command prints a token that works, or says why there is none."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from docs_app.models import ApiToken, User
from docs_app.services.tokens import user_of_token
from tests.support.people import account

pytestmark = pytest.mark.django_db


def test_it_prints_the_token_and_nothing_else() -> None:
    bob, said = account("bob"), StringIO()
    call_command("create_token", "bob", "--label", "backup job", stdout=said)
    assert user_of_token(said.getvalue().strip()) == bob
    assert ApiToken.objects.get().label == "backup job"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["zoe"], "Nobody here is called zoe."),
        (["eve"], "The account eve is suspended: its tokens open nothing."),
        (["bob", "--label", "x" * 65], "A token's label may have 64 characters; this has 65."),
    ],
)
def test_it_says_why_not(words: list[str], sentence: str) -> None:
    account("bob")
    User.objects.filter(pk=account("eve").pk).update(is_active=False)
    with pytest.raises(CommandError) as refusal:
        call_command("create_token", *words)
    assert str(refusal.value) == sentence
    assert not ApiToken.objects.exists()
