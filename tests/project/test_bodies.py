"""No request brings more than an upload may: neither one that says so, nor one that does not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import pytest

from project.bodies import BESIDES
from tests.conftest import Sites
from tests.support.site import Site

MOST = 1_000_000 + BESIDES


@pytest.fixture
def small(sites: Sites) -> Iterator[Site]:
    yield sites(UPLOAD_MB="1")


def test_a_request_that_says_it_is_too_large_is_refused_before_it_comes(small: Site) -> None:
    with closing(HTTPConnection("127.0.0.1", small.port, timeout=30)) as connection:
        connection.putrequest("POST", "/accounts/login/")
        connection.putheader("Content-Length", str(MOST + 1))
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (413, b"A request may have 2,048,576 bytes.")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_one_that_does_not_say_so_is_ended_where_it_goes_too_far(small: Site) -> None:
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", small.port), timeout=30) as connection:
        connection.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(ConnectionError):
            for _ in range(1000):
                connection.sendall(piece)
    assert small.is_healthy()


def test_what_is_small_enough_goes_through(small: Site) -> None:
    with closing(HTTPConnection("127.0.0.1", small.port, timeout=30)) as connection:
        connection.request("POST", "/accounts/login/", body=b"x" * 2_000_000)
        assert connection.getresponse().status == 403  # a form from elsewhere
