"""A day at a real site, with everything logged: nothing that people have said, are called or come by is in the log."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from collab import protocol
from tests.conftest import Sites
from tests.support.site import Account, Site
from tests.support.visitors import Visitor, come_by_link, share_by_link
from tests.support.wire import close_code, new_document, socket, until_text, write

pytestmark = pytest.mark.anyio

# All of these are told to the site, in their places, and may not come back in its log.
NAME, MAIL, PASSWORD = "qxname", "qxmail@example.org", "qxpassword-long-enough"
TITLE, TEXT, COMMENT, GUEST = "qxtitle", "qxtext", "qxcomment", "qxguest"
ADDRESS = "203.0.113.77"


def somewhere(site: Site) -> Visitor:
    """Somebody behind the proxy."""
    return Visitor(site, **{"X-Forwarded-For": ADDRESS, "User-Agent": f"{NAME}-browser"})


def sign_up_and_in(site: Site) -> None:
    visitor = somewhere(site)
    assert visitor.post("accounts/signup/", username=NAME, email=MAIL, password1=PASSWORD).status == 200
    assert visitor.post("accounts/logout/").status == 200
    assert visitor.post("accounts/login/", login=MAIL, password=f"{PASSWORD}-wrong").status == 200
    assert visitor.post("accounts/login/", login=MAIL, password=PASSWORD).status == 200
    assert visitor.get(f"nowhere/?token={PASSWORD}&q={TEXT}").status == 404
    assert visitor.get(f"accounts/password/reset/key/1-{PASSWORD}/").status == 200


def come_by_links(site: Site, token: str) -> None:
    visitor = somewhere(site)
    come_by_link(visitor, token, GUEST)
    assert visitor.get(f"s/{token}x/").status == 404


async def write_and_be_refused(site: Site, account: Account, document_id: str) -> None:
    async with socket(site, document_id, query=f"?token={account.token}") as connection:
        await write(connection, TEXT)
        await connection.send(json.dumps({"action": "comment.start", "body": COMMENT, "quote": TEXT}))
        await until_text(connection, "")
        await connection.send(protocol.update(TEXT.encode()))
        assert await close_code(connection) == 4400
    async with socket(site, document_id, f"{account.token}x") as connection:
        assert await close_code(connection) == 4401


def break_it(site: Site) -> None:
    visitor = somewhere(site)
    visitor.post("accounts/login/", login=MAIL, password=PASSWORD)
    with closing(sqlite3.connect(site.var_dir / "scriptorium.sqlite3")) as database:
        database.execute("ALTER TABLE docs_app_document RENAME TO gone")
    assert visitor.get("").status == 500


@pytest.mark.parametrize("form", ["TEXT", "JSON"])
async def test_a_day_leaves_nothing_private_in_the_log(sites: Sites, form: str) -> None:
    site = sites(LOG_LEVEL="DEBUG", LOG_FORMAT=form)
    (ada,) = site.enrol("ada")
    document_id = new_document(site, ada, TEXT)
    site.python(f"from docs_app.models import Document\nresult = Document.objects.update(title={TITLE!r})")
    token = share_by_link(site, document_id)
    sign_up_and_in(site)
    come_by_links(site, token)
    await write_and_be_refused(site, ada, document_id)
    break_it(site)
    assert site.terminate() == 0
    told = [NAME, MAIL, PASSWORD, TITLE, TEXT, COMMENT, GUEST, ADDRESS, token, ada.token, ada.session, "ada"]
    log = site.log.replace("Traceback", "")
    assert [secret for secret in told if secret in log] == []
    assert "Not Found: /s/…/" in log and "no such table: docs_app_document" in log and document_id in log
    if form == "JSON":
        lines = [json.loads(line) for line in site.log.splitlines() if line and not line.startswith("Scriptorium is")]
        assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
        assert {4400, 4401} <= {line.get("code") for line in lines if line.get("document") == document_id}
        assert any("OperationalError" in line.get("exception", "") for line in lines)
