"""One's own account, and the way in and out."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from docs_app.models import ApiToken, User
from docs_app.services.tokens import create_token, user_of_token
from tests.support.clients import breaches, client_of
from tests.support.people import account, visitor

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = '"><script>alert(1)</script>'
PASSWORD = "correct horse battery staple"


def alice() -> Client:
    return client_of(visitor("alice"))


def test_nobody_known_is_sent_to_sign_in() -> None:
    assert Client().get("/account/")["Location"] == "/accounts/login/?next=/account/"
    assert Client().post("/account/tokens/")["Location"] == "/accounts/login/?next=/"
    assert not ApiToken.objects.exists()


def test_a_name_is_changed_and_may_be_empty() -> None:
    client = alice()
    assert client.post("/account/", {"name": " Alice\u202e A. "}, follow=True).status_code == 200
    assert account("alice").shown_name == "Alice A."
    client.post("/account/", {"name": ""})
    assert account("alice").shown_name == "alice"


def test_a_name_that_is_too_long_is_refused_at_its_field() -> None:
    answer = alice().post("/account/", {"name": "x" * 65})
    assert answer.status_code == 422
    assert b"at most 64 characters" in answer.content
    assert account("alice").name == "Alice"


def test_a_token_is_shown_once_and_opens_the_api() -> None:
    client = alice()
    answer = client.post("/account/tokens/", {"label": HOSTILE[:64]})
    found = re.search(r'id="token-secret" value="([\w-]+)"', answer.content.decode())
    assert found and "no-store" in answer["Cache-Control"]
    assert user_of_token(found[1]) == account("alice")
    assert breaches(answer) == []
    again = client.get("/account/")
    assert found[1].encode() not in again.content and b"&lt;script&gt;" in again.content


def test_a_revoked_token_opens_nothing() -> None:
    token, secret = create_token(user=account("alice"))
    client = alice()
    client.post(reverse("revoke_token", args=[token.pk]))
    assert user_of_token(secret) is None
    assert client.post(reverse("revoke_token", args=[token.pk])).status_code == 404


def test_another_s_token_is_not_found() -> None:
    token, secret = create_token(user=account("bob"))
    assert alice().post(reverse("revoke_token", args=[token.pk])).status_code == 404
    assert user_of_token(secret) == account("bob")


def test_sign_up_sign_out_and_sign_in_again() -> None:
    client = Client()
    fields = {"username": "newt", "email": "newt@example.org", "password1": PASSWORD}
    assert client.post("/accounts/signup/", fields)["Location"] == "/"
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302
    for login in ("newt", "newt@example.org"):
        assert client.post("/accounts/login/", {"login": login, "password": PASSWORD})["Location"] == "/"


def test_a_wrong_password_is_told_without_saying_which_was_wrong() -> None:
    account("alice")
    for login in ("alice", "nobody"):
        answer = Client().post("/accounts/login/", {"login": login, "password": "wrong"})
        assert b"you specified are not correct" in answer.content


def test_the_password_is_changed_and_others_browsers_are_out() -> None:
    user = account("alice")
    user.set_password(PASSWORD)
    user.save()
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(User.objects.get(pk=user.pk))
    fields = {"oldpassword": PASSWORD, "password1": "another good password", "password2": "another good password"}
    assert here.post("/accounts/password/change/", fields).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_a_forgotten_password_is_answered_by_mail() -> None:
    account("alice")
    answer = Client().post("/accounts/password/reset/", {"email": "alice@example.org"}, follow=True)
    assert answer.status_code == 200
    assert [message.to for message in mail.outbox] == [["alice@example.org"]]


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/logout/", "/account/"],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_every_page_keeps_to_the_content_policy(address: str, is_known: bool) -> None:
    answer = (alice() if is_known else Client()).get(address, follow=True)
    assert answer.status_code == 200
    assert b"Scriptorium</title>" in answer.content
    assert breaches(answer) == []
