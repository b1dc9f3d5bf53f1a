"""Tokens do not reach the log, whoever logs them."""

from __future__ import annotations

import logging
import sys

import pytest

from project.logs import Discreet

SECRET = "Zx_9-secret"


@pytest.mark.parametrize(
    "message",
    [
        f"Not Found: /s/{SECRET}/",
        f"Internal Server Error: /s/{SECRET}?next=1",
        f'127.0.0.1:1 - "WebSocket /ws/documents/1/?schema=1&token={SECRET}" [accepted]',
        f"GET /ws/documents/1/?token={SECRET}&schema=1 HTTP/1.1",
    ],
)
def test_a_token_in_an_address_is_left_out(message: str) -> None:
    line = Discreet("%(message)s").format(logging.LogRecord("x", logging.INFO, "", 0, "%s", (message,), None))
    assert SECRET not in line
    assert line == message.replace(SECRET, "…")


def test_a_token_in_a_traceback_is_left_out() -> None:
    try:
        raise ValueError(f"no link at /s/{SECRET}")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    line = Discreet("%(message)s").format(record)
    assert "no link at /s/…" in line and SECRET not in line


def test_other_addresses_are_left_as_they_are() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "Not Found: /d/0c5e/share/", (), None)
    assert Discreet("%(message)s").format(record) == "Not Found: /d/0c5e/share/"
