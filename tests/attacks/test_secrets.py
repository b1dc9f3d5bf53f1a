"""What opens a door (tokens, links, sessions, passwords) is in no log, no Referer and no database in the clear."""

from __future__ import annotations

from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, build_opener, urlopen

import pytest

from tests.conftest import Sites
from tests.support.figures import Figure
from tests.support.site import Account, Site
from tests.support.wire import api, close_code, is_alive, new_document, socket

pytestmark = pytest.mark.anyio

_LINK = """
from docs_app.access import Visitor
from docs_app.models import Document
from docs_app.services.sharing import create_link
document = Document.objects.get(pk=document_id)
result = create_link(document=document, level=40, by=Visitor(user=document.owner))[1]
"""


def get(site: Site, path: str, **headers: str) -> tuple[int, str]:
    """Status and Referrer-Policy."""
    try:
        with build_opener().open(Request(f"{site.url}{path}", headers=headers)) as answer:
            return answer.status, answer.headers.get("Referrer-Policy", "")
    except HTTPError as error:
        return error.code, error.headers.get("Referrer-Policy", "")


async def test_no_secret_is_written_down(sites: Sites, figure: Figure) -> None:
    site = sites()
    (ada,) = site.enrol("ada")
    document_id = new_document(site, ada)
    link = str(site.python(_LINK, document_id=document_id))
    await _use(site, ada, document_id, link)
    secrets = {"a token": ada.token, "a link": link, "a session": ada.session, "a password": ada.password}
    places = {"the log": site.log_path, **{path.name: path for path in site.var_dir.glob("*.sqlite3*")}}
    found = [
        (what, name)
        for what, secret in secrets.items()
        for name, path in places.items()
        # Sessions are kept by their key, as Django does.
        if _holds(path, secret) and not (what == "a session" and "sqlite3" in name)
    ]
    figure("D9", f"{len(secrets)} kinds of secret used rightly and wrongly: found in {len(found)} logs and tables")
    assert found == []


def _holds(path: Path, secret: str) -> bool:
    return secret.encode() in path.read_bytes()


async def _use(site: Site, ada: Account, document_id: str, link: str) -> None:
    """Rightly, wrongly, in addresses and in headers, and where the server has to complain."""
    async with socket(site, document_id, query=f"?token={ada.token}", page=False) as connection:
        assert await is_alive(connection)
        await connection.send(b"\0\2\x10\1\1")
        assert await close_code(connection) == 4400
    async with socket(site, "00000000-0000-0000-0000-000000000000", query=f"?token={ada.token}") as connection:
        assert await close_code(connection) == 4404
    for path in f"s/{link}/", f"s/{link}x/", f"s/{link}/%00", f"nowhere/?token={ada.token}", f"d/{document_id}/":
        status, policy = get(site, path, Cookie=f"sessionid={ada.session}")
        assert status in (200, 404, 400, 302) and policy in ("no-referrer", "same-origin"), (path, status, policy)
    assert api(site, ada, f"documents/{document_id}/content?format=exe&token={ada.token}").status == 422
    for password in ada.password, f"{ada.password}!":
        assert _sign_in(site, ada.name, password) == 403, "there was no token of the form"


def _sign_in(site: Site, login: str, password: str) -> int:
    try:
        with urlopen(
            f"{site.url}accounts/login/", urlencode({"login": login, "password": password}).encode()
        ) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
