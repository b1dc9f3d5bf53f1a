"""Every address there is answers with every header that protects people, also those that will be added some day."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from project.headers import ALWAYS
from project.probes import Probes
from tests.conftest import Sites
from tests.support.site import Account, Site

EXAMPLES = {"uuid": "00000000-0000-0000-0000-000000000000", "int": "1", "str": "x", "path": "x", "slug": "x"}
NAMES = {name.decode() for name, _ in ALWAYS}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """One example of each address that Django knows. Fails on a kind of pattern it has no example for."""
    for each in resolver.url_patterns:
        here = before + example(each)
        if isinstance(each, URLResolver):
            yield from addresses(each, here)
        else:
            yield here


def example(each: URLPattern | URLResolver) -> str:
    text = str(each.pattern)
    if isinstance(each.pattern, RoutePattern):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda found: EXAMPLES[found[1] or "str"], text)
    # An expression: the first of the words that a group names, or any.
    text = re.sub(r"\(\?P<\w+>(\w*)[^()]*\)", lambda found: found[1] or "x", text)
    return text.removeprefix("^").removesuffix("$")


EVERYWHERE = sorted({*addresses(get_resolver()), *Probes(None).answers})  # type: ignore[arg-type]  # asked for nothing


@pytest.fixture(scope="module")
def root(site: Site) -> Account:
    (root,) = site.enrol("root")
    site.python(
        "from docs_app.models import User\n"
        "result = User.objects.filter(pk=pk).update(is_staff=True, is_superuser=True)",
        pk=root.id,
    )
    return root


def head_of(site: Site, method: str, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str]]:
    """The status and the headers, in lower case, that the site answers."""
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=30)) as connection:
        connection.request(method, path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def faults(headers: Mapping[str, str]) -> list[str]:
    """What is missing, and what is weaker than it may be."""
    weak = [
        name
        for name, words in {
            "content-security-policy": "frame-ancestors 'none'",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "cache-control": "no-store",
        }.items()
        if words not in headers.get(name, "")
    ]
    if "unsafe" in headers.get("content-security-policy", ""):
        weak.append("unsafe-…")
    return sorted((NAMES - headers.keys()) | set(weak))


def test_there_are_addresses_to_ask_for() -> None:
    assert len(EVERYWHERE) > 80
    assert {"/", "/healthz", "/metrics", "/api/v1/openapi.json", "/admin/login/", "/accounts/login/"} <= {*EVERYWHERE}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_address_protects_whoever_asks(site: Site, root: Account, method: str) -> None:
    found = {}
    statuses = set()
    for headers in ({}, {"Cookie": f"sessionid={root.session}"}):
        for path in EVERYWHERE:
            status, answered = head_of(site, method, path, headers)
            statuses.add(status)
            if missing := faults(answered):
                found[path] = (status, missing)
    assert found == {}
    assert {200, 302, 403, 404} <= statuses if method == "GET" else {403, 405} <= statuses


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/nowhere", {}, 404),
        ("/", {"Host": "elsewhere.example"}, 400),
        ("/%ff%00", {}, 404),
        ("/static/nothing.js", {}, 404),
        ("/ws/documents/", {}, 404),
    ],
)
def test_so_does_an_error(site: Site, path: str, headers: dict[str, str], status: int) -> None:
    answered = head_of(site, "GET", path, headers)
    assert (answered[0], faults(answered[1])) == (status, [])


def test_so_does_a_failure_of_ours(sites: Sites) -> None:
    site = sites()
    (ada,) = site.enrol("ada")
    with closing(sqlite3.connect(site.var_dir / "scriptorium.sqlite3")) as database:
        database.execute("ALTER TABLE docs_app_document RENAME TO gone")
    status, headers = head_of(site, "GET", "/", {"Cookie": f"sessionid={ada.session}"})
    assert (status, faults(headers)) == (500, [])


def test_so_does_a_static_file_which_all_may_keep(site: Site) -> None:
    path = "/static/favicon.svg"
    status, headers = head_of(site, "GET", path)
    assert status == 200 and faults(headers) == ["cache-control"] and "public" in headers["cache-control"]


def test_so_does_the_way_to_https(sites: Sites) -> None:
    site = sites(ALLOWED_HOSTS="docs.example.org")
    status, headers = head_of(site, "GET", "/", {"Host": "docs.example.org"})
    assert (status, headers["location"], faults(headers)) == (301, "https://docs.example.org/", [])
    status, headers = head_of(site, "GET", "/", {"Host": "docs.example.org", "X-Forwarded-Proto": "https"})
    assert faults(headers) == [] and headers["strict-transport-security"].startswith("max-age=31536000")
