"""People before a running site's pages, each with a browser without a window: cookies and forms, but no scripts."""

from __future__ import annotations

from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.support.site import Site
from tests.support.wire import Answer


class Visitor:
    """`headers` go with every request."""

    def __init__(self, site: Site, **headers: str) -> None:
        self.site = site
        self.cookies = CookieJar()
        self._headers = headers
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    @property
    def session(self) -> str:
        return self._cookie("sessionid")

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(path, None, headers)

    def post(self, path: str, **fields: str) -> Answer:
        """A form as its page would send it: the page is fetched first."""
        self.get(path)
        fields["csrfmiddlewaretoken"] = self._cookie("csrftoken")
        return self._ask(path, urlencode(fields).encode(), {})

    def _cookie(self, name: str) -> str:
        return next((each.value or "" for each in self.cookies if each.name == name), "")

    def _ask(self, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        request = Request(f"{self.site.url}{path}", data, self._headers | headers)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.read(), answer.headers)
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read(), error.headers)


def share_by_link(site: Site, document_id: str, level: str = "COMMENT") -> str:
    """The token of a new link."""
    token: str = site.python(
        """
        from docs_app.access import Visitor
        from docs_app.levels import Level
        from docs_app.models import Document
        from docs_app.services.sharing import create_link
        document = Document.objects.get(pk=document_id)
        result = create_link(document=document, level=Level[level], by=Visitor(user=document.owner))[1]
        """,
        document_id=document_id,
        level=level,
    )
    return token


def come_by_link(visitor: Visitor, token: str, name: str) -> None:
    """Open a link as somebody whom the site does not know, and say who one is."""
    assert visitor.get(f"s/{token}/").status == 200
    assert visitor.post("guest/", name=name).status == 200
