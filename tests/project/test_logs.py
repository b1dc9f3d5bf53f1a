"""Tokens do not reach the log, whoever logs them."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from collab.errors import Malformed
from project.logs import Discreet, Seldom, Structured

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


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Cannot reach redis://:hunter2@cache/0", "Cannot reach redis://…@cache/0"),
        ("Not Found: /accounts/password/reset/key/1-c9/", "Not Found: /accounts/password/reset/key/…/"),
        ("No letter to ada.l+x@mail.example.org left", "No letter to … left"),
        ("duplicate\nDETAIL:  Key (title)=(Plans\nfor May) exists.\n\nThe above", "duplicate\nDETAIL:…\n\nThe above"),
    ],
)
def test_private_things_are_left_out(message: str, line: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, message, (), None)
    assert Discreet("%(message)s").format(record) == line
    assert json.loads(Structured().format(record))["message"] == line


def test_a_structured_line_says_what_it_is_about() -> None:
    document_id = uuid4()
    arguments = (document_id, 4400, Malformed('A "frame" of\ntwo lines.'))
    record = logging.LogRecord("collab.x", logging.WARNING, "", 0, "Document %s, %d: %s", arguments, None)
    line = Structured().format(record)
    fields = json.loads(line)
    assert "\n" not in line
    assert datetime.fromisoformat(fields.pop("time")).utcoffset() == timedelta(0)
    assert fields == {
        "level": "WARNING",
        "logger": "collab.x",
        "message": f'Document {document_id}, 4400: A "frame" of\ntwo lines.',
        "document": str(document_id),
        "code": 4400,
    }


def test_a_failure_is_one_line_with_its_traceback() -> None:
    try:
        raise ValueError(f"no link at /s/{SECRET}")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    line = Structured().format(record)
    assert "\n" not in line and SECRET not in line
    assert json.loads(line)["exception"].endswith("ValueError: no link at /s/…")


def test_of_one_kind_only_some_lines_a_minute_pass() -> None:
    seldom = Seldom(2)

    def passes(kind: str, second: float) -> bool:
        record = logging.LogRecord("x", logging.INFO, "", 0, kind, (second,), None)
        record.created = second
        return seldom.filter(record)

    assert [passes("closed with %d", second) for second in (0, 1, 2, 59)] == [True, True, False, False]
    assert passes("opened after %d", 59), "another kind"
    assert [passes("closed with %d", second) for second in (60, 60.5, 61)] == [True, False, True]
