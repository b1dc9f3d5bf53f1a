"""What a session cookie may say without troubling the database."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.test import Client

from docs_app.models import User
from project.sessions import SessionStore
from tests.support.people import account

pytestmark = pytest.mark.django_db


def test_a_session_of_ours_is_found_again() -> None:
    client = Client()
    client.force_login(account("alice"))
    key = client.session.session_key
    assert SessionStore(key).session_key == key
    assert client.get("/account/").context["user"] == User.objects.get()


@pytest.mark.parametrize("cookie", [rf'"{"a" * 31}\000"', rf'"{"a" * 31}\377"', "a", "", "A" * 32, "a" * 33])
def test_a_cookie_that_no_session_has_is_nobody_s(cookie: str) -> None:
    said = f"{settings.SESSION_COOKIE_NAME}={cookie}"
    assert SessionStore(SimpleCookie(said)[settings.SESSION_COOKIE_NAME].value).session_key is None
    answer = Client(headers={"Cookie": said}).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")
