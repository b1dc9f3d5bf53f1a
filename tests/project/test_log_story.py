"""A day at a real site, with everything logged: nothing that people have said, are called or come by is in the log."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from collab import protocol
from tests.conftest import Sites
from tests.support.site import Account, Site
from tests.support.wire import close_code, new_document, socket, until_text, write

pytestmark = pytest.mark.anyio

# All of these are told to the site, in their places, and may not come back in its log.
NAME, MAIL, PASSWORD = "qxname", "qxmail@example.org", "qxpassword-long-enough"
TITLE, TEXT, COMMENT, GUEST = "qxtitle", "qxtext", "qxcomment", "qxguest"
ADDRESS = "203.0.113.77"


class Visitor:
    """A browser without a window, somewhere behind the proxy."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> int:
        return self._ask(path, None)

    def post(self, path: str, **fields: str) -> int:
        """A form as its page would send it: the page is fetched first."""
        self.get(path)
        tokens = [each.value or "" for each in self.cookies if each.name == "csrftoken"]
        fields["csrfmiddlewaretoken"] = tokens[0] if tokens else ""
        return self._ask(path, urlencode(fields).encode())

    def _ask(self, path: str, data: bytes | None) -> int:
        headers = {"X-Forwarded-For": ADDRESS, "User-Agent": f"{NAME}-browser"}
        try:
            with self._opener.open(Request(f"{self.site.url}{path}", data, headers), timeout=60) as answer:
                return int(answer.status)
        except HTTPError as error:
            error.close()
            return error.code


def share_by_link(site: Site, document_id: str) -> str:
    """The token of a new link to read."""
    token: str = site.python(
        """
        from docs_app.access import Visitor
        from docs_app.levels import Level
        from docs_app.models import Document
        from docs_app.services.sharing import create_link
        document = Document.objects.get(pk=document_id)
        result = create_link(document=document, level=Level.COMMENT, by=Visitor(user=document.owner))[1]
        """,
        document_id=document_id,
    )
    return token


def sign_up_and_in(site: Site) -> None:
    visitor = Visitor(site)
    assert visitor.post("accounts/signup/", username=NAME, email=MAIL, password1=PASSWORD) == 200
    assert visitor.post("accounts/logout/") == 200
    assert visitor.post("accounts/login/", login=MAIL, password=f"{PASSWORD}-wrong") == 200
    assert visitor.post("accounts/login/", login=MAIL, password=PASSWORD) == 200
    assert visitor.get(f"nowhere/?token={PASSWORD}&q={TEXT}") == 404
    assert visitor.get(f"accounts/password/reset/key/1-{PASSWORD}/") == 200


def come_by_link(site: Site, token: str) -> None:
    visitor = Visitor(site)
    assert visitor.get(f"s/{token}/") == 200
    assert visitor.post("guest/", name=GUEST) == 200
    assert visitor.get(f"s/{token}x/") == 404


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
    visitor = Visitor(site)
    visitor.post("accounts/login/", login=MAIL, password=PASSWORD)
    with closing(sqlite3.connect(site.var_dir / "scriptorium.sqlite3")) as database:
        database.execute("ALTER TABLE docs_app_document RENAME TO gone")
    assert visitor.get("") == 500


@pytest.mark.parametrize("form", ["TEXT", "JSON"])
async def test_a_day_leaves_nothing_private_in_the_log(sites: Sites, form: str) -> None:
    site = sites(LOG_LEVEL="DEBUG", LOG_FORMAT=form)
    (ada,) = site.enrol("ada")
    document_id = new_document(site, ada, TEXT)
    site.python(f"from docs_app.models import Document\nresult = Document.objects.update(title={TITLE!r})")
    token = share_by_link(site, document_id)
    sign_up_and_in(site)
    come_by_link(site, token)
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
