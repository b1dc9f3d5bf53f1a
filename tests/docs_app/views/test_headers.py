"""What every page says about itself to browsers."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from tests.support.clients import HTMX, client_of
from tests.support.people import visitor


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
