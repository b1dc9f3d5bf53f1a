"""/healthz, and what every page says about itself to browsers."""

from __future__ import annotations

from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.support.clients import HTMX, client_of
from tests.support.people import visitor


@pytest.mark.django_db
def test_ok_while_the_database_answers() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_not_ok_when_it_does_not() -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"The database does not answer.")


@pytest.mark.django_db
def test_pages_allow_no_script_but_ours() -> None:
    policy = client_of(visitor("alice")).get("/")["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};" and "unsafe" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/?show=trash", "/account/", f"/d/{UUID(int=0)}/", "/s/unknown/", "/guest/"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_nothing_that_was_for_one_person_is_kept_on_the_way(address: str, headers: dict[str, str]) -> None:
    for client in (client_of(visitor("alice")), Client()):
        assert "no-store" in client.get(address, headers=headers)["Cache-Control"]
