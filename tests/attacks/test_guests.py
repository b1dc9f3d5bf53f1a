"""Whoever opens a link again is another guest each time: that buys no more of the server's time."""

from __future__ import annotations

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from collab import pace, protocol
from collab.errors import Malformed, TooFast
from tests.collab import hostile
from tests.support.site import Account, Site
from tests.support.visitors import Visitor, come_by_link, share_by_link
from tests.support.wire import close_code, is_alive, new_document, socket, text_of

pytestmark = pytest.mark.anyio

ENOUGH = int(pace.CROWD_PURSE / pace.POISONED) + 1  # of them have spent all that a crowd has


@pytest.fixture(scope="module")
def ada(site: Site) -> Account:
    return next(iter(site.enrol("ada")))


async def end_of(site: Site, document_id: str, token: str, frame: bytes) -> int:
    """A new guest says this; the code that ends its connection."""
    guest = Visitor(site)
    come_by_link(guest, token, "Mallory")
    page = {"Cookie": f"sessionid={guest.session}", "Origin": site.url.rstrip("/")}
    async with socket(site, document_id, headers=page) as connection:
        with suppress(ConnectionClosed):  # who is not let in may have heard so already
            await connection.send(frame)
        return await close_code(connection)


async def test_guests_pay_together_and_others_do_not_pay_for_them(site: Site, ada: Account) -> None:
    document_id = new_document(site, ada, "Here we write.")
    elsewhere = new_document(site, ada, "Here as well.")
    token, other = share_by_link(site, document_id, "EDIT"), share_by_link(site, elsewhere, "EDIT")
    poison = protocol.update(hostile.slow(5000))
    ends = [await end_of(site, document_id, token, poison) for _ in range(ENOUGH)]
    assert ends == [Malformed.code] * ENOUGH, "each of them is let in, and ended for what it does"
    assert await end_of(site, document_id, token, poison) == TooFast.code, "not even let in"
    assert await end_of(site, elsewhere, other, poison) == TooFast.code, "nor by another link of the same owner"
    async with socket(site, document_id, ada.token) as connection:
        assert await is_alive(connection)
    assert text_of(site, ada, document_id).strip() == "Here we write."
